import {
  parseCidr,
  requestFingerprint,
  throwIfAborted,
  type CallContext,
  type EndpointDescription,
  type EndpointRequest,
  type EndpointResult,
} from '@libnetwork/driver-sdk'
import { bridgeError } from './errors.ts'
import { isInterfaceMac, macOfId, macOfIPv4 } from './mac-address.ts'
import { hostLinkName } from './names.ts'
import type { BridgeEndpointOptions, BridgeNetworkOptions } from './options.ts'
import { keys, readEndpoint, readNetwork, type EndpointRecord, type NetworkRecord } from './records.ts'

/** A request about an endpoint of a bridge network. */
export type BridgeEndpointRequest = EndpointRequest<BridgeNetworkOptions, BridgeEndpointOptions>

/** A chosen address is taken once in four billion times; so many more are tried. */
const MAC_ATTEMPTS = 4

function networkNotFound({ network }: BridgeEndpointRequest, operation: string): Error {
  return bridgeError(
    'ERR_BRIDGE_NETWORK_NOT_FOUND',
    `${operation}: no network ${network.name} (${network.id}) was created`,
    {
      details: { network: network.id },
    },
  )
}

/** The MAC addresses that the endpoint may have; the first free one of them is taken. */
function macCandidates({ endpoint }: BridgeEndpointRequest, operation: string): readonly string[] {
  const wish = endpoint.macAddress?.toLowerCase()
  if (wish !== undefined) {
    if (isInterfaceMac(wish)) return [wish]
    throw bridgeError(
      'ERR_BRIDGE_MAC_INVALID',
      `${operation}: no interface can have the MAC address ${endpoint.macAddress}`,
      {
        details: { macAddress: endpoint.macAddress },
        hint: 'Give six bytes such as 02:42:0a:00:00:02, the first one even.',
      },
    )
  }
  const [ipv4] = endpoint.addresses.filter((address) => parseCidr(address)?.family === 'ipv4')
  const fromAddress = ipv4 === undefined ? undefined : macOfIPv4(ipv4.slice(0, ipv4.indexOf('/')))
  const fromId = Array.from({ length: MAC_ATTEMPTS }, (_, attempt) => macOfId(endpoint.id, attempt))
  return fromAddress === undefined ? fromId : [fromAddress, ...fromId]
}

/** Reserves the endpoint's MAC address within its network. */
export async function createEndpoint(request: BridgeEndpointRequest, context: CallContext): Promise<EndpointResult> {
  const { network, endpoint } = request
  const operation = `create endpoint ${JSON.stringify(endpoint.name)}`
  throwIfAborted(context.signal, operation)
  const candidates = macCandidates(request, operation)
  const [networkKey, endpointKey] = [keys.network(network.id), keys.endpoint(network.id, endpoint.id)]
  const macKeys = candidates.map((mac) => keys.mac(network.id, mac))
  // The MAC address is compared apart: without a wish the driver has chosen one.
  const { macAddress: _wish, ...rest } = endpoint
  const fingerprint = requestFingerprint(rest)
  return await context.state.update<EndpointResult>([networkKey, endpointKey, ...macKeys], (current) => {
    const bridge = readNetwork(current.get(networkKey))
    if (bridge === undefined) throw networkNotFound(request, operation)
    const known = readEndpoint(current.get(endpointKey))
    if (known !== undefined) {
      const sameMac = endpoint.macAddress === undefined || endpoint.macAddress.toLowerCase() === known.macAddress
      if (known.request === fingerprint && sameMac) return { result: { macAddress: known.macAddress } }
      throw bridgeError(
        'ERR_BRIDGE_ENDPOINT_CONFLICT',
        `${operation}: id ${endpoint.id} was created with another request`,
        {
          details: { endpoint: endpoint.id },
        },
      )
    }
    const macAddress = candidates.find(
      (mac) => mac !== bridge.macAddress && current.get(keys.mac(network.id, mac)) === undefined,
    )
    if (macAddress === undefined) {
      throw bridgeError(
        'ERR_BRIDGE_MAC_TAKEN',
        `${operation}: the network has the MAC address ${candidates[0]} already`,
        {
          details: { macAddress: candidates[0] },
        },
      )
    }
    const record: EndpointRecord = { name: endpoint.name, request: fingerprint, macAddress }
    return { set: { [endpointKey]: record, [keys.mac(network.id, macAddress)]: endpoint.id }, result: { macAddress } }
  })
}

/** Gives the MAC address back. */
export async function deleteEndpoint(
  { network, endpoint }: BridgeEndpointRequest,
  context: CallContext,
): Promise<void> {
  throwIfAborted(context.signal, `delete endpoint ${JSON.stringify(endpoint.name)}`)
  const endpointKey = keys.endpoint(network.id, endpoint.id)
  const known = readEndpoint(await context.state.get(endpointKey))
  if (known === undefined) return
  const named = [endpointKey, keys.mac(network.id, known.macAddress)]
  await context.state.update(named, () => ({ delete: named, result: undefined }))
}

/** The records of a network and an endpoint that were both created. */
export async function findRecords(
  request: BridgeEndpointRequest,
  operation: string,
  { state }: CallContext,
): Promise<{ readonly bridge: NetworkRecord; readonly known: EndpointRecord }> {
  const { network, endpoint } = request
  const bridge = readNetwork(await state.get(keys.network(network.id)))
  if (bridge === undefined) throw networkNotFound(request, operation)
  const known = readEndpoint(await state.get(keys.endpoint(network.id, endpoint.id)))
  if (known !== undefined) return { bridge, known }
  throw bridgeError('ERR_BRIDGE_ENDPOINT_NOT_FOUND', `${operation}: no endpoint of id ${endpoint.id} was created`, {
    details: { endpoint: endpoint.id },
  })
}

/** The endpoint's objects on the host, for people to read. */
export async function describeEndpoint(
  request: BridgeEndpointRequest,
  context: CallContext,
): Promise<EndpointDescription> {
  const operation = `describe endpoint ${JSON.stringify(request.endpoint.name)}`
  throwIfAborted(context.signal, operation)
  const { bridge, known } = await findRecords(request, operation, context)
  const hostEnd = hostLinkName(request.endpoint.id)
  const link = await context.host.link(hostEnd)
  return {
    facts: { bridge: bridge.bridge, mtu: bridge.mtu, macAddress: known.macAddress, hostEnd, up: link?.up ?? false },
  }
}
