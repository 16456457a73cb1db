import {
  defineNetworkDriver,
  noOptions,
  objectRecords,
  throwIfAborted,
  type DriverModule,
} from '@libnetwork/driver-sdk'

const records = objectRecords({ driver: 'host', singleNetwork: true })

/** The network driver `host`: its endpoints join the host's own network namespace, and nothing is made. There can be one network. */
export function hostDriver(): DriverModule<'network'> {
  return defineNetworkDriver({
    name: 'host',
    scope: 'local',
    capabilities: ['host-sandbox'],
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

declare module '@libnetwork/driver-sdk' {
  interface NetworkDriverRegistry {
    /** The driver has no options. */
    host: { readonly network: Record<string, never>; readonly endpoint: Record<string, never> }
  }
}
