import type { AddressFamily, PortBinding } from '@libnetwork/driver-sdk'
import { driverNetwork } from '../network/driver-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { NetworkRecord } from '../store/records.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import type { JoinedEndpoint } from './gateway-selection.ts'

/** The network of an endpoint. It is there as long as the endpoint is. */
async function networkOf(runtime: Runtime, endpoint: JoinedEndpoint): Promise<NetworkRecord> {
  const found = await runtime.networks.get(endpoint.networkId)
  if (found === undefined) throw new Error(`endpoint ${endpoint.id} has no network`)
  return found.record
}

/** What changed in an endpoint's record. */
interface ExternalOutcome {
  readonly driverState: JoinedEndpoint['driverState']
  readonly ports: readonly PortBinding[]
}

/** Tells an endpoint's driver that the endpoint becomes its sandbox's way out; nothing for a driver without such a thing. */
export async function connectExternal(
  runtime: Runtime,
  endpoint: JoinedEndpoint,
  families: readonly AddressFamily[],
  signal: AbortSignal | undefined,
): Promise<ExternalOutcome> {
  const { driverState, join } = endpoint
  const network = await networkOf(runtime, endpoint)
  const driver = await runtime.networkDriver(network.driver)
  if (families.length === 0 || driver.connectExternal === undefined) return { driverState, ports: join.ports }
  const result = await driver.connectExternal(
    {
      network: driverNetwork(network, runtime.name),
      endpoint: driverEndpoint(endpoint),
      sandbox: { id: join.sandboxId, key: join.sandboxKey },
      families,
    },
    await runtime.context('network', driver.name, signal),
  )
  return { driverState: result.driverState ?? driverState, ports: result.ports }
}

/** Tells an endpoint's driver that the endpoint stops being its sandbox's way out. */
export async function disconnectExternal(
  runtime: Runtime,
  endpoint: JoinedEndpoint,
  families: readonly AddressFamily[],
): Promise<void> {
  const network = await networkOf(runtime, endpoint)
  const driver = await runtime.networkDriver(network.driver)
  if (families.length === 0 || driver.disconnectExternal === undefined) return
  await driver.disconnectExternal(
    {
      network: driverNetwork(network, runtime.name),
      endpoint: driverEndpoint(endpoint),
      sandbox: { id: endpoint.join.sandboxId, key: endpoint.join.sandboxKey },
      families,
    },
    await runtime.context('network', driver.name, undefined),
  )
}
