import type { DriverModule } from '../contract/driver.ts'
import type { NetworkCapability } from '../contract/network-driver.ts'
import { throwIfAborted } from '../errors/common-errors.ts'
import { defineNetworkDriver } from './define-driver.ts'
import { noOptions } from './no-options.ts'
import { objectRecords } from './object-records.ts'

/** What there is to say of a driver that makes nothing. */
export interface RecordedDriver {
  /** The driver's name, as in its manifest. */
  readonly name: string
  /** What it can do; equal to its manifest's list. */
  readonly capabilities: readonly NetworkCapability[]
}

/**
 * Declares a network driver that makes nothing: its networks and endpoints exist as records, and `join` describes no
 * interfaces. There can be one network of it. It has no options.
 *
 * @param driver - its name and capabilities
 */
export function defineRecordedDriver({ name, capabilities }: RecordedDriver): DriverModule<'network'> {
  const records = objectRecords({ driver: name, singleNetwork: true })
  return defineNetworkDriver({
    name,
    scope: 'local',
    capabilities,
    networkOptions: noOptions,
    endpointOptions: noOptions,
    async createNetwork(request, context) {
      await records.addNetwork(request, context)
      return {}
    },
    deleteNetwork: records.deleteNetwork,
    async createEndpoint(request, context) {
      await records.addEndpoint(request, context)
      return {}
    },
    deleteEndpoint: records.deleteEndpoint,
    async join(request, context) {
      await records.requireEndpoint(request, context)
      return { info: { interfaces: [] } }
    },
    async leave({ endpoint }, { signal }) {
      throwIfAborted(signal, `leave endpoint "${endpoint.name}"`)
      await Promise.resolve()
    },
  })
}
