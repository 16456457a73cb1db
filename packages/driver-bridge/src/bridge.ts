import { defineNetworkDriver, type DriverModule } from '@libnetwork/driver-sdk'
import { createEndpoint, deleteEndpoint, describeEndpoint } from './endpoints.ts'
import { join, leave } from './join.ts'
import { createNetwork, deleteNetwork } from './networks.ts'
import { endpointOptions, networkOptions } from './options.ts'

/**
 * The network driver `bridge`, for `drivers.use` of a controller: every network is a bridge of the kernel, every endpoint a
 * veth pair with one end on it.
 */
export function bridge(): DriverModule<'network'> {
  return defineNetworkDriver({
    name: 'bridge',
    scope: 'local',
    capabilities: ['addresses', 'ipv6', 'internal', 'describe'],
    networkOptions,
    endpointOptions,
    createNetwork,
    deleteNetwork,
    createEndpoint,
    deleteEndpoint,
    join,
    leave,
    describeEndpoint,
  })
}
