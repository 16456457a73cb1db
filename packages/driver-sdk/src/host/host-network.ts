import type { AddressFamily } from '../contract/address-family.ts'
import type { HostAddress, HostLink, HostRoute } from './host-link.ts'
import type { HostOperation } from './host-operation.ts'

/** Narrows {@link HostNetwork.links}. */
export interface LinkFilter {
  /** Only ports of this bridge, by name. */
  readonly master?: string | undefined
  /** Only links of this kind. */
  readonly kind?: string | undefined
}

/** Narrows {@link HostNetwork.addresses} and {@link HostNetwork.routes}. */
export interface FamilyFilter {
  /** Only this link, by name. */
  readonly link?: string | undefined
  /** Only this family. */
  readonly family?: AddressFamily | undefined
}

/** What can go with a call of {@link HostNetwork.apply}. */
export interface ApplyOptions {
  /** Checked before anything is sent. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The host's network namespace, as a driver sees it. Reads give what is there now; {@link apply} is the only way to change
 * anything. Everything is plain JSON and links go by name.
 */
export interface HostNetwork {
  /** The links of the host. */
  links(filter?: LinkFilter): Promise<readonly HostLink[]>
  /** One link by name, or `undefined`. */
  link(name: string): Promise<HostLink | undefined>
  /** The addresses of the host's links. */
  addresses(filter?: FamilyFilter): Promise<readonly HostAddress[]>
  /** The unicast routes of the host. Without a filter: of all tables and both families. */
  routes(filter?: FamilyFilter): Promise<readonly HostRoute[]>
  /** The value of a sysctl below `net` (`ipv4/ip_forward`), or `undefined` where the kernel has none of that name. */
  sysctl(key: string): Promise<string | undefined>
  /**
   * Carries out the operations in their order, in as few system calls as the kernel permits. When one fails, what the
   * ones before it have made is undone, and the error of the failing one is thrown: kernel errors read like
   * `link add br0: EEXIST (File exists)` and have the errno's kind.
   */
  apply(operations: readonly HostOperation[], options?: ApplyOptions): Promise<void>
}
