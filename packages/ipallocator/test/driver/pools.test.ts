import { isDriverModule, type PoolRequest } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import driverModule from '../../src/driver.ts'
import { contains, overlaps } from '../../src/index.ts'
import { rejected } from '../error-code.ts'
import { contextOf, FakeState, makeDriver } from './fake-state.ts'

const v4 = { addressSpace: 'local', family: 'ipv4' } as const
const v6 = { addressSpace: 'local', family: 'ipv6' } as const

it('is the driver of the manifest', async () => {
  expect(isDriverModule(driverModule)).toBe(true)
  expect(driverModule).toMatchObject({ kind: 'ipam', name: 'default' })
  const driver = await makeDriver()
  expect(driver).toMatchObject({ kind: 'ipam', name: 'default', capabilities: [] })
  expect(await driver.defaultAddressSpaces(contextOf(new FakeState()))).toEqual({ local: 'local', global: 'global' })
})

describe('pools that the driver chooses', () => {
  it('are 31 in the local space, apart from each other', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const pools: string[] = []
    for (let count = 0; count < 31; count++) pools.push((await driver.requestPool(v4, context)).pool)
    expect([pools[0], pools[14], pools[15], pools[30]]).toEqual([
      '172.17.0.0/16',
      '172.31.0.0/16',
      '192.168.0.0/20',
      '192.168.240.0/20',
    ])
    for (const [index, left] of pools.entries()) {
      for (const right of pools.slice(index + 1))
        expect([left, right, overlaps(left, right)]).toEqual([left, right, false])
    }
    const error = await rejected(driver.requestPool(v4, context), 'ERR_NO_FREE_POOL')
    expect(error.kind).toBe('unavailable')
  })

  it('keep away from what the caller excludes, and from pools granted by name', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    await driver.requestPool({ ...v4, pool: '172.18.7.0/24' }, context)
    const exclude = ['172.17.0.1/16', '172.19.255.255/32', '8.8.8.8', 'fd00::/8', '172.20.0.0/30']
    expect((await driver.requestPool({ ...v4, exclude }, context)).pool).toBe('172.21.0.0/16')
    await rejected(
      driver.requestPool({ ...v4, exclude: ['172.16.0.0/12', '192.168.0.0/16'] }, context),
      'ERR_NO_FREE_POOL',
    )
  })

  it('are given again when released, under another id', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const first = await driver.requestPool(v4, context)
    await driver.releasePool(first, context)
    const second = await driver.requestPool(v4, context)
    expect(second.pool).toBe(first.pool)
    expect(second.poolId).not.toBe(first.poolId)
  })

  it('come from 10.0.0.0/8 in the global space', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const global = { addressSpace: 'global', family: 'ipv4' } as const
    expect((await driver.requestPool(global, context)).pool).toBe('10.0.0.0/24')
    expect((await driver.requestPool({ ...global, exclude: ['10.0.0.0/16'] }, context)).pool).toBe('10.1.0.0/24')
  })

  it('are /64 of one unique local /48 for IPv6, which the state keeps', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const { pool: one } = await driver.requestPool(v6, context)
    const { pool: two } = await driver.requestPool(v6, context)
    const prefix = one.replace('/64', '/48')
    expect(one).toMatch(/^fd[0-9a-f:]+::\/64$/)
    expect(contains('fd00::/8', one)).toBe(true)
    expect(contains(prefix, two)).toBe(true)
    expect(overlaps(one, two)).toBe(false)
    const { pool: elsewhere } = await driver.requestPool(v6, contextOf(new FakeState()))
    expect(contains(prefix, elsewhere)).toBe(false)
  })
})

describe('pools that the caller names', () => {
  it('are granted as they are, even where the host is', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const grant = await driver.requestPool({ ...v4, pool: '10.0.0.0/24', exclude: ['10.0.0.0/8'] }, context)
    expect(grant.pool).toBe('10.0.0.0/24')
    expect((await driver.requestPool({ ...v6, pool: 'FD00:0:0:1::/64' }, context)).pool).toBe('fd00:0:0:1::/64')
  })

  it.each(['10.1.0.0/16', '10.0.0.0/8', '10.1.128.0/17', '10.1.0.7/32', '0.0.0.0/0'])(
    '%s overlaps 10.1.0.0/16',
    async (pool) => {
      const driver = await makeDriver()
      const state = new FakeState()
      const context = contextOf(state)
      await driver.requestPool({ ...v4, pool: '10.1.0.0/16' }, context)
      const before = [...state.entries]
      const error = await rejected(driver.requestPool({ ...v4, pool }, context), 'ERR_POOL_OVERLAP')
      expect(error.details).toEqual({ pool, overlaps: '10.1.0.0/16' })
      expect(error.message).toContain(pool)
      expect(error.message).toContain('10.1.0.0/16')
      expect([...state.entries]).toEqual(before)
    },
  )

  it('may be the same in two address spaces', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    await driver.requestPool({ ...v4, pool: '10.1.0.0/16' }, context)
    await driver.requestPool({ ...v4, addressSpace: 'global', pool: '10.1.0.0/16' }, context)
  })

  it('a range outside its pool has a code of its own', async () => {
    const driver = await makeDriver()
    const state = new FakeState()
    const request = { ...v4, pool: '10.1.0.0/24', range: '10.1.1.0/25' }
    await rejected(driver.requestPool(request, contextOf(state)), 'ERR_BAD_SUBRANGE')
    expect(state.entries.size).toBe(0)
  })

  it.each([
    [{ addressSpace: 'mars' }, ['addressSpace']],
    [{ addressSpace: undefined }, ['addressSpace']],
    [{ addressSpace: '__proto__' }, ['addressSpace']],
    [{ family: 'ipv5' }, ['family']],
    [{ pool: '' }, ['pool']],
    [{ pool: 7 }, ['pool']],
    [{ pool: '10.0.0.1/24' }, ['pool']],
    [{ pool: '10.0.0.0/33' }, ['pool']],
    [{ pool: 'fd00::/64' }, ['pool']],
    [{ pool: '10.0.0.0/24', range: '10.0.0.1/25' }, ['range']],
    [{ pool: '10.0.0.0/24', range: 'fd00::/64' }, ['range']],
    [{ range: '10.0.0.0/25' }, ['range']],
    [{ exclude: '10.0.0.0/8' }, ['exclude']],
    [{ exclude: ['10.0.0.0/8', 'x', null] }, ['exclude.1', 'exclude.2']],
    [{ options: { strategie: 'first-fit' } }, ['options.strategie']],
    [{ options: { strategy: 'best-fit' } }, ['options.strategy']],
    [{ pool: 'x', range: 'y', options: { z: 1 } }, ['pool', 'range', 'options.z']],
  ])('refuses %j', async (wrong, paths) => {
    const driver = await makeDriver()
    const state = new FakeState()
    const request = { ...v4, ...wrong } as PoolRequest
    const error = await rejected(driver.requestPool(request, contextOf(state)), 'ERR_INVALID_ARGUMENT')
    expect((error.details['problems'] as { path: string }[]).map(({ path }) => path)).toEqual(paths)
    expect(state.entries.size).toBe(0)
  })
})

describe('releasePool', () => {
  it('takes everything of the pool away, and nothing of its neighbours', async () => {
    const driver = await makeDriver()
    const state = new FakeState()
    const context = contextOf(state)
    const keep = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
    await driver.requestAddress({ ...keep, purpose: 'endpoint' }, context)
    const before = [...state.entries.keys()]
    const { poolId } = await driver.requestPool({ ...v4, pool: '10.2.0.0/16' }, context)
    for (let host = 1; host < 250; host += 4) {
      await driver.requestAddress({ poolId, purpose: 'endpoint', address: `10.2.${host}.1` }, context)
    }
    await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    await driver.releasePool({ poolId }, context)
    expect([...state.entries.keys()]).toEqual(before)
  })

  it('is repeatable, and does not hit a pool granted later', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const first = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
    await driver.releasePool(first, context)
    await driver.releasePool(first, context)
    const second = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
    await driver.requestAddress({ ...second, purpose: 'endpoint' }, context)
    await driver.releasePool(first, context)
    expect((await driver.poolStatus(second, context)).taken).toBe('1')
    for (const poolId of ['', 'x', 'local/10.0.0.0/24', '../local/10.1.0.0/24/2', 'local/10.9.0.0/24/9']) {
      await driver.releasePool({ poolId }, context)
    }
    expect((await driver.poolStatus(second, context)).taken).toBe('1')
  })

  it('cleans up what an interrupted release has left', async () => {
    const driver = await makeDriver()
    const state = new FakeState()
    const context = contextOf(state)
    const { poolId } = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
    await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    const list = state.list.bind(state)
    state.list = () => Promise.reject(new Error('the power went'))
    await expect(driver.releasePool({ poolId }, context)).rejects.toThrow('the power went')
    state.list = list
    await rejected(driver.requestAddress({ poolId, purpose: 'endpoint' }, context), 'ERR_POOL_NOT_FOUND')
    expect(state.chunkKeys()).not.toEqual([])
    await driver.releasePool({ poolId }, context)
    expect(state.chunkKeys()).toEqual([])
  })
})

describe('poolStatus', () => {
  it('counts exactly', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const { poolId } = await driver.requestPool({ ...v4, pool: '10.0.0.0/16', range: '10.0.4.0/24' }, context)
    await driver.requestAddress({ poolId, purpose: 'gateway' }, context)
    for (let count = 0; count < 254; count++) await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    expect(await driver.poolStatus({ poolId }, context)).toEqual({
      pool: '10.0.0.0/16',
      range: '10.0.4.0/24',
      total: '65534',
      taken: '255',
    })
    const { poolId: wide } = await driver.requestPool({ ...v6, pool: 'fd00::/64' }, context)
    expect(await driver.poolStatus({ poolId: wide }, context)).toEqual({
      pool: 'fd00::/64',
      total: '18446744073709551614',
      taken: '0',
    })
  })

  it('of no pool is an error', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    for (const poolId of ['', 'x', 'local/10.0.0.0/24/1']) {
      await rejected(driver.poolStatus({ poolId }, context), 'ERR_POOL_NOT_FOUND')
    }
    // @ts-expect-error -- what a caller without types may pass
    await rejected(driver.poolStatus({ poolId: 5 }, context), 'ERR_INVALID_ARGUMENT')
  })

  it('says so when the state was damaged', async () => {
    const driver = await makeDriver()
    const state = new FakeState()
    const { poolId } = await driver.requestPool({ ...v4, pool: '10.0.0.0/24' }, contextOf(state))
    state.entries.set(`chunk/${poolId}/0/0`, { value: 'rubbish', version: 99 })
    await rejected(driver.poolStatus({ poolId }, contextOf(state)), 'ERR_INTERNAL')
    await rejected(driver.requestAddress({ poolId, purpose: 'endpoint' }, contextOf(state)), 'ERR_INTERNAL')
  })
})
