import type { GatewaySetting, SandboxApplyRequest } from '@libnetwork/driver-sdk'
import {
  deleteRoute,
  IFA_F_NODAD,
  newAddress,
  newNeighbour,
  newRoute,
  setLink,
  type Link,
  type RouteRequest,
} from '@libnetwork/netlink'
import { writeSysctl } from '../host/sysctl-file.ts'
import type { OpenNamespace } from '../namespace/namespace-file.ts'
import { hasIPv6, interfaceSysctls, sysctlOfInterface } from './interface-sysctls.ts'
import type { NamedInterface } from './make-links.ts'

/** A link that is inside now. */
export interface InsideLink extends NamedInterface {
  /** As the kernel tells of it. */
  readonly link: Link
}

const DEFAULT_ROUTE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const

/** Writes the sysctls of a new interface, before it goes up. Runs inside. */
function writeInterfaceSysctls({ info, name }: InsideLink): void {
  const own = interfaceSysctls(info)
  for (const [key, value] of Object.entries(own)) {
    try {
      writeSysctl(sysctlOfInterface(key, name), value)
    } catch (error) {
      // A kernel without IPv6 has no such files; that matters only to who asks for it.
      if (!key.startsWith('ipv6') || hasIPv6(info.addresses)) throw error
    }
  }
  for (const [key, value] of Object.entries(info.sysctls ?? {})) writeSysctl(sysctlOfInterface(key, name), value)
}

function interfaceRequests({ info, link: { index } }: InsideLink): RouteRequest[] {
  return [
    // Addresses first: the announcement that goes out with the link has them in it.
    ...info.addresses.map((address) =>
      newAddress({ index, address, flags: address.includes(':') ? IFA_F_NODAD : undefined }),
    ),
    setLink({ index }, { up: true }),
    ...(info.routes ?? []).map(({ destination, gateway, source, metric }) =>
      newRoute({ destination, gateway, source, metric, index }),
    ),
    ...(info.neighbours ?? []).map(({ address, macAddress }) =>
      newNeighbour({ index, address, mac: macAddress }, { replace: true }),
    ),
  ]
}

/** The requests that set or remove one default gateway. */
export function gatewayRequests(
  family: 'ipv4' | 'ipv6',
  gateway: GatewaySetting | null,
  index: number | undefined,
): { readonly remove: RouteRequest; readonly add: RouteRequest | undefined } {
  const destination = DEFAULT_ROUTE[family]
  return {
    remove: deleteRoute({ destination }),
    add: gateway === null ? undefined : newRoute({ destination, gateway: gateway.address, index }, { replace: true }),
  }
}

/** Configures what is inside: sysctls through files, the rest in one batch. */
export async function configureInside(
  namespace: OpenNamespace,
  request: SandboxApplyRequest,
  links: readonly InsideLink[],
): Promise<void> {
  const { socket } = namespace
  namespace.enter(() => {
    for (const [key, value] of Object.entries(request.sysctls ?? {})) writeSysctl(key, value)
    for (const link of links) writeInterfaceSysctls(link)
  })
  const { firstError } = await socket.batch([
    ...(links.length > 0 ? [setLink({ index: 1 }, { up: true })] : []),
    ...links.flatMap(interfaceRequests),
  ])
  if (firstError !== undefined) throw firstError
  await setGateways(namespace, request, links)
  const announced = links.filter(({ link, info }) => link.address !== undefined && info.addresses.length > 0)
  // Once more by setting the MAC address to what it is: the bridge may not have forwarded yet what went out with the link.
  await socket.batch(announced.map(({ link }) => setLink({ index: link.index }, { address: link.address })))
}

async function setGateways(
  { socket }: OpenNamespace,
  request: SandboxApplyRequest,
  links: readonly InsideLink[],
): Promise<void> {
  for (const [family, gateway] of [
    ['ipv4', request.gateway],
    ['ipv6', request.gatewayIPv6],
  ] as const) {
    if (gateway === undefined) continue
    const named = gateway?.interface
    const found = links.find(({ name }) => name === named)?.link ?? (named === undefined ? links[0]?.link : undefined)
    const index = found?.index ?? (named === undefined ? undefined : (await socket.links.get({ name: named })).index)
    const { remove, add } = gatewayRequests(family, gateway, index)
    // IPv6 would keep both as one route with two next hops, and a replacement goes by metric and link.
    const { errors } = await socket.batch(add === undefined ? [remove] : [remove, add])
    const failure = add === undefined ? errors[0] : errors[1]
    if (failure !== undefined && !(add === undefined && failure.kind === 'not-found')) throw failure
  }
}
