import { describe, expect, it } from 'vitest'
import { createPool, type Pool } from '../../src/index.ts'
import { thrown } from '../error-code.ts'

function drawRest(pool: Pool): string[] {
  const all: string[] = []
  while (all.length < 5000) {
    try {
      all.push(pool.request())
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_POOL_EXHAUSTED', kind: 'unavailable' })
      return all
    }
  }
  throw new Error('the pool has no end')
}

describe('which addresses a pool has', () => {
  it.each([
    ['10.0.0.0/29', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.0/31', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.7/32', ['10.0.0.7']],
    ['255.255.255.252/30', ['255.255.255.253', '255.255.255.254']],
    ['255.255.255.255/32', ['255.255.255.255']],
    ['fd00::/126', ['fd00::1', 'fd00::2']],
    ['fd00::/127', ['fd00::', 'fd00::1']],
    ['fd00::7/128', ['fd00::7']],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127',
      ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ],
  ])('%s', (cidr, expected) => {
    const pool = createPool({ cidr })
    expect(pool.capacity).toBe(BigInt(expected.length))
    expect(drawRest(pool)).toEqual(expected)
    // Once more after going round, and by name.
    for (const address of expected) expect(pool.release(address)).toBe(true)
    expect(drawRest(pool)).toEqual(expected)
    for (const address of expected) pool.release(address)
    for (const address of expected) expect(pool.request(address)).toBe(address)
  })

  it.each([
    ['0.0.0.0/0', (1n << 32n) - 2n],
    ['::/0', (1n << 128n) - 2n],
    ['fd00::/64', (1n << 64n) - 2n],
  ])('%s has %s', (cidr, capacity) => {
    expect(createPool({ cidr }).capacity).toBe(capacity)
  })

  it.each(['10.0.0.0', '10.0.0.255', '10.0.1.1', '9.255.255.255', 'fd00::1', '::'])(
    '%s is not one of 10.0.0.0/24',
    (address) => {
      const error = thrown(() => createPool({ cidr: '10.0.0.0/24' }).request(address), 'ERR_ADDRESS_OUT_OF_RANGE')
      expect(error.kind).toBe('invalid')
      expect(error.hint).toContain('10.0.0.1 to 10.0.0.254')
    },
  )

  it('takes an IPv4-mapped text for the IPv4 address', () => {
    const pool = createPool({ cidr: '10.0.0.0/24' })
    expect(pool.request('::ffff:10.0.0.9')).toBe('10.0.0.9')
    expect(pool.has('10.0.0.9')).toBe(true)
    expect(pool.release('::ffff:a00:9')).toBe(true)
  })
})

describe('ranges and reserved addresses', () => {
  it('gives out the range alone, and the rest by name', () => {
    const pool = createPool({ cidr: '10.0.0.0/24', range: '10.0.0.128/30' })
    expect(pool.request('10.0.0.5')).toBe('10.0.0.5')
    expect(pool.request('10.0.0.128')).toBe('10.0.0.128')
    expect(drawRest(pool)).toEqual(['10.0.0.129', '10.0.0.130'])
    expect(pool.taken).toBe(4n)
  })

  it.each([
    ['10.0.0.9/32', ['10.0.0.9']],
    ['10.0.0.8/31', ['10.0.0.8', '10.0.0.9']],
    ['10.0.0.0/31', ['10.0.0.1']],
    ['10.0.0.254/31', ['10.0.0.254']],
    ['10.0.0.0/32', []],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
  ])('a range of %s', (range, expected) => {
    expect(drawRest(createPool({ cidr: '10.0.0.0/24', range }))).toEqual(expected)
  })

  it('steps over holes, wherever they are', () => {
    const reserved = ['10.0.0.12', '10.0.0.2', '10.0.0.4/31', '10.0.0.4/30', '10.0.0.14', '10.0.0.15', '10.0.0.0']
    const pool = createPool({ cidr: '10.0.0.0/28', reserved })
    expect(pool.capacity).toBe(7n)
    const free = [1, 3, 8, 9, 10, 11, 13].map((host) => `10.0.0.${host}`)
    expect(drawRest(pool)).toEqual(free)
    for (const address of free) pool.release(address)
    expect(drawRest(pool)).toEqual(free)
  })

  it('takes a hole of any size at no cost', () => {
    const pool = createPool({ cidr: 'fd00::/48', reserved: ['fd00::/64', 'fd00:0:0:2::/63'] })
    expect(pool.request()).toBe('fd00:0:0:1::')
    expect(pool.capacity).toBe((1n << 80n) - 3n * (1n << 64n) - 1n)
    thrown(() => pool.request('fd00::77'), 'ERR_ADDRESS_RESERVED')
  })

  it('a pool that is all reserved is exhausted', () => {
    const pool = createPool({ cidr: '10.0.0.0/30', reserved: ['10.0.0.0/30'] })
    expect(pool.capacity).toBe(0n)
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    thrown(() => pool.requestFirst(), 'ERR_POOL_EXHAUSTED')
  })

  it('requestFirst takes the lowest of the whole pool and does not move the search', () => {
    const pool = createPool({ cidr: '10.0.0.0/24', range: '10.0.0.128/25', reserved: ['10.0.0.1'] })
    expect(pool.request()).toBe('10.0.0.129')
    expect(pool.requestFirst()).toBe('10.0.0.2')
    expect(pool.requestFirst()).toBe('10.0.0.3')
    expect(pool.request()).toBe('10.0.0.130')
  })
})

describe('strategies', () => {
  it('first-fit gives a released address at once, next-fit when it comes round', () => {
    const first = createPool({ cidr: '10.0.0.0/24', strategy: 'first-fit' })
    const next = createPool({ cidr: '10.0.0.0/24' })
    for (const pool of [first, next]) for (let count = 0; count < 3; count++) pool.request()
    for (const pool of [first, next]) pool.release('10.0.0.2')
    expect([first.request(), next.request()]).toEqual(['10.0.0.2', '10.0.0.4'])
  })

  it('a request by name does not move the search', () => {
    const pool = createPool({ cidr: '10.0.0.0/24' })
    pool.request()
    pool.request('10.0.0.200')
    pool.request('10.0.0.3')
    expect([pool.request(), pool.request()]).toEqual(['10.0.0.2', '10.0.0.4'])
  })
})

describe('release', () => {
  it('of what is not taken is false and changes nothing', () => {
    const pool = createPool({ cidr: '10.0.0.0/24', reserved: ['10.0.0.1'] })
    pool.request()
    const before = pool.export()
    for (const address of ['10.0.0.1', '10.0.0.3', '10.0.0.255', '192.168.0.1', 'fd00::1']) {
      expect(pool.release(address)).toBe(false)
      expect(pool.has(address)).toBe(false)
    }
    expect(pool.release('10.0.0.2')).toBe(true)
    expect(pool.release('10.0.0.2')).toBe(false)
    expect(pool.taken).toBe(0n)
    expect(pool.export().chunks).toEqual({})
    expect(before.chunks).not.toEqual({})
  })
})

describe('large pools', () => {
  it('gives out a whole /16, and then each address that comes free', () => {
    const pool = createPool({ cidr: '10.9.0.0/16' })
    const seen = new Set<string>()
    for (let count = 0; count < 65_534; count++) seen.add(pool.request())
    expect(seen.size).toBe(65_534)
    expect(seen.has('10.9.0.0') || seen.has('10.9.255.255')).toBe(false)
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    for (const only of ['10.9.0.1', '10.9.255.254', '10.9.3.255', '10.9.4.0', '10.9.128.77']) {
      pool.release(only)
      expect(pool.request()).toBe(only)
    }
  })

  it('finds the one free chunk among full ones, two levels up', () => {
    const pool = createPool({ cidr: '10.0.0.0/10' })
    for (let count = 0; count < 1_048_576 + 2048; count++) pool.request()
    pool.release('10.0.77.5')
    const state = pool.export()
    const resumed = createPool({ cidr: '10.0.0.0/10', state: { ...state, next: '10.0.0.0' } })
    expect(resumed.taken).toBe(1_048_576n + 2047n)
    expect(resumed.request()).toBe('10.0.77.5')
    expect(resumed.request()).toBe('10.16.8.1')
  })

  it('works at the very end of an IPv6 pool', () => {
    const pool = createPool({ cidr: 'fd00::/64', range: 'fd00::ffff:ffff:ffff:fffc/126' })
    expect(drawRest(pool)).toEqual(['fd00::ffff:ffff:ffff:fffd', 'fd00::ffff:ffff:ffff:fffe'])
    expect(createPool({ cidr: 'fd00::/64', state: pool.export() }).taken).toBe(2n)
  })
})

describe('bad input', () => {
  it.each([
    [undefined],
    [null],
    ['10.0.0.0/24'],
    [{}],
    [{ cidr: 5 }],
    [{ cidr: '' }],
    [{ cidr: '10.0.0.0' }],
    [{ cidr: '10.0.0.0/33' }],
    [{ cidr: '10.0.0.1/24' }],
    [{ cidr: '10.0.0.0/24', range: '10.0.0.1/25' }],
    [{ cidr: '10.0.0.0/24', range: 7 }],
    [{ cidr: '10.0.0.0/24', range: null }],
    [{ cidr: '10.0.0.0/24', reserved: '10.0.0.1' }],
    [{ cidr: '10.0.0.0/24', reserved: ['x'] }],
    [{ cidr: '10.0.0.0/24', reserved: [null] }],
    [{ cidr: '10.0.0.0/24', strategy: 'best-fit' }],
    [{ cidr: '10.0.0.0/24', strategy: 'toString' }],
    [{ cidr: '10.0.0.0/24', state: 7 }],
    [{ cidr: '10.0.0.0/24', pool: '10.0.0.0/24' }],
  ])('createPool(%j)', (options) => {
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => createPool(options), 'ERR_INVALID_ARGUMENT')
  })

  it('all problems of a pool are reported at once', () => {
    const options = {
      cidr: '10.0.0.1/24',
      range: '10.0.0.0',
      reserved: ['10.0.0.1', '010.0.0.2'],
      strategy: 'x',
      size: 3,
    }
    // @ts-expect-error -- what a caller without types may pass
    const error = thrown(() => createPool(options), 'ERR_INVALID_ARGUMENT')
    expect((error.details['problems'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'cidr',
      'range',
      'reserved.1',
      'strategy',
      'size',
    ])
  })

  it('a range or reserved address outside the pool has a code of its own', () => {
    thrown(() => createPool({ cidr: '10.0.0.0/24', range: '10.0.1.0/25' }), 'ERR_BAD_SUBRANGE')
    thrown(() => createPool({ cidr: '10.0.0.0/24', range: 'fd00::/120' }), 'ERR_BAD_SUBRANGE')
    thrown(() => createPool({ cidr: '10.0.0.0/24', reserved: ['10.0.1.1'] }), 'ERR_ADDRESS_OUT_OF_RANGE')
  })

  it.each(['', 'x', '10.0.0.1/24', '010.0.0.1', null, 5, {}])('request, release and has of %j', (address) => {
    const pool = createPool({ cidr: '10.0.0.0/24' })
    const before = pool.export()
    for (const call of [pool.request, pool.release, pool.has]) {
      // @ts-expect-error -- what a caller without types may pass
      thrown(() => call.call(pool, address), 'ERR_INVALID_ARGUMENT')
    }
    expect(pool.export()).toEqual(before)
  })
})
