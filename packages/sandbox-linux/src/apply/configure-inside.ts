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
import type { NamedInterface } from './make-links.ts'

/** A link that is inside now. */
export interface InsideLink extends NamedInterface {
  /** As the kernel tells of it. */
  readonly link: Link
}

const DEFAULT_ROUTE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const

function hasIPv6(addresses: readonly string[]): boolean {
  return addresses.some((address) => address.includes(':'))
}

/** Sysctls of a new interface, before it goes up. Runs inside. */
function writeInterfaceSysctls({ info, name }: InsideLink): void {
  const ipv6 = hasIPv6(info.addresses)
  // The kernel tells the neighbours about an address when its link goes up, so that a reused address works at once.
  writeSysctl(`ipv4/conf/${name}/arp_notify`, '1')
  const settings = ipv6
    ? { accept_dad: '0', accept_ra: '0', autoconf: '0', router_solicitations: '0', ndisc_notify: '1' }
    : // Without IPv6 addresses its announcements are only noise on the network.
      { disable_ipv6: '1' }
  for (const [key, value] of Object.entries(settings)) {
    try {
      writeSysctl(`ipv6/conf/${name}/${key}`, value)
    } catch (error) {
      // A kernel without IPv6 has no such files; that matters only to who asks for it.
      if (ipv6) throw error
    }
  }
  for (const [key, value] of Object.entries(info.sysctls ?? {})) {
    writeSysctl(
      key
        .split('.')
        .map((part) => (part === 'IFNAME' ? name : part))
        .join('/'),
      value,
    )
  }
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
