import {
  parseCidr,
  throwIfAborted,
  type AddressFamily,
  type CallContext,
  type InterfaceInfo,
  type JoinRequest,
  type JoinResult,
} from '@libnetwork/driver-sdk'
import { findRecords } from './endpoints.ts'
import { hostLinkName, LINK_GROUP, linkAlias } from './names.ts'
import type { BridgeEndpointOptions, BridgeNetworkOptions } from './options.ts'

const DEFAULT_PREFIX = 'eth'

type Request = JoinRequest<BridgeNetworkOptions, BridgeEndpointOptions>

function gatewayOf({ network, endpoint }: Request, family: AddressFamily): string | undefined {
  const hasAddress = endpoint.addresses.some((address) => parseCidr(address)?.family === family)
  if (network.internal || !hasAddress) return undefined
  return network.subnets.find((subnet) => subnet.family === family)?.gateway?.replace(/\/.*/, '')
}

/** Describes the endpoint's interface: one end of a veth pair, the other a port of the bridge. Touches nothing. */
export async function join(request: Request, context: CallContext): Promise<JoinResult> {
  const { network, endpoint } = request
  const operation = `join endpoint ${JSON.stringify(endpoint.name)}`
  throwIfAborted(context.signal, operation)
  const { bridge, known } = await findRecords(request, operation, context)
  const { interfaceName, interfacePrefix, sysctls } = endpoint.options
  const described: InterfaceInfo = {
    source: {
      kind: 'veth',
      host: {
        name: hostLinkName(endpoint.id),
        master: bridge.bridge,
        group: LINK_GROUP,
        alias: linkAlias(network.controller, endpoint.id),
      },
    },
    ...(interfaceName === undefined
      ? { prefix: interfacePrefix ?? network.options.interfacePrefix ?? DEFAULT_PREFIX }
      : { name: interfaceName }),
    macAddress: known.macAddress,
    mtu: bridge.mtu,
    addresses: endpoint.addresses,
    ...(sysctls !== undefined && { sysctls }),
  }
  const [gateway, gatewayIPv6] = [gatewayOf(request, 'ipv4'), gatewayOf(request, 'ipv6')]
  return {
    info: {
      interfaces: [described],
      ...(gateway !== undefined && { gateway }),
      ...(gatewayIPv6 !== undefined && { gatewayIPv6 }),
    },
  }
}

/** Nothing is left to undo: the sandbox provider has removed the interface. */
export async function leave({ endpoint }: Request, { signal }: CallContext): Promise<void> {
  throwIfAborted(signal, `leave endpoint ${JSON.stringify(endpoint.name)}`)
  await Promise.resolve()
}
