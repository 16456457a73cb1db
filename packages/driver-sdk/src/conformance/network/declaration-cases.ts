import assert from 'node:assert/strict'
import { isDriverModule } from '../../contract/driver.ts'
import type { NetworkCapability, NetworkDriver } from '../../contract/network-driver.ts'
import type { NetworkDriverCase } from './driver-bench.ts'
import { moduleOf } from './subject.ts'

const REQUIRED = ['createNetwork', 'deleteNetwork', 'createEndpoint', 'deleteEndpoint', 'join', 'leave'] as const

type OptionalVerb = Exclude<
  {
    [Key in keyof NetworkDriver]-?: NetworkDriver[Key] extends (...args: never[]) => unknown ? never : Key
  }[keyof NetworkDriver],
  'kind' | 'name' | 'scope' | 'capabilities' | 'networkOptions' | 'endpointOptions'
>

// A record, so that the compiler notices an optional verb that is missing here.
const OPTIONAL: Record<OptionalVerb, NetworkCapability> = {
  connectExternal: 'external',
  disconnectExternal: 'external',
  publish: 'ports',
  unpublish: 'ports',
  describeEndpoint: 'describe',
  reconcile: 'reconcile',
}

/** What a driver says of itself. */
export const declarationCases: readonly NetworkDriverCase[] = [
  {
    name: 'is a driver module whose driver has its kind and name',
    run: async ({ subject, driver }) => {
      const module = moduleOf(subject)
      assert.ok(isDriverModule(module), 'the module is one of defineNetworkDriver')
      assert.equal(module.kind, 'network')
      assert.equal(driver.kind, 'network')
      assert.equal(driver.name, module.name)
      assert.match(driver.name, /^[a-z][a-z0-9-]{0,31}$/)
      assert.match(driver.scope, /^(?:local|global)$/)
      await Promise.resolve()
    },
  },
  {
    name: 'declares what its manifest declares',
    run: async ({ subject, driver }) => {
      assert.equal(new Set(driver.capabilities).size, driver.capabilities.length, 'a capability is declared twice')
      if (subject.manifest !== undefined) {
        const declared = subject.manifest.drivers.find(({ kind, name }) => kind === 'network' && name === driver.name)
        assert.ok(declared, `the manifest declares a network driver "${driver.name}"`)
        assert.deepEqual([...(declared.capabilities ?? [])].sort(), [...driver.capabilities].sort(), 'capabilities')
        assert.equal(declared.scope ?? driver.scope, driver.scope, 'scope')
      }
      await Promise.resolve()
    },
  },
  {
    name: 'has the verbs that it declares, and no others',
    run: async ({ driver }) => {
      for (const verb of REQUIRED) assert.equal(typeof driver[verb], 'function', `verb ${verb}`)
      for (const verb of Object.keys(OPTIONAL) as OptionalVerb[]) {
        const declared = driver.capabilities.includes(OPTIONAL[verb])
        assert.equal(typeof driver[verb], declared ? 'function' : 'undefined', `verb ${verb} (${OPTIONAL[verb]})`)
      }
      await Promise.resolve()
    },
  },
]
