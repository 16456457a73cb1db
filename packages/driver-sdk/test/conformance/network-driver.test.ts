import { defineNetworkDriver, type CallContext, type DriverModule } from '@libnetwork/driver-sdk'
import { networkDriverConformance, testContext } from '@libnetwork/driver-sdk/conformance'
import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { FAULTS, MANIFEST } from '../fixtures/driver-faults.ts'
import { runSuite } from '../fixtures/run-suite.ts'
import { tinyDriver } from '../fixtures/tiny-driver.ts'

const tiny = (): DriverModule<'network'> => defineNetworkDriver(tinyDriver)

networkDriverConformance({ describe, it }, { driver: tiny, manifest: MANIFEST })

/** A context whose host can be read by the contract's own means alone, as a real one. */
function plainContext(): CallContext {
  const context = testContext()
  const { links, link, addresses, routes, sysctl, apply } = context.host
  return { ...context, host: { links, link, addresses, routes, sysctl, apply } }
}

describe('on a host that has no snapshots', () => {
  it('a driver without a fault passes, and a bridge that is left is found', async () => {
    const failuresOf = async (driver: DriverModule<'network'>): Promise<readonly string[]> => {
      const results = await runSuite((runner) => {
        networkDriverConformance(runner, { driver, context: plainContext })
      })
      return results.filter(({ error }) => error !== undefined).map(({ name }) => name)
    }
    expect(await failuresOf(tiny())).toEqual([])
    const leaving = defineNetworkDriver({ ...tinyDriver, deleteNetwork: async () => await Promise.resolve() })
    expect(await failuresOf(leaving)).toContain(
      'deleteNetwork leaves nothing, succeeds again, and the network can be created anew',
    )
  })
})

describe('a driver that', () => {
  for (const [what, fault, failing, subject] of FAULTS) {
    it(`${what} fails the case "${failing}"`, async () => {
      const driver = (): DriverModule<'network'> =>
        defineNetworkDriver(typeof fault === 'function' ? fault() : { ...tinyDriver, ...fault })
      const results = await runSuite((runner) => {
        networkDriverConformance(runner, { driver, ...subject })
      })
      const result = results.find(({ name }) => name === failing)
      expect(result, 'the case').toBeDefined()
      expect(result?.error).toBeInstanceOf(Error)
    })
  }

  it('has no faults passes every case', async () => {
    const results = await runSuite((runner) => {
      networkDriverConformance(runner, { driver: tiny(), manifest: MANIFEST })
    })
    expect(results.filter(({ error }) => error !== undefined)).toEqual([])
    expect(results.length).toBeGreaterThan(40)
  })

  it('forgets one endpoint is told so by an assertion', async () => {
    const results = await runSuite((runner) => {
      networkDriverConformance(runner, {
        driver: defineNetworkDriver({ ...tinyDriver, deleteEndpoint: async () => await Promise.resolve() }),
      })
    })
    const errors = results.flatMap(({ error }) => (error === undefined ? [] : [error]))
    expect(errors.length).toBeGreaterThan(0)
    for (const error of errors) expect(error).toBeInstanceOf(AssertionError)
  })
})
