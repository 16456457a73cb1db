import { parseCidr } from '../../address/cidr.ts'
import type { HostAddress, HostLink, HostRoute } from '../../host/host-link.ts'
import type { HostOperation, NeighbourSpec } from '../../host/host-operation.ts'
import { kernelRefusal } from './kernel-refusal.ts'
import { addLink, deleteLink, describeLink, setLink, type MemoryLinks } from './memory-link.ts'
import { connectedRoutes, resolveRoute, withoutRoute } from './memory-routes.ts'
import { addLinkSysctls, deleteLinkSysctls, newSysctls, setSysctl, type MemorySysctls } from './memory-sysctls.ts'

interface KernelState {
  readonly links: MemoryLinks
  readonly sysctls: MemorySysctls
  readonly addresses: readonly HostAddress[]
  readonly routes: readonly HostRoute[]
  readonly neighbours: readonly NeighbourSpec[]
}

function loopbackAlone(): KernelState {
  const settings = { up: true, mtu: 65536, macAddress: '00:00:00:00:00:00' }
  const sysctls = newSysctls()
  addLinkSysctls(sysctls, 'lo')
  return {
    links: new Map([['lo', { index: 1, name: 'lo', info: undefined, settings, ownMac: '' }]]),
    sysctls,
    addresses: [{ link: 'lo', address: '127.0.0.1/8', scope: 'host' }],
    routes: [],
    neighbours: [],
  }
}

/** What the in-memory host consists of. Copied before each batch, so that a batch that fails leaves no trace. */
export class MemoryKernel {
  readonly #links: MemoryLinks
  readonly #sysctls: MemorySysctls
  #addresses: HostAddress[]
  #routes: HostRoute[]
  #neighbours: NeighbourSpec[]

  constructor(state: KernelState = loopbackAlone()) {
    this.#links = new Map(state.links)
    this.#sysctls = new Map(state.sysctls)
    this.#addresses = [...state.addresses]
    this.#routes = [...state.routes]
    this.#neighbours = [...state.neighbours]
  }

  copy(): MemoryKernel {
    return new MemoryKernel({
      links: this.#links,
      sysctls: this.#sysctls,
      addresses: this.#addresses,
      routes: this.#routes,
      neighbours: this.#neighbours,
    })
  }

  links(): HostLink[] {
    return [...this.#links.values()].map((link) => describeLink(this.#links, link))
  }

  addresses(): readonly HostAddress[] {
    return this.#addresses
  }

  routes(): HostRoute[] {
    return [...connectedRoutes(this.#addresses, this.#isUp), ...this.#routes]
  }

  sysctl(key: string): string | undefined {
    return this.#sysctls.get(key)
  }

  carryOut(operation: HostOperation): void {
    switch (operation.op) {
      case 'link.add': {
        const before = new Set(this.#links.keys())
        addLink(this.#links, operation.link)
        for (const name of this.#links.keys()) if (!before.has(name)) addLinkSysctls(this.#sysctls, name)
        break
      }
      case 'link.set':
        setLink(this.#links, operation.name, operation.settings)
        if (operation.settings.up === false) this.#forgetRoutes(operation.name)
        break
      case 'link.delete':
        for (const name of deleteLink(this.#links, operation.name)) this.#forgetLink(name)
        break
      case 'address.add':
        this.#addAddress(operation.link, operation.address)
        break
      case 'address.delete':
        this.#addresses = this.#addresses.filter(
          ({ link, address }) => link !== operation.link || address !== operation.address,
        )
        break
      case 'route.add':
        this.#routes.push(resolveRoute(operation.route, this.routes(), this.#isUp))
        break
      case 'route.delete':
        this.#routes = withoutRoute(this.#routes, operation.route)
        break
      case 'neighbour.add':
        if (!this.#links.has(operation.neighbour.link)) {
          throw kernelRefusal('neighbour add', operation.neighbour.macAddress, 'ENODEV')
        }
        this.#neighbours = [...this.#withoutNeighbour(operation.neighbour), operation.neighbour]
        break
      case 'neighbour.delete':
        this.#neighbours = this.#withoutNeighbour(operation.neighbour)
        break
      case 'sysctl.set':
        setSysctl(this.#sysctls, operation.key, operation.value)
    }
  }

  /** Everything that a leftover could show in, as plain JSON. */
  snapshot(): unknown {
    const byText = (left: string, right: string): number => (left < right ? -1 : 1)
    const lines = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort(byText)
    return {
      links: lines(this.links().map(({ index: _index, ...link }) => link)),
      addresses: lines(this.#addresses),
      routes: lines(this.#routes),
      neighbours: lines(this.#neighbours),
      sysctls: [...this.#sysctls].map(([key, value]) => `${key} = ${value}`).sort(byText),
    }
  }

  readonly #isUp = (link: string): boolean => this.#links.get(link)?.settings.up ?? false

  #addAddress(link: string, address: string): void {
    const cidr = parseCidr(address)
    if (cidr === undefined) throw kernelRefusal('address add', address, 'EINVAL')
    if (!this.#links.has(link)) throw kernelRefusal('address add', address, 'ENODEV')
    if (cidr.family === 'ipv6' && this.#sysctls.get(`ipv6/conf/${link}/disable_ipv6`) === '1') {
      throw kernelRefusal('address add', address, 'EACCES')
    }
    const present = this.#addresses.some((each) => {
      const other = parseCidr(each.address)
      // IPv6 has an address once on a link, whatever the prefix length.
      return (
        each.link === link &&
        other?.family === cidr.family &&
        other.value === cidr.value &&
        (cidr.family === 'ipv6' || other.prefix === cidr.prefix)
      )
    })
    if (present) throw kernelRefusal('address add', address, 'EEXIST')
    const scope = address.toLowerCase().startsWith('fe80:') ? 'link' : 'global'
    this.#addresses.push({ link, address, scope })
  }

  #withoutNeighbour({ link, macAddress, address, fdb }: NeighbourSpec): NeighbourSpec[] {
    return this.#neighbours.filter(
      (each) =>
        each.link !== link ||
        each.fdb !== fdb ||
        (fdb === true ? each.macAddress !== macAddress || each.address !== address : each.address !== address),
    )
  }

  #forgetRoutes(link: string): void {
    this.#routes = this.#routes.filter((route) => route.link !== link)
  }

  #forgetLink(link: string): void {
    this.#forgetRoutes(link)
    this.#addresses = this.#addresses.filter((address) => address.link !== link)
    this.#neighbours = this.#neighbours.filter((neighbour) => neighbour.link !== link)
    deleteLinkSysctls(this.#sysctls, link)
  }
}
