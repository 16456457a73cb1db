// Cases of the seed's ipallocator that concern several pools at once, by their original names, and its defects.
import { expect, it } from 'vitest'
import { rejected } from '../error-code.ts'
import { contextOf, FakeState, makeDriver } from './fake-state.ts'

const v4 = { addressSpace: 'local', family: 'ipv4' } as const

it('TestRegisterBadTwice', async () => {
  const driver = await makeDriver()
  const context = contextOf(new FakeState())
  await driver.requestPool({ ...v4, pool: '192.168.1.0/24', range: '192.168.1.8/29' }, context)
  const error = await rejected(
    driver.requestPool({ ...v4, pool: '192.168.1.0/24', range: '192.168.1.8/29' }, context),
    'ERR_POOL_OVERLAP',
  )
  expect(error.kind).toBe('conflict')
})

it('TestAllocateDifferentSubnets', async () => {
  const driver = await makeDriver()
  const context = contextOf(new FakeState())
  const next = async (pools: readonly string[]): Promise<string[]> => {
    const all: string[] = []
    for (const poolId of pools)
      all.push((await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).address)
    return all
  }
  const { poolId: one } = await driver.requestPool({ ...v4, pool: '192.168.0.0/24' }, context)
  const { poolId: two } = await driver.requestPool({ ...v4, pool: '127.0.0.0/24' }, context)
  expect(await next([one, two, one, two])).toEqual([
    '192.168.0.1/24',
    '127.0.0.1/24',
    '192.168.0.2/24',
    '127.0.0.2/24',
  ])
})

it('DEFECT-02: what was allocated ends with its pool, and every state is by itself', async () => {
  const driver = await makeDriver()
  const state = new FakeState()
  const context = contextOf(state)
  for (let round = 0; round < 3; round++) {
    const { poolId } = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
    expect(await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).toEqual({ address: '10.1.0.1/24' })
    await driver.releasePool({ poolId }, context)
  }
  const other = contextOf(new FakeState())
  const { poolId } = await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, other)
  expect(await driver.requestAddress({ poolId, purpose: 'endpoint' }, other)).toEqual({ address: '10.1.0.1/24' })
})

it('DEFECT-09: a pool that is written as IPv4-mapped is not a pool beside the IPv4 one', async () => {
  const driver = await makeDriver()
  const context = contextOf(new FakeState())
  await driver.requestPool({ ...v4, pool: '10.1.0.0/24' }, context)
  await rejected(driver.requestPool({ ...v4, pool: '::ffff:10.1.0.0/120' }, context), 'ERR_POOL_OVERLAP')
})

it('DEFECT-16: the gateway is not given to an endpoint', async () => {
  const driver = await makeDriver()
  const context = contextOf(new FakeState())
  const { poolId } = await driver.requestPool({ ...v4, pool: '10.1.0.0/29' }, context)
  expect(await driver.requestAddress({ poolId, purpose: 'gateway' }, context)).toEqual({ address: '10.1.0.1/29' })
  await driver.requestAddress({ poolId, purpose: 'auxiliary', address: '10.1.0.3' }, context)
  const given: string[] = []
  for (let count = 0; count < 4; count++) {
    given.push((await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).address)
  }
  expect(given).toEqual(['10.1.0.2/29', '10.1.0.4/29', '10.1.0.5/29', '10.1.0.6/29'])
  await rejected(driver.requestAddress({ poolId, purpose: 'endpoint' }, context), 'ERR_POOL_EXHAUSTED')
})

it('DEFECT-21: host bits do not hide that a pool is taken', async () => {
  const driver = await makeDriver()
  const context = contextOf(new FakeState())
  await driver.requestPool({ ...v4, pool: '192.168.0.0/24' }, context)
  const error = await rejected(driver.requestPool({ ...v4, pool: '192.168.0.1/24' }, context), 'ERR_INVALID_ARGUMENT')
  expect(error.message).toContain('192.168.0.0/24')
})
