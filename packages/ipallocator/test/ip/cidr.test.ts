import fc from 'fast-check'
import { IPv4CidrRange, IPv6CidrRange } from 'ip-num'
import { describe, expect, it } from 'vitest'
import {
  cidrRange,
  contains,
  findOverlap,
  formatAddress,
  formatCidr,
  maskCidr,
  overlaps,
  parseCidr,
  parseNetwork,
} from '../../src/index.ts'
import { thrown } from '../error-code.ts'

function rangeText(cidr: string): [string, string] {
  const { first, last } = cidrRange(cidr)
  return [formatAddress(first), formatAddress(last)]
}

describe('the netutils cases of the seed', () => {
  it('TestNonOverlapingNameservers', () => {
    expect(findOverlap('192.168.0.1/24', ['127.0.0.1/32'])).toBeUndefined()
    expect(findOverlap('192.168.0.1/24', [])).toBeUndefined()
  })

  it('TestOverlapingNameservers', () => {
    expect(findOverlap('192.168.0.1/24', ['192.168.0.1/32'])).toBe('192.168.0.1/32')
    expect(findOverlap('192.168.0.1/24', ['8.8.8.8', '192.168.0.1'])).toBe('192.168.0.1')
  })

  it('TestCheckRouteOverlaps', () => {
    const routes = ['10.0.2.0/32', '10.0.3.0/24', '10.0.42.0/24', '172.16.42.0/24', '192.168.142.0/24']
    expect(findOverlap('172.16.0.1/24', routes)).toBeUndefined()
    expect(findOverlap('10.0.2.0/24', routes)).toBe('10.0.2.0/32')
  })

  it('TestCheckNameserverOverlaps', () => {
    const nameservers = ['10.0.2.3/32', '192.168.102.1/32']
    expect(findOverlap('10.0.2.3/32', nameservers)).toBe('10.0.2.3/32')
    expect(findOverlap('192.168.102.2/32', nameservers)).toBeUndefined()
  })

  it('TestNetworkOverlaps', () => {
    for (const [left, right] of [
      ['172.16.0.1/24', '172.16.0.1/25'],
      ['172.16.0.1/24', '172.16.0.128/25'],
      ['172.16.0.1/24', '172.16.0.64/25'],
      ['172.16.0.1/24', '172.16.0.1/23'],
      ['172.16.1.1/24', '172.16.0.1/23'],
      ['172.16.1.1/24', '172.16.0.1/22'],
    ] as const) {
      expect([left, right, overlaps(left, right), overlaps(right, left)]).toEqual([left, right, true, true])
    }
    for (const [left, right] of [
      ['172.16.1.1/25', '172.16.0.1/24'],
      ['172.16.1.1/25', '172.16.2.1/24'],
    ] as const) {
      expect([left, right, overlaps(left, right), overlaps(right, left)]).toEqual([left, right, false, false])
    }
  })

  it('TestNetworkRange', () => {
    expect(rangeText('192.168.0.1/24')).toEqual(['192.168.0.0', '192.168.0.255'])
    expect(rangeText('10.0.0.1/8')).toEqual(['10.0.0.0', '10.255.255.255'])
    expect(rangeText('10.1.2.3/8')).toEqual(['10.0.0.0', '10.255.255.255'])
    expect(rangeText('10.1.2.3/32')).toEqual(['10.1.2.3', '10.1.2.3'])
    expect(rangeText('10.1.2.3/31')).toEqual(['10.1.2.2', '10.1.2.3'])
    expect(rangeText('10.1.2.3/26')).toEqual(['10.1.2.0', '10.1.2.63'])
  })
})

describe("the seed's defects", () => {
  it('DEFECT-09: an IPv4 network written as IPv4-mapped overlaps like any other', () => {
    expect(overlaps('::ffff:10.0.0.0/104', '10.1.0.0/16')).toBe(true)
    expect(overlaps('10.1.0.0/16', '::ffff:10.1.2.0/120')).toBe(true)
    expect(overlaps('::ffff:10.2.0.0/112', '10.1.0.0/16')).toBe(false)
  })

  it('DEFECT-21: host bits do not make another network', () => {
    expect(formatCidr(maskCidr(parseCidr('192.168.0.1/24')))).toBe('192.168.0.0/24')
    expect(overlaps('192.168.0.1/24', '192.168.0.0/24')).toBe(true)
    expect(thrown(() => parseNetwork('192.168.0.1/24'), 'ERR_INVALID_ARGUMENT').message).toContain('192.168.0.0/24')
  })

  it('DEFECT-22: addresses that begin with zero bytes keep their size', () => {
    expect(rangeText('0.0.0.0/24')).toEqual(['0.0.0.0', '0.0.0.255'])
    expect(rangeText('::/64')).toEqual(['::', '::ffff:ffff:ffff:ffff'])
  })

  it('DEFECT-23: the last address is right for a mask of 16 bytes', () => {
    expect(rangeText('::ffff:10.1.2.3/120')).toEqual(['10.1.2.0', '10.1.2.255'])
  })
})

describe('parseCidr', () => {
  it('keeps host bits', () => {
    expect(formatCidr(parseCidr('10.0.0.2/24'))).toBe('10.0.0.2/24')
    expect(formatCidr(parseCidr('FD00:0::2/64'))).toBe('fd00::2/64')
  })

  it('turns only networks of mapped addresses into IPv4', () => {
    expect(formatCidr(parseCidr('::ffff:0:0/96'))).toBe('0.0.0.0/0')
    expect(parseCidr('::ffff:0:0/95').family).toBe('ipv6')
  })

  it.each([
    ['10.0.0.0', /no prefix length/],
    ['10.0.0.0/', /not decimal/],
    ['10.0.0.0/33', /above 32/],
    ['fd00::/129', /above 128/],
    ['10.0.0.0/-1', /not decimal/],
    ['10.0.0.0/08', /leading zero/],
    ['10.0.0.0/8.0', /not decimal/],
    ['10.0.0.0/255.0.0.0', /not decimal/],
    ['10.0.0.0/8/8', /not decimal/],
    ['10.0/8', /2 of the 4/],
    ['/8', /empty/],
    ['', /no prefix length/],
    ['10.0.0.0/1e1', /not decimal/],
    ['fe80::%1/64', /zone/],
    ['10.0.0.0/99999999999999999999', /above 32/],
  ])('refuses %j', (text, reason) => {
    expect(thrown(() => parseCidr(text), 'ERR_INVALID_ARGUMENT').message).toMatch(reason)
    thrown(() => parseNetwork(text), 'ERR_INVALID_ARGUMENT')
  })

  it.each([undefined, null, 5, {}, []])('refuses %s, which is no text', (value) => {
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => parseCidr(value), 'ERR_INVALID_ARGUMENT')
  })
})

describe('contains', () => {
  it('takes addresses and networks, as text or read', () => {
    expect(contains('10.0.0.0/8', '10.255.255.255')).toBe(true)
    expect(contains('10.0.0.0/8', '11.0.0.0')).toBe(false)
    expect(contains('10.0.0.0/8', '10.3.0.0/16')).toBe(true)
    expect(contains('10.3.0.0/16', '10.0.0.0/8')).toBe(false)
    expect(contains(parseCidr('fd00::/8'), parseCidr('fd12::/48'))).toBe(true)
    expect(contains('0.0.0.0/0', '::1')).toBe(false)
    expect(contains('::/0', '10.0.0.1')).toBe(false)
    expect(contains('10.0.0.0/8', '::ffff:10.1.1.1')).toBe(true)
  })

  it('refuses what is neither', () => {
    thrown(() => contains('10.0.0.0/8', 'x'), 'ERR_INVALID_ARGUMENT')
    thrown(() => overlaps('', '10.0.0.0/8'), 'ERR_INVALID_ARGUMENT')
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => overlaps(null, '10.0.0.0/8'), 'ERR_INVALID_ARGUMENT')
  })
})

describe('against ip-num', () => {
  const ipv4 = fc.record({ value: fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }), prefix: fc.nat(32) })
  const ipv6 = fc.record({ value: fc.bigInt({ min: 1n << 64n, max: (1n << 128n) - 1n }), prefix: fc.nat(128) })

  it('has the same first and last address', () => {
    fc.assert(
      fc.property(ipv4, ({ value, prefix }) => {
        const text = formatCidr({ family: 'ipv4', value, prefix })
        const { first, last } = cidrRange(text)
        const theirs = IPv4CidrRange.fromCidr(text)
        expect([first.value, last.value]).toEqual([theirs.getFirst().getValue(), theirs.getLast().getValue()])
      }),
    )
    fc.assert(
      fc.property(ipv6, ({ value, prefix }) => {
        const text = formatCidr({ family: 'ipv6', value, prefix })
        const { first, last } = cidrRange(text)
        const theirs = IPv6CidrRange.fromCidr(text)
        expect([first.value, last.value]).toEqual([theirs.getFirst().getValue(), theirs.getLast().getValue()])
      }),
    )
  })

  it('overlap and containment follow from the first and last addresses', () => {
    const close = fc.record({ value: fc.bigInt({ min: 0n, max: 255n }), prefix: fc.integer({ min: 24, max: 32 }) })
    fc.assert(
      fc.property(close, close, (left, right) => {
        const a = { family: 'ipv4', ...left } as const
        const b = { family: 'ipv4', ...right } as const
        const members = (cidr: typeof a): Set<bigint> => {
          const { first, last } = cidrRange(cidr)
          const all = new Set<bigint>()
          for (let value = first.value; value <= last.value; value++) all.add(value)
          return all
        }
        const [inA, inB] = [members(a), members(b)]
        expect(overlaps(a, b)).toBe([...inA].some((value) => inB.has(value)))
        expect(contains(a, b)).toBe([...inB].every((value) => inA.has(value)))
      }),
    )
  })
})
