import { defineNetworkDriver, type DriverModule } from '@libnetwork/driver-sdk'
import { networkDriverConformance } from '@libnetwork/driver-sdk/conformance'
import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { FAULTS, MANIFEST } from '../fixtures/driver-faults.ts'
import { runSuite } from '../fixtures/run-suite.ts'
import { tinyDriver } from '../fixtures/tiny-driver.ts'

const tiny = (): DriverModule<'network'> => defineNetworkDriver(tinyDriver)

networkDriverConformance({ describe, it }, { driver: tiny, manifest: MANIFEST })

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
