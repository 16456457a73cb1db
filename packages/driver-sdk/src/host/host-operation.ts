import type { LinkSettings, LinkSpec } from './host-link.ts'

/** Makes a link. */
export interface LinkAdd {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'link.add'
  /** The link. */
  readonly link: LinkSpec
}

/** Changes a link. */
export interface LinkSet {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'link.set'
  /** The link, by name. */
  readonly name: string
  /** What to change. */
  readonly settings: LinkSettings
}

/** Deletes a link. One that is gone is no error. */
export interface LinkDelete {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'link.delete'
  /** The link, by name. */
  readonly name: string
}

/** Adds an address to a link. */
export interface AddressAdd {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'address.add'
  /** The link, by name. */
  readonly link: string
  /** The address with its prefix length, CIDR text. */
  readonly address: string
}

/** Takes an address from a link. One that is gone is no error. */
export interface AddressDelete {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'address.delete'
  /** The link, by name. */
  readonly link: string
  /** The address with its prefix length, CIDR text. */
  readonly address: string
}

/** What a route is made of. */
export interface RouteSpec {
  /** Where to, CIDR text. */
  readonly destination: string
  /** Next hop, address text. */
  readonly gateway?: string | undefined
  /** The link that it leaves by, by name. */
  readonly link?: string | undefined
  /** Preferred source address, address text. */
  readonly source?: string | undefined
  /** Priority. */
  readonly metric?: number | undefined
  /** Routing table number. Default 254, the main one. */
  readonly table?: number | undefined
}

/** Adds a route. */
export interface RouteAdd {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'route.add'
  /** The route. */
  readonly route: RouteSpec
}

/** Deletes a route. One that is gone is no error. */
export interface RouteDelete {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'route.delete'
  /** The route. */
  readonly route: RouteSpec
}

/** What a permanent neighbour or forwarding entry is made of. */
export interface NeighbourSpec {
  /** The link, by name. */
  readonly link: string
  /** MAC address. */
  readonly macAddress: string
  /** The neighbour's address; for a forwarding entry the remote tunnel end. Address text. */
  readonly address?: string | undefined
  /** A forwarding entry of a bridge or VXLAN device instead of a neighbour. */
  readonly fdb?: boolean | undefined
}

/** Adds a neighbour or forwarding entry, or replaces the one that is there. */
export interface NeighbourAdd {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'neighbour.add'
  /** The entry. */
  readonly neighbour: NeighbourSpec
}

/** Deletes a neighbour or forwarding entry. One that is gone is no error. */
export interface NeighbourDelete {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'neighbour.delete'
  /** The entry. */
  readonly neighbour: NeighbourSpec
}

/** Writes a sysctl, unless it has the value already. */
export interface SysctlSet {
  /** Discriminates {@link HostOperation}. */
  readonly op: 'sysctl.set'
  /** Its name below `net`, with slashes: `ipv4/ip_forward`, `ipv6/conf/br0/disable_ipv6`. */
  readonly key: string
  /** The value. */
  readonly value: string
}

/** One change of the host's network namespace. Plain JSON. */
export type HostOperation =
  | LinkAdd
  | LinkSet
  | LinkDelete
  | AddressAdd
  | AddressDelete
  | RouteAdd
  | RouteDelete
  | NeighbourAdd
  | NeighbourDelete
  | SysctlSet
