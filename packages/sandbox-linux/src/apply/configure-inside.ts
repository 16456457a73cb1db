import type { SandboxApplyRequest } from '@libnetwork/driver-sdk'
import {
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
import { setGateways } from './set-gateways.ts'
import { hasIPv6, interfaceSysctls, sysctlOfInterface } from './interface-sysctls.ts'
import type { NamedInterface } from './make-links.ts'

/** A link that is inside now. */
export interface InsideLink extends NamedInterface {
  /** As the kernel tells of it. */
  readonly link: Link
}

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
  ]
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
  await setGateways(socket, request, links)
}

/** Tells the neighbours whose address is whose, once the ports of the host forward, and sets permanent neighbours. */
export async function greetNeighbours({ socket }: OpenNamespace, links: readonly InsideLink[]): Promise<void> {
  const announced = links.filter(({ link, info }) => link.address !== undefined && info.addresses.length > 0)
  // The kernel announces the addresses of a link whose MAC address is set, to what it was as well. It forgets the link's
  // neighbours then, so these come afterwards.
  await socket.batch(announced.map(({ link }) => setLink({ index: link.index }, { address: link.address })))
  const { firstError } = await socket.batch(
    links.flatMap(({ info, link: { index } }) =>
      (info.neighbours ?? []).map(({ address, macAddress }) =>
        newNeighbour({ index, address, mac: macAddress }, { replace: true }),
      ),
    ),
  )
  if (firstError !== undefined) throw firstError
}
