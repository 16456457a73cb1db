import { isLibnetworkError, type InterfaceInfo, type VethSource } from '@libnetwork/driver-sdk'
import {
  deleteLink,
  IFA_F_NODAD,
  newAddress,
  newLink,
  newRoute,
  setLink,
  type LinkInfo,
  type RouteRequest,
  type RouteSocket,
} from '@libnetwork/netlink'
import { sandboxError } from '../errors.ts'
import type { OpenNamespace } from '../namespace/namespace-file.ts'
import { makeTap } from './tap-device.ts'

/** An interface with the name that it gets inside. */
export interface NamedInterface {
  /** What the driver described. */
  readonly info: InterfaceInfo
  /** Its name inside. */
  readonly name: string
}

/** Where links are made: from the host into a namespace. */
export interface LinkPlace {
  /** A client in the host's namespace. */
  readonly host: RouteSocket
  /** The namespace. */
  readonly namespace: OpenNamespace
  /** Remembers how to take back what was acknowledged as done. */
  readonly undo: (what: () => Promise<unknown>) => void
}

async function indexOnHost(host: RouteSocket, name: string, why: string): Promise<number> {
  const link = await host.links.find({ name })
  if (link !== undefined) return link.index
  throw sandboxError('ERR_SANDBOX_BRIDGE', `${why}: the host has no link ${name}`, { details: { link: name } })
}

function vethRequest(
  { info, name }: NamedInterface,
  source: VethSource,
  fd: number,
  master: number | undefined,
): RouteRequest {
  const { host } = source
  const { mtu } = info
  // One queue each: asking for it saves two waits in the kernel.
  const queues = { txQueues: 1, rxQueues: 1 }
  const peer = { name, address: info.macAddress, mtu, netns: { fd }, ...queues }
  const end = { name: host.name, address: host.macAddress, mtu, master, group: host.group }
  return newLink({ ...end, ...queues, info: { kind: 'veth', peer } })
}

/**
 * Deletes a host end that the kernel has not yet taken away with the destroyed sandbox that the same endpoint was in before.
 * The alias tells it from a stranger's link of the same name.
 */
async function deleteRemainder(host: RouteSocket, { name, alias }: VethSource['host']): Promise<boolean> {
  if (alias === undefined) return false
  const link = await host.links.find({ name })
  if (link?.alias !== alias || link.up) return false
  await host.request(deleteLink({ index: link.index }))
  return true
}

async function makeVeth(place: LinkPlace, named: NamedInterface, source: VethSource): Promise<void> {
  const { host, namespace } = place
  const { name, master, addresses = [], routes = [] } = source.host
  const why = `add interface ${named.name}`
  const masterIndex = master === undefined ? undefined : await indexOnHost(host, master, why)
  const pair = vethRequest(named, source, namespace.fd, masterIndex)
  try {
    await host.request(pair)
  } catch (error) {
    if (!isNameTaken(error) || !(await deleteRemainder(host, source.host))) throw error
    await host.request(pair)
  }
  place.undo(() => host.request(deleteLink({ name })))
  // Apart from the pair: sent together, a failure of the first would have the second change a stranger's link. The flags of
  // the port come before it goes up, and a port needs no addresses: making one would be announced to all ports.
  const ipv6AddressGeneration = master === undefined ? undefined : 'none'
  await host.request(
    setLink({ name }, { alias: source.host.alias, port: source.host.port, ipv6AddressGeneration, up: true }),
  )
  if (addresses.length + routes.length === 0) return
  const index = await indexOnHost(host, name, why)
  const { firstError } = await host.batch([
    ...addresses.map((address) =>
      newAddress({ index, address, flags: address.includes(':') ? IFA_F_NODAD : undefined }),
    ),
    ...routes.map((route) => newRoute({ ...route, index })),
  ])
  if (firstError !== undefined) throw firstError
}

async function moveIn(
  { host, namespace, undo }: LinkPlace,
  { name }: NamedInterface,
  hostName: string,
): Promise<void> {
  const index = await indexOnHost(host, hostName, `add interface ${name}`)
  await host.request(setLink({ index }, { name, netns: { fd: namespace.fd } }))
  undo(() => moveOut(namespace, name, hostName))
}

/** Gives a link back to the host under its old name. */
export async function moveOut(namespace: OpenNamespace, name: string, hostName: string): Promise<void> {
  const link = await namespace.socket.links.find({ name })
  if (link === undefined) return
  await namespace.socket.request(setLink({ index: link.index }, { up: false }))
  // The process itself is in the host's namespace: only single threads ever enter another, and come back.
  await namespace.socket.request(setLink({ index: link.index }, { name: hostName, netns: { pid: process.pid } }))
}

async function makeChild(place: LinkPlace, { info, name }: NamedInterface): Promise<void> {
  const { source } = info
  if (source.kind !== 'netlink') return
  const { host, namespace } = place
  const parent =
    source.parent === undefined ? undefined : await indexOnHost(host, source.parent, `add interface ${name}`)
  const link: LinkInfo =
    source.type === 'vxlan'
      ? { kind: 'vxlan', data: { ...source.data, link: parent } }
      : ({ kind: source.type, data: source.data } as LinkInfo)
  await host.request(
    newLink({ name, address: info.macAddress, mtu: info.mtu, link: parent, netns: { fd: namespace.fd }, info: link }),
  )
  place.undo(() => namespace.socket.request(deleteLink({ name })))
}

/** Makes or moves the link of one interface, so that it is inside under its name, and down. */
export async function makeLink(place: LinkPlace, named: NamedInterface): Promise<void> {
  const { info, name } = named
  switch (info.source.kind) {
    case 'veth':
      await makeVeth(place, named, info.source)
      return
    case 'existing':
      await moveIn(place, named, info.source.name)
      return
    case 'netlink':
      await makeChild(place, named)
      return
    case 'tap': {
      const { source } = info
      // The kernel would attach to a tap device of this name instead of refusing.
      if ((await place.namespace.socket.links.find({ name })) !== undefined) {
        throw sandboxError('ERR_SANDBOX_INTERFACE_EXISTS', `add interface ${name}: it is inside already`, {
          details: { name },
        })
      }
      place.namespace.enter(() => makeTap(name, source))
      place.undo(() => place.namespace.socket.request(deleteLink({ name })))
      return
    }
    case 'ready':
  }
}

/** Whether making a link failed because a name was taken. */
export function isNameTaken(error: unknown): boolean {
  return isLibnetworkError(error, 'ERR_NETLINK') && error.kind === 'exists'
}
