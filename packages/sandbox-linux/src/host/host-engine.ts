import {
  isLibnetworkError,
  type AddressFamily,
  type FamilyFilter,
  type HostAddress,
  type HostLink,
  type HostOperation,
  type HostRoute,
  type LinkFilter,
} from '@libnetwork/driver-sdk'
import { openRouteSocket, RTN_UNICAST, type Link, type RouteSocket } from '@libnetwork/netlink'
import { applyHostOperations } from './apply-host-operations.ts'
import { readSysctl } from './sysctl-file.ts'

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' }

function hostLink(link: Link, names: ReadonlyMap<number, string>): HostLink {
  return {
    index: link.index,
    name: link.name,
    kind: link.kind,
    macAddress: link.address,
    mtu: link.mtu,
    up: link.up,
    master: link.master === undefined ? undefined : names.get(link.master),
    group: link.group,
    alias: link.alias,
  }
}

function matches(
  family: AddressFamily,
  text: string | undefined,
  filter: FamilyFilter,
  link: string | undefined,
): boolean {
  return (
    text !== undefined &&
    (filter.family === undefined || filter.family === family) &&
    (filter.link === undefined || filter.link === link)
  )
}

/** The host's network namespace: the one that the calling thread was in at the first use. */
export class HostEngine {
  #socket: RouteSocket | undefined

  /** A netlink client of the host's namespace, kept open: it was there before everything that we make. */
  get socket(): RouteSocket {
    this.#socket ??= openRouteSocket()
    return this.#socket
  }

  async links(filter: LinkFilter = {}): Promise<readonly HostLink[]> {
    const master = filter.master === undefined ? undefined : await this.socket.links.find({ name: filter.master })
    if (filter.master !== undefined && master === undefined) return []
    const links = await this.socket.links.list({ master: master?.index, kind: filter.kind })
    const names = new Map(links.map(({ index, name }) => [index, name]))
    if (master !== undefined) names.set(master.index, master.name)
    else if (filter.kind !== undefined) {
      for (const { index, name } of await this.socket.links.list()) names.set(index, name)
    }
    return links.map((link) => hostLink(link, names))
  }

  async link(name: string): Promise<HostLink | undefined> {
    const link = await this.#find(name)
    if (link === undefined) return undefined
    const master = link.master === undefined ? undefined : await this.socket.links.find({ index: link.master })
    return hostLink(link, new Map(master === undefined ? [] : [[master.index, master.name]]))
  }

  async addresses(filter: FamilyFilter = {}): Promise<readonly HostAddress[]> {
    const names = await this.#names()
    const addresses = await this.socket.addresses.list({ family: filter.family })
    return addresses
      .filter(({ index, family, address }) => matches(family, address, filter, names.get(index)))
      .map(({ index, address, scope }) => ({
        link: names.get(index) ?? `index ${index}`,
        address,
        scope: SCOPES[scope] ?? String(scope),
      }))
  }

  async routes(filter: FamilyFilter = {}): Promise<readonly HostRoute[]> {
    const names = await this.#names()
    const routes = await this.socket.routes.list({ family: filter.family })
    return routes
      .filter(({ type, family, destination, index }) => {
        const link = index === undefined ? undefined : names.get(index)
        return type === RTN_UNICAST && matches(family, destination, filter, link)
      })
      .map(({ destination, gateway, index, source, metric, table }) => ({
        destination,
        gateway,
        link: index === undefined ? undefined : names.get(index),
        source,
        metric,
        table,
      }))
  }

  async sysctl(key: string): Promise<string | undefined> {
    return await Promise.resolve(readSysctl(key))
  }

  async apply(operations: readonly HostOperation[]): Promise<void> {
    await applyHostOperations(this.socket, operations)
  }

  close(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  async #find(name: string): Promise<Link | undefined> {
    try {
      return await this.socket.links.find({ name })
    } catch (error) {
      // A text that cannot be the name of a link is the name of none.
      if (isLibnetworkError(error) && error.kind === 'invalid') return undefined
      throw error
    }
  }

  async #names(): Promise<ReadonlyMap<number, string>> {
    return new Map((await this.socket.links.list()).map(({ index, name }) => [index, name]))
  }
}
