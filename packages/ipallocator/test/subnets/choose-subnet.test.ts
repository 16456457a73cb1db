import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseSubnet,
  contains,
  formatCidr,
  GLOBAL_IPV4_POOLS,
  LOCAL_IPV4_POOLS,
  overlaps,
  uniqueLocalPool,
  uniqueLocalPrefix,
} from '../../src/index.ts'
import { thrown } from '../error-code.ts'

const ten = [{ base: '10.0.0.0/16', prefixLength: 24 }]

describe('chooseSubnet', () => {
  it.each([
    ['nothing is occupied', [], '10.0.0.0/24'],
    ['the first one is', ['10.0.0.0/24'], '10.0.1.0/24'],
    ['one address at its end is', ['10.0.0.255'], '10.0.1.0/24'],
    ['one address of an interface is', ['10.0.0.1/24'], '10.0.1.0/24'],
    ['there is a gap', ['10.0.0.0/24', '10.0.2.0/24'], '10.0.1.0/24'],
    ['they come in any order', ['10.0.2.0/24', '10.0.0.0/24', '10.0.1.0/24'], '10.0.3.0/24'],
    ['a larger one is', ['10.0.0.0/17'], '10.0.128.0/24'],
    ['a large one holds smaller ones', ['10.0.0.0/20', '10.0.1.0/24', '10.0.15.255', '10.0.16.0/30'], '10.0.17.0/24'],
    ['one reaches in from below', ['0.0.0.0/5', '9.0.0.0/8'], '10.0.0.0/24'],
    ['another family is', ['::/0'], '10.0.0.0/24'],
    ['an IPv4-mapped one is', ['::ffff:10.0.0.0/120'], '10.0.1.0/24'],
    ['all is', ['10.0.0.0/8'], undefined],
    ['everything is', ['0.0.0.0/0'], undefined],
    [
      'the last one is free',
      [
        '10.0.0.0/17',
        '10.0.128.0/18',
        '10.0.192.0/19',
        '10.0.224.0/20',
        '10.0.240.0/21',
        '10.0.248.0/22',
        '10.0.252.0/23',
        '10.0.254.0/24',
      ],
      '10.0.255.0/24',
    ],
  ])('when %s', (_name, occupied, expected) => {
    expect(chooseSubnet(ten, occupied)).toBe(expected)
  })

  it('takes pools in their order, also those that end with the address space', () => {
    const pools = [...ten, { base: '255.255.255.0/24', prefixLength: 25 }]
    expect(chooseSubnet(pools, ['10.0.0.0/8'])).toBe('255.255.255.0/25')
    expect(chooseSubnet(pools, ['10.0.0.0/8', '255.255.255.0/25'])).toBe('255.255.255.128/25')
    expect(chooseSubnet(pools, ['10.0.0.0/8', '255.255.255.255', '255.255.255.1'])).toBeUndefined()
    expect(chooseSubnet([{ base: '0.0.0.0/0', prefixLength: 0 }], [])).toBe('0.0.0.0/0')
    expect(chooseSubnet([], [])).toBeUndefined()
  })

  it('finds the lowest one that a plain search finds', () => {
    const network = fc
      .record({ value: fc.bigInt({ min: 0x0a000000n, max: 0x0a00ffffn }), prefix: fc.integer({ min: 18, max: 32 }) })
      .map((cidr) => formatCidr({ family: 'ipv4', ...cidr }))
    fc.assert(
      fc.property(fc.array(network, { maxLength: 60 }), (occupied) => {
        const all = Array.from({ length: 256 }, (_, index) => `10.0.${index}.0/24`)
        const expected = all.find((subnet) => !occupied.some((other) => overlaps(subnet, other)))
        expect(chooseSubnet(ten, occupied)).toBe(expected)
      }),
    )
  })

  it.each([
    [{ base: '10.0.0.1/16', prefixLength: 24 }],
    [{ base: '10.0.0.0/16', prefixLength: 15 }],
    [{ base: '10.0.0.0/16', prefixLength: 33 }],
    [{ base: '10.0.0.0/16', prefixLength: 24.5 }],
    [{ base: 'fd00::/48', prefixLength: 129 }],
    [{ base: '', prefixLength: 24 }],
    [{ base: '10.0.0.0/16' }],
  ])('refuses %j', (pool) => {
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => chooseSubnet([pool], []), 'ERR_INVALID_ARGUMENT')
  })

  it('refuses what is no network', () => {
    thrown(() => chooseSubnet(ten, ['x']), 'ERR_INVALID_ARGUMENT')
  })
})

describe('predefined pools', () => {
  it.each([
    ['local', LOCAL_IPV4_POOLS, 31],
    ['global, of which the first 300', GLOBAL_IPV4_POOLS, 300],
  ])('%s', (_name, pools, count) => {
    const chosen: string[] = []
    for (let index = 0; index < count; index++) {
      const subnet = chooseSubnet(pools, chosen)
      if (subnet !== undefined) chosen.push(subnet)
    }
    expect(new Set(chosen).size).toBe(count)
    expect(chosen.filter((subnet) => !pools.some(({ base }) => contains(base, subnet)))).toEqual([])
    if (count === 31) expect(chooseSubnet(pools, chosen)).toBeUndefined()
  })
})

describe('uniqueLocalPrefix', () => {
  it('is a /48 of fd00::/8, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (seed) => {
        const prefix = uniqueLocalPrefix(seed)
        expect(prefix).toMatch(/^fd.*\/48$/)
        expect(contains('fd00::/8', prefix)).toBe(true)
        expect(uniqueLocalPrefix(seed)).toBe(prefix)
      }),
    )
    expect(uniqueLocalPrefix('a')).not.toBe(uniqueLocalPrefix('b'))
  })

  it('has the low 40 bits of SHA-256', () => {
    // SHA-256 of "abc" ends in f20015ad.
    expect(uniqueLocalPrefix('abc')).toBe('fd61:f200:15ad::/48')
  })

  it('has /64 subnets', () => {
    const pools = [uniqueLocalPool('fd12:3456:789a::/48')]
    expect(chooseSubnet(pools, [])).toBe('fd12:3456:789a::/64')
    expect(chooseSubnet(pools, ['fd12:3456:789a::/64'])).toBe('fd12:3456:789a:1::/64')
  })

  it.each(['', undefined, 5])('refuses the seed %j', (seed) => {
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => uniqueLocalPrefix(seed), 'ERR_INVALID_ARGUMENT')
  })
})
