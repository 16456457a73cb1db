import type { AddressFamily, GatewaySetting } from '@libnetwork/driver-sdk'
import type { EndpointRecord, JoinRecord } from '../store/records.ts'

/** Both families, in the order in which they are set. */
export const FAMILIES: readonly AddressFamily[] = ['ipv4', 'ipv6']

/** An endpoint that has a bond with a sandbox. */
export type JoinedEndpoint = EndpointRecord & { readonly join: JoinRecord }

/** Whether an endpoint has a bond with a sandbox. */
export function isJoined(record: EndpointRecord): record is JoinedEndpoint {
  return record.join !== undefined
}

/** The gateway that an endpoint offers to its sandbox, address text. */
export function offeredGateway(join: JoinRecord, family: AddressFamily): string | undefined {
  return family === 'ipv4' ? join.info.gateway : join.info.gatewayIPv6
}

/**
 * The endpoint that shall be a sandbox's way out for a family: among those that offer a gateway the one of the highest
 * priority, and among equals the one that joined first.
 *
 * @param endpoints - in the order in which they joined
 */
export function chooseGateway(
  endpoints: readonly JoinedEndpoint[],
  family: AddressFamily,
): JoinedEndpoint | undefined {
  return endpoints
    .filter(({ join }) => offeredGateway(join, family) !== undefined)
    .reduce<JoinedEndpoint | undefined>((best, candidate) => {
      return best === undefined || candidate.join.priority > best.join.priority ? candidate : best
    }, undefined)
}

/** The default gateway that an endpoint inside its sandbox leads to; `null` for none. */
export function gatewaySetting(endpoint: JoinedEndpoint | undefined, family: AddressFamily): GatewaySetting | null {
  const address = endpoint && offeredGateway(endpoint.join, family)
  if (endpoint === undefined || address === undefined) return null
  return { address, interface: endpoint.join.applied[0]?.name }
}
