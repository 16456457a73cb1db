import { parseCidr } from '../../address/cidr.ts'
import { throwIfAborted } from '../../errors/common-errors.ts'
import type { FamilyFilter, HostNetwork } from '../../host/host-network.ts'
import { MemoryKernel } from './memory-kernel.ts'

/**
 * A host network in memory, for tests of drivers without privileges. It begins with a loopback link and keeps links,
 * addresses, routes, neighbours and sysctls as Linux does: a link's deletion takes its addresses, routes and veth peer with
 * it, names are unique, a second equal address is `EEXIST`, a bridge has at most 1023 ports. Errors read like the real
 * host's. No packet ever moves.
 *
 * @example
 * ```ts
 * const host = memoryHost()
 * await host.apply([{ op: 'link.add', link: { name: 'br0', info: { kind: 'bridge' }, up: true } }])
 * await host.link('br0') // { index: 2, name: 'br0', kind: 'bridge', ... }
 * ```
 */
export function memoryHost(): MemoryHost {
  let kernel = new MemoryKernel()
  const matches = (filter: FamilyFilter, link: string | undefined, text: string): boolean =>
    (filter.link === undefined || filter.link === link) &&
    (filter.family === undefined || filter.family === parseCidr(text)?.family)
  return {
    links: ({ master, kind } = {}) =>
      Promise.resolve(
        kernel
          .links()
          .filter(
            (link) => (master === undefined || link.master === master) && (kind === undefined || link.kind === kind),
          ),
      ),
    link: (name) => Promise.resolve(kernel.links().find((link) => link.name === name)),
    addresses: (filter = {}) =>
      Promise.resolve(kernel.addresses().filter(({ link, address }) => matches(filter, link, address))),
    routes: (filter = {}) =>
      Promise.resolve(kernel.routes().filter(({ link, destination }) => matches(filter, link, destination))),
    sysctl: (key) => Promise.resolve(kernel.sysctl(key)),
    apply: async (operations, { signal } = {}) => {
      await Promise.resolve()
      throwIfAborted(signal, 'apply host operations')
      const next = kernel.copy()
      for (const operation of operations) next.carryOut(operation)
      kernel = next
    },
    snapshot: () => Promise.resolve(kernel.snapshot()),
  }
}

/** The host network that {@link memoryHost} makes. */
export interface MemoryHost extends HostNetwork {
  /** All that there is, in a form that two snapshots can be compared by `deepEqual`. Link numbers are left out. */
  snapshot(): Promise<unknown>
}
