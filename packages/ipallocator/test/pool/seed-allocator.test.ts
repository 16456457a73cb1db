// The acceptance cases of the seed's ipallocator, by their original names. Its conversions are in ../ip/address.test.ts,
// and registering a network twice, which is the driver's business here, is in ../driver/seed-driver.test.ts.
import { describe, expect, it } from 'vitest'
import { createPool, type Pool } from '../../src/index.ts'
import { thrown } from '../error-code.ts'

function draw(pool: Pool, count: number): string[] {
  return Array.from({ length: count }, () => pool.request())
}

function drawAll(pool: Pool): string[] {
  const all = draw(pool, Number(pool.capacity - pool.taken))
  thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
  return all
}

describe('the allocator cases of the seed', () => {
  it('TestRequestNewIps', () => {
    const pool = createPool({ cidr: '192.168.0.0/24' })
    expect(draw(pool, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((host) => `192.168.0.${host}`))
    expect(pool.release('192.168.0.9')).toBe(true)
    expect(pool.request()).toBe('192.168.0.10')
  })

  it('TestRequestNewIpV6', () => {
    const pool = createPool({ cidr: '2a00:1450::/64' })
    expect(draw(pool, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((host) => `2a00:1450::${host}`))
    expect(pool.release('2a00:1450::9')).toBe(true)
    expect(pool.request()).toBe('2a00:1450::a')
  })

  it('TestReleaseIp', () => {
    const pool = createPool({ cidr: '192.168.0.0/24' })
    expect(pool.release(pool.request())).toBe(true)
    expect(pool.taken).toBe(0n)
  })

  it('TestReleaseIpV6', () => {
    const pool = createPool({ cidr: '2a00:1450::/64' })
    expect(pool.release(pool.request())).toBe(true)
    expect(pool.taken).toBe(0n)
  })

  it.each([
    ['TestGetReleasedIp', '192.168.0.0/24', '192.168.0.1'],
    ['TestGetReleasedIpV6', '2a00:1450::/120', '2a00:1450::1'],
  ])('%s', (_name, cidr, first) => {
    const pool = createPool({ cidr })
    expect(pool.request()).toBe(first)
    pool.release(first)
    for (let round = 0; round < 253; round++) {
      expect(pool.request()).not.toBe(first)
      pool.release(first)
    }
    expect(pool.request()).toBe(first)
  })

  it.each([
    ['TestRequestSpecificIp', '192.168.0.0/27', '192.168.0.5', '192.168.0.42'],
    ['TestRequestSpecificIpV6', '2a00:1450::/64', '2a00:1450::5', '2a00:1500::1'],
  ])('%s', (_name, cidr, inside, outside) => {
    const pool = createPool({ cidr })
    expect(pool.request(inside)).toBe(inside)
    thrown(() => pool.request(inside), 'ERR_ADDRESS_TAKEN')
    thrown(() => pool.request(outside), 'ERR_ADDRESS_OUT_OF_RANGE')
  })

  it('TestIPAllocator', () => {
    const pool = createPool({ cidr: '127.0.0.0/29' })
    expect(draw(pool, 6)).toEqual([1, 2, 3, 4, 5, 6].map((host) => `127.0.0.${host}`))
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    for (const host of [4, 3, 5]) pool.release(`127.0.0.${host}`)
    expect(draw(pool, 3)).toEqual(['127.0.0.3', '127.0.0.4', '127.0.0.5'])
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
  })

  it('TestAllocateFirstIP', () => {
    expect(createPool({ cidr: '192.168.0.0/24' }).request()).toBe('192.168.0.1')
  })

  it('TestAllocateAllIps', () => {
    const pool = createPool({ cidr: '192.168.0.0/24' })
    const all = drawAll(pool)
    expect(new Set(all).size).toBe(254)
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    for (const only of ['192.168.0.1', '192.168.0.254', '192.168.0.7']) {
      pool.release(only)
      expect(pool.request()).toBe(only)
      thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    }
  })

  it('TestAllocateDifferentSubnets', () => {
    const one = createPool({ cidr: '192.168.0.0/24' })
    const two = createPool({ cidr: '127.0.0.0/24' })
    const three = createPool({ cidr: '2a00:1450::/64' })
    const four = createPool({ cidr: '2a00:1632::/64' })
    expect([one, two, one, two].map((pool) => pool.request())).toEqual([
      '192.168.0.1',
      '127.0.0.1',
      '192.168.0.2',
      '127.0.0.2',
    ])
    expect([three, three, four, three, four].map((pool) => pool.request())).toEqual([
      '2a00:1450::1',
      '2a00:1450::2',
      '2a00:1632::1',
      '2a00:1450::3',
      '2a00:1632::2',
    ])
  })

  it('TestRegisterBadRange', () => {
    const error = thrown(() => createPool({ cidr: '192.168.0.0/24', range: '192.168.0.0/16' }), 'ERR_BAD_SUBRANGE')
    expect(error.details).toMatchObject({ pool: '192.168.0.0/24', range: '192.168.0.0/16' })
  })

  it('TestAllocateFromRange', () => {
    const pool = createPool({ cidr: '192.168.0.0/24', range: '192.168.0.8/29' })
    const all = draw(pool, 6)
    expect(all).toEqual([9, 10, 11, 12, 13, 14].map((host) => `192.168.0.${host}`))
    thrown(() => pool.request(), 'ERR_POOL_EXHAUSTED')
    for (const address of all) {
      pool.release(address)
      expect(pool.request()).toBe(address)
    }
  })

  it('BenchmarkRequestIP: 253 requests on a fresh /24', () => {
    expect(new Set(draw(createPool({ cidr: '192.168.0.0/24' }), 253)).size).toBe(253)
  })
})

describe("the seed's defects", () => {
  it('DEFECT-02: a new pool knows nothing of one before it', () => {
    const cidr = '192.168.0.0/24'
    createPool({ cidr }).request('192.168.0.1')
    expect(createPool({ cidr }).request()).toBe('192.168.0.1')
  })

  it('DEFECT-16: a gateway is never given to anybody else', () => {
    const pool = createPool({ cidr: '192.168.0.0/29', reserved: ['192.168.0.1'] })
    const byRequest = createPool({ cidr: '192.168.0.0/29' })
    byRequest.request('192.168.0.1')
    for (const each of [pool, byRequest]) expect(drawAll(each)).not.toContain('192.168.0.1')
    thrown(() => pool.request('192.168.0.1'), 'ERR_ADDRESS_RESERVED')
    thrown(() => byRequest.request('192.168.0.1'), 'ERR_ADDRESS_TAKEN')
  })

  it('DEFECT-21: a pool with host bits is refused, and the message has the one that was meant', () => {
    const error = thrown(() => createPool({ cidr: '192.168.0.1/24' }), 'ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('192.168.0.0/24')
  })

  it('DEFECT-22: addresses that begin with zero bytes keep their size', () => {
    expect(createPool({ cidr: '0.0.0.0/24' }).request()).toBe('0.0.0.1')
    expect(createPool({ cidr: '::/64' }).request()).toBe('::1')
    expect(createPool({ cidr: '0.0.0.0/0' }).request()).toBe('0.0.0.1')
    expect(createPool({ cidr: '::/0' }).request()).toBe('::1')
  })
})
