import type { AddressReference, AddressRequest, IpamDriver } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { rejected } from '../error-code.ts'
import { contextOf, FakeState, makeDriver } from './fake-state.ts'

async function setUp(
  pool: string,
  range?: string,
): Promise<{ driver: IpamDriver; state: FakeState; poolId: string }> {
  const driver = await makeDriver()
  const state = new FakeState()
  const family = pool.includes(':') ? 'ipv6' : 'ipv4'
  const { poolId } = await driver.requestPool({ addressSpace: 'local', family, pool, range }, contextOf(state))
  return { driver, state, poolId }
}

describe('requestAddress', () => {
  it('gives the address with the prefix length of the pool, in order', async () => {
    const { driver, state, poolId } = await setUp('fd00::/64')
    const request = { poolId, purpose: 'endpoint' } as const
    expect(await driver.requestAddress(request, contextOf(state))).toEqual({ address: 'fd00::1/64' })
    await driver.releaseAddress({ poolId, address: 'fd00::1' }, contextOf(state))
    expect(await driver.requestAddress(request, contextOf(state))).toEqual({ address: 'fd00::2/64' })
  })

  it('first-fit is an option of the pool', async () => {
    const driver = await makeDriver()
    const context = contextOf(new FakeState())
    const request = { addressSpace: 'local', family: 'ipv4', options: { strategy: 'first-fit' } } as const
    const { poolId } = await driver.requestPool(request, context)
    const { address } = await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    await driver.releaseAddress({ poolId, address }, context)
    expect(await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).toEqual({ address })
  })

  it('a gateway without a wish is the first usable address of the pool, whatever the range', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24', '10.0.0.128/25')
    const context = contextOf(state)
    await driver.requestAddress({ poolId, purpose: 'auxiliary', address: '10.0.0.1' }, context)
    expect(await driver.requestAddress({ poolId, purpose: 'gateway' }, context)).toEqual({ address: '10.0.0.2/24' })
    expect(await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).toEqual({
      address: '10.0.0.129/24',
    })
  })

  it.each(['gateway', 'auxiliary', 'endpoint'] as const)(
    'a named %s address may lie outside the range, not outside the pool',
    async (purpose) => {
      const { driver, state, poolId } = await setUp('10.0.0.0/24', '10.0.0.128/25')
      const context = contextOf(state)
      expect(await driver.requestAddress({ poolId, purpose, address: '10.0.0.9' }, context)).toEqual({
        address: '10.0.0.9/24',
      })
      for (const address of ['10.0.1.9', '10.0.0.0', '10.0.0.255', 'fd00::9']) {
        const error = await rejected(
          driver.requestAddress({ poolId, purpose, address }, context),
          'ERR_ADDRESS_OUT_OF_RANGE',
        )
        expect(error.kind).toBe('invalid')
      }
    },
  )

  it('twice the same is a conflict', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24')
    const request = { poolId, purpose: 'endpoint', address: '10.0.0.9' } as const
    await driver.requestAddress(request, contextOf(state))
    const error = await rejected(driver.requestAddress(request, contextOf(state)), 'ERR_ADDRESS_TAKEN')
    expect(error).toMatchObject({ kind: 'conflict', details: { pool: '10.0.0.0/24', address: '10.0.0.9' } })
  })

  it('an exhausted pool is unavailable, until something is released', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/30')
    const context = contextOf(state)
    for (let count = 0; count < 2; count++) await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    const error = await rejected(
      driver.requestAddress({ poolId, purpose: 'endpoint' }, context),
      'ERR_POOL_EXHAUSTED',
    )
    expect(error.kind).toBe('unavailable')
    await rejected(driver.requestAddress({ poolId, purpose: 'gateway' }, context), 'ERR_POOL_EXHAUSTED')
    await driver.releaseAddress({ poolId, address: '10.0.0.1/30' }, context)
    expect(await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)).toEqual({ address: '10.0.0.1/30' })
  })

  it('needs an existing pool', async () => {
    const { driver, state } = await setUp('10.0.0.0/30')
    for (const poolId of ['', 'x', 'local/10.0.0.0/30/2', 'local/10.0.0.0/30/1/../1', 'next/local/10.0.0.0/30/1']) {
      await rejected(driver.requestAddress({ poolId, purpose: 'endpoint' }, contextOf(state)), 'ERR_POOL_NOT_FOUND')
    }
  })

  it.each([
    [{ poolId: 5 }, ['poolId']],
    [{ poolId: undefined }, ['poolId']],
    [{ address: '' }, ['address']],
    [{ address: 5 }, ['address']],
    [{ address: '10.0.0.1/24' }, ['address']],
    [{ address: '010.0.0.1' }, ['address']],
    [{ address: '10.0.0.1\n' }, ['address']],
    [{ purpose: 'fun' }, ['purpose']],
    [{ purpose: undefined }, ['purpose']],
    [{ options: { a: 1 } }, ['options.a']],
    [{ address: 'x', purpose: 'y', options: { z: 1 } }, ['address', 'purpose', 'options.z']],
  ])('refuses %j', async (wrong, paths) => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24')
    const before = [...state.entries]
    const request = { poolId, purpose: 'endpoint', ...wrong } as AddressRequest
    const error = await rejected(driver.requestAddress(request, contextOf(state)), 'ERR_INVALID_ARGUMENT')
    expect((error.details['problems'] as { path: string }[]).map(({ path }) => path)).toEqual(paths)
    expect([...state.entries]).toEqual(before)
  })
})

describe('releaseAddress', () => {
  it('takes the address with or without prefix length, and is repeatable', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24')
    const context = contextOf(state)
    for (const address of ['10.0.0.9', '10.0.0.9/24', '::ffff:10.0.0.9']) {
      await driver.requestAddress({ poolId, purpose: 'endpoint', address: '10.0.0.9' }, context)
      for (let round = 0; round < 2; round++) await driver.releaseAddress({ poolId, address }, context)
      expect((await driver.poolStatus({ poolId }, context)).taken).toBe('0')
    }
    expect(state.chunkKeys()).toEqual([])
  })

  it('of what cannot be taken succeeds and writes nothing', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24')
    const before = state.writes.length
    for (const address of ['10.0.0.9', '10.0.0.0', '10.9.9.9', 'fd00::1']) {
      await driver.releaseAddress({ poolId, address }, contextOf(state))
    }
    for (const gone of ['x', 'local/10.0.0.0/24/7']) {
      await driver.releaseAddress({ poolId: gone, address: '10.0.0.1' }, contextOf(state))
    }
    expect(state.writes.length).toBe(before)
  })

  it.each([
    { address: '' },
    { address: 5 },
    { address: undefined },
    { address: '10.0.0.9/33' },
    { address: '10.0.0' },
    { poolId: 5 },
  ])('refuses %j', async (wrong) => {
    const { driver, state, poolId } = await setUp('10.0.0.0/24')
    const request = { poolId, address: '10.0.0.9', ...wrong } as AddressReference
    await rejected(driver.releaseAddress(request, contextOf(state)), 'ERR_INVALID_ARGUMENT')
  })
})

it('every verb stops at an aborted signal, with nothing written', async () => {
  const { driver, state, poolId } = await setUp('10.0.0.0/24')
  await driver.requestAddress({ poolId, purpose: 'endpoint' }, contextOf(state))
  const before = [...state.entries]
  const context = contextOf(state, AbortSignal.abort())
  const calls = [
    driver.requestPool({ addressSpace: 'local', family: 'ipv4' }, context),
    driver.releasePool({ poolId }, context),
    driver.requestAddress({ poolId, purpose: 'endpoint' }, context),
    driver.releaseAddress({ poolId, address: '10.0.0.1' }, context),
    driver.poolStatus({ poolId }, context),
  ]
  for (const call of calls) await rejected(call, 'ERR_ABORTED')
  expect([...state.entries]).toEqual(before)
})

describe('what a request touches', () => {
  it('is one chunk, and one level more only where a chunk gets full or has room again', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/16')
    const context = contextOf(state)
    const chunk = (level: number, index: string): string => `chunk/${poolId}/${level}/${index}`
    for (let count = 0; count < 1022; count++) await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '0'), `next/${poolId}`]))

    // The address 10.0.0.0 is never given out, so the first chunk has one zero for ever; the second one gets full.
    for (let count = 0; count < 1024; count++) await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '1'), `next/${poolId}`]))
    await driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '1'), chunk(1, '0'), `next/${poolId}`]))

    await driver.releaseAddress({ poolId, address: '10.0.5.5' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '1'), chunk(1, '0')]))
    await driver.releaseAddress({ poolId, address: '10.0.5.6' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '1')]))
    await driver.requestAddress({ poolId, purpose: 'endpoint', address: '10.0.5.5' }, context)
    expect(state.writes.at(-1)).toEqual(new Set([chunk(0, '1')]))
    expect(state.reads.at(-1)).toEqual(new Set([`pool/${poolId}`, chunk(0, '1')]))
  })

  it('a named request does not conflict with an automatic one elsewhere in the pool', async () => {
    const { driver, state, poolId } = await setUp('10.0.0.0/16')
    const context = contextOf(state)
    await Promise.all([
      driver.requestAddress({ poolId, purpose: 'endpoint' }, context),
      driver.requestAddress({ poolId, purpose: 'endpoint', address: '10.0.99.1' }, context),
    ])
    expect(state.conflicts).toBe(0)
  })
})
