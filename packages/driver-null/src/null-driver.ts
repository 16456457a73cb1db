import {
  defineNetworkDriver,
  noOptions,
  objectRecords,
  throwIfAborted,
  type DriverModule,
} from '@libnetwork/driver-sdk'

const records = objectRecords({ driver: 'null', singleNetwork: true })

/** The network driver `null`: its endpoints give a sandbox nothing but loopback. There can be one network. */
export function nullDriver(): DriverModule<'network'> {
  return defineNetworkDriver({
    name: 'null',
    scope: 'local',
    capabilities: [],
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
    null: { readonly network: Record<string, never>; readonly endpoint: Record<string, never> }
  }
}
