// The driver in several processes at once: fast-check decides who goes on at every point where another could come between.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLibnetworkError, type IpamDriver } from '@libnetwork/driver-sdk'
import { overlaps } from '../../src/index.ts'
import { contextOf, FakeState, makeDriver } from './fake-state.ts'

interface World {
  readonly driver: IpamDriver
  readonly state: FakeState
}

/** Runs the calls with interleavings of the scheduler's choice. */
async function interleave<Result>(
  scheduler: fc.Scheduler,
  { state }: World,
  calls: readonly (() => Promise<Result>)[],
): Promise<PromiseSettledResult<Result>[]> {
  state.pause = () => scheduler.schedule(Promise.resolve())
  const settled = Promise.allSettled(calls.map((call) => call()))
  const results = await scheduler.waitFor(settled)
  state.pause = () => Promise.resolve()
  return results
}

async function world(): Promise<World> {
  return { driver: await makeDriver(), state: new FakeState() }
}

function values<Result>(results: readonly PromiseSettledResult<Result>[]): Result[] {
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

describe('interleaved processes', () => {
  it('never get the same address, and get all of them', async () => {
    let conflicts = 0
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const here = await world()
        const { driver, state } = here
        const context = contextOf(state)
        const { poolId } = await driver.requestPool(
          { addressSpace: 'local', family: 'ipv4', pool: '10.0.0.0/29' },
          context,
        )
        const request = () => driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
        const named = () => driver.requestAddress({ poolId, purpose: 'endpoint', address: '10.0.0.2' }, context)
        const results = await interleave(scheduler, here, [
          request,
          named,
          request,
          request,
          named,
          request,
          request,
          request,
        ])
        const given = values(results).map(({ address }) => address)
        expect([...given].sort()).toEqual([1, 2, 3, 4, 5, 6].map((host) => `10.0.0.${host}/29`))
        for (const result of results) {
          if (result.status === 'rejected')
            expect(['ERR_POOL_EXHAUSTED', 'ERR_ADDRESS_TAKEN']).toContain(codeOf(result.reason))
        }
        expect((await driver.poolStatus({ poolId }, context)).taken).toBe('6')
        conflicts += state.conflicts
      }),
      { numRuns: 60 },
    )
    expect(conflicts).toBeGreaterThan(0)
  })

  it('fill and empty a full chunk without losing an address', async () => {
    let conflicts = 0
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const here = await world()
        const { driver, state } = here
        const context = contextOf(state)
        const { poolId } = await driver.requestPool(
          { addressSpace: 'local', family: 'ipv4', pool: '10.0.0.0/20' },
          context,
        )
        // The whole pool is taken: four chunks, of which the inner two are full and marked as such one level up.
        const chunks = { '0/0': chunkWithout(0), '0/1': '*', '0/2': '*', '0/3': chunkWithout(1023), '1/0': 'Bg==' }
        for (const [key, value] of Object.entries(chunks)) {
          state.entries.set(`chunk/${poolId}/${key}`, { value, version: 1000 })
        }
        const request = (address?: string) => () =>
          driver.requestAddress({ poolId, purpose: 'endpoint', address }, context)
        const release = (address: string) => () => driver.releaseAddress({ poolId, address }, context)
        expect((await driver.poolStatus({ poolId }, context)).taken).toBe('4094')
        const results = await interleave<unknown>(scheduler, here, [
          release('10.0.4.7'),
          release('10.0.4.8'),
          request(),
          release('10.0.4.7'),
          request('10.0.4.7'),
          release('10.0.8.1'),
          request(),
        ])
        for (const result of results) {
          if (result.status === 'rejected')
            expect(['ERR_POOL_EXHAUSTED', 'ERR_ADDRESS_TAKEN']).toContain(codeOf(result.reason))
        }
        // Everything that is free can be had, so the marks above the chunks are right.
        const { taken } = await driver.poolStatus({ poolId }, context)
        const rest = new Set<string>()
        for (let count = Number(taken); count < 4094; count++) rest.add((await request()()).address)
        expect(rest.size).toBe(4094 - Number(taken))
        await expect(request()()).rejects.toMatchObject({ code: 'ERR_POOL_EXHAUSTED' })
        expect(state.entries.get(`chunk/${poolId}/1/0`)?.value).toBe('Bg==')
        conflicts += state.conflicts
      }),
      { numRuns: 100 },
    )
    expect(conflicts).toBeGreaterThan(0)
  })

  it('never get pools that overlap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const here = await world()
        const { driver, state } = here
        const context = contextOf(state)
        const choose = () => driver.requestPool({ addressSpace: 'local', family: 'ipv4' }, context)
        const choose6 = () => driver.requestPool({ addressSpace: 'local', family: 'ipv6' }, context)
        const name = (pool: string) => () =>
          driver.requestPool({ addressSpace: 'local', family: 'ipv4', pool }, context)
        const calls = [
          choose,
          name('172.17.0.0/17'),
          choose6,
          choose,
          name('172.17.128.0/17'),
          name('172.16.0.0/13'),
          choose6,
        ]
        const results = await interleave(scheduler, here, calls)
        const pools = values(results).map(({ pool }) => pool)
        for (const [index, left] of pools.entries()) {
          for (const right of pools.slice(index + 1)) expect(overlaps(left, right)).toBe(false)
        }
        const six = pools.filter((pool) => pool.includes(':'))
        expect(new Set(six.map((pool) => pool.slice(0, 12))).size).toBe(1)
        for (const result of results) {
          if (result.status === 'rejected') expect(codeOf(result.reason)).toBe('ERR_POOL_OVERLAP')
        }
      }),
      { numRuns: 40 },
    )
  })

  it('leave nothing behind of a pool that is released under their hands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const here = await world()
        const { driver, state } = here
        const context = contextOf(state)
        const { poolId } = await driver.requestPool(
          { addressSpace: 'local', family: 'ipv4', pool: '10.0.0.0/24' },
          context,
        )
        const request = () => driver.requestAddress({ poolId, purpose: 'endpoint' }, context)
        const release = () => driver.releasePool({ poolId }, context)
        const releaseOne = () => driver.releaseAddress({ poolId, address: '10.0.0.1' }, context)
        const results = await interleave<unknown>(scheduler, here, [
          request,
          release,
          request,
          releaseOne,
          release,
          request,
        ])
        for (const result of results) {
          if (result.status === 'rejected') expect(codeOf(result.reason)).toBe('ERR_POOL_NOT_FOUND')
        }
        expect([...state.entries.keys()]).toEqual(['space/local/ipv4'])
      }),
      { numRuns: 60 },
    )
  })

  it('200 at once get 200 addresses', async () => {
    const { driver, state } = await world()
    const context = contextOf(state)
    const { poolId } = await driver.requestPool({ addressSpace: 'local', family: 'ipv4' }, context)
    const all = await Promise.all(
      Array.from({ length: 200 }, () => driver.requestAddress({ poolId, purpose: 'endpoint' }, context)),
    )
    expect(new Set(all.map(({ address }) => address)).size).toBe(200)
    expect(state.conflicts).toBeGreaterThan(0)
    await Promise.all(all.map(({ address }) => driver.releaseAddress({ poolId, address }, context)))
    expect(state.chunkKeys()).toEqual([])
  })
})

function codeOf(error: unknown): string {
  return isLibnetworkError(error) ? error.code : String(error)
}

/** The text of a chunk that has every bit but one. */
function chunkWithout(bit: number): string {
  const bytes = Buffer.alloc(128, 0xff)
  bytes[bit >> 3] = 0xff & ~(1 << (bit & 7))
  return bytes.toString('base64')
}
