import type {
  FamilyFilter,
  HostAddress,
  HostLink,
  HostNetwork,
  HostOperation,
  LinkFilter,
  LinkSettings,
} from '@libnetwork/driver-sdk'
import { parseCidr } from '@libnetwork/driver-sdk'

// Defaults of the kernel for a link that says nothing else.
const DEFAULT_MTU = 1500

function changed(link: HostLink, { master, ...settings }: LinkSettings): HostLink {
  return {
    ...link,
    macAddress: settings.macAddress ?? link.macAddress,
    mtu: settings.mtu ?? link.mtu,
    up: settings.up ?? link.up,
    group: settings.group ?? link.group,
    alias: settings.alias ?? link.alias,
    master: master === undefined ? link.master : (master ?? undefined),
  }
}

/**
 * A host that reads from a real one and never writes: what would be changed is recorded, and seen by later reads, so that
 * verbs go on as if it had been done.
 */
export class RecordingHost implements HostNetwork {
  readonly #real: HostNetwork
  readonly #record: (operation: HostOperation) => void
  readonly #links = new Map<string, HostLink | undefined>()
  readonly #addresses: HostAddress[] = []
  readonly #sysctls = new Map<string, string>()

  constructor(real: HostNetwork, record: (operation: HostOperation) => void) {
    this.#real = real
    this.#record = record
  }

  async links(filter: LinkFilter = {}): Promise<readonly HostLink[]> {
    const real = await this.#real.links()
    const untouched = real.filter(({ name }) => !this.#links.has(name))
    const planned = [...this.#links.values()].filter((link) => link !== undefined)
    return [...untouched, ...planned].filter(
      (link) =>
        (filter.kind === undefined || link.kind === filter.kind) &&
        (filter.master === undefined || link.master === filter.master),
    )
  }

  async link(name: string): Promise<HostLink | undefined> {
    return this.#links.has(name) ? this.#links.get(name) : await this.#real.link(name)
  }

  async addresses(filter: FamilyFilter = {}): Promise<readonly HostAddress[]> {
    const planned = this.#addresses.filter(
      ({ link, address }) =>
        (filter.link === undefined || filter.link === link) &&
        (filter.family === undefined || parseCidr(address)?.family === filter.family),
    )
    // The kernel has no addresses for a link that is only planned.
    const real = filter.link !== undefined && this.#links.has(filter.link) ? [] : await this.#real.addresses(filter)
    return [...real, ...planned]
  }

  async routes(filter?: FamilyFilter): ReturnType<HostNetwork['routes']> {
    return await this.#real.routes(filter)
  }

  async sysctl(key: string): Promise<string | undefined> {
    return this.#sysctls.get(key) ?? (await this.#real.sysctl(key))
  }

  async apply(operations: readonly HostOperation[]): Promise<void> {
    for (const operation of operations) {
      await this.#pretend(operation)
      this.#record(operation)
    }
  }

  async #pretend(operation: HostOperation): Promise<void> {
    if (operation.op === 'link.add') {
      const { name, info, ...settings } = operation.link
      this.#links.set(name, changed({ index: 0, name, kind: info.kind, mtu: DEFAULT_MTU, up: false }, settings))
    } else if (operation.op === 'link.set') {
      const link = await this.link(operation.name)
      if (link !== undefined) this.#links.set(operation.name, changed(link, operation.settings))
    } else if (operation.op === 'link.delete') this.#links.set(operation.name, undefined)
    else if (operation.op === 'address.add') {
      this.#addresses.push({ link: operation.link, address: operation.address, scope: 'global' })
    } else if (operation.op === 'sysctl.set') this.#sysctls.set(operation.key, operation.value)
  }
}
