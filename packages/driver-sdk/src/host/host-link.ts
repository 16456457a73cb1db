/** Flags of a bridge port (`IFLA_BRPORT_*`). */
export interface BridgePortOptions {
  /** The port exchanges frames with ports that are not isolated only. */
  readonly isolated?: boolean | undefined
  /** Frames may leave through the port that they came in by. */
  readonly hairpin?: boolean | undefined
  /** Whether unknown multicast is flooded to the port. */
  readonly mcastFlood?: boolean | undefined
  /** Whether unknown unicast is flooded to the port. */
  readonly flood?: boolean | undefined
  /** Whether the bridge learns addresses from the port. */
  readonly learning?: boolean | undefined
  /** Spanning tree cost. */
  readonly cost?: number | undefined
}

/** A bridge to make. */
export interface BridgeLinkSpec {
  /** The kernel's name of the kind. */
  readonly kind: 'bridge'
  /** Forwarding delay in milliseconds. 0 forwards at once. */
  readonly forwardDelay?: number | undefined
  /** Spanning tree. */
  readonly stp?: boolean | undefined
  /** Multicast snooping. */
  readonly mcastSnooping?: boolean | undefined
}

/** A dummy, ifb or other link without attributes of its own. */
export interface PlainLinkSpec {
  /** The kernel's name of the kind. */
  readonly kind: 'dummy' | 'ifb'
}

/** A veth pair with both ends on the host. */
export interface VethLinkSpec {
  /** The kernel's name of the kind. */
  readonly kind: 'veth'
  /** The name of the other end. */
  readonly peer: string
}

/** A VXLAN device. */
export interface VxlanLinkSpec {
  /** The kernel's name of the kind. */
  readonly kind: 'vxlan'
  /** VXLAN network identifier, 0 to 2^24-1. */
  readonly id: number
  /** The link that carries the packets, by name. */
  readonly parent?: string | undefined
  /** Source address, address text. */
  readonly local?: string | undefined
  /** Remote or multicast group address, address text. */
  readonly remote?: string | undefined
  /** UDP destination port. */
  readonly port?: number | undefined
  /** Whether addresses are learned. */
  readonly learning?: boolean | undefined
}

/** A VLAN device. */
export interface VlanLinkSpec {
  /** The kernel's name of the kind. */
  readonly kind: 'vlan'
  /** VLAN identifier, 1 to 4094. */
  readonly id: number
  /** The link that carries the frames, by name. */
  readonly parent: string
}

/** What is particular to a kind of link. */
export type LinkKindSpec = BridgeLinkSpec | PlainLinkSpec | VethLinkSpec | VxlanLinkSpec | VlanLinkSpec

/** What may be said of a link at its creation and changed later. */
export interface LinkSettings {
  /** MAC address. */
  readonly macAddress?: string | undefined
  /** MTU in bytes. */
  readonly mtu?: number | undefined
  /** The bridge that it is a port of, by name; `null` takes it out. */
  readonly master?: string | null | undefined
  /** Administrative state. */
  readonly up?: boolean | undefined
  /** Group number (`IFLA_GROUP`). */
  readonly group?: number | undefined
  /** Alias (`IFLA_IFALIAS`), at most 255 bytes. */
  readonly alias?: string | undefined
  /** Flags of the bridge port, for a link with a bridge as its master. */
  readonly port?: BridgePortOptions | undefined
  /** How the kernel makes the IPv6 link-local address. `none` makes none. */
  readonly ipv6AddressGeneration?: 'eui64' | 'none' | 'stable-privacy' | 'random' | undefined
}

/** A link to make on the host. */
export interface LinkSpec extends LinkSettings {
  /** Its name, at most 15 bytes, unique on the host. */
  readonly name: string
  /** Its kind, and what belongs to the kind. */
  readonly info: LinkKindSpec
}

/** A link of the host, as it was found. */
export interface HostLink {
  /** Its number in its namespace. */
  readonly index: number
  /** Its name. */
  readonly name: string
  /** The kernel's name of its kind, such as `bridge`; `undefined` for hardware and loopback. */
  readonly kind?: string | undefined
  /** MAC address. */
  readonly macAddress?: string | undefined
  /** MTU in bytes. */
  readonly mtu: number
  /** Administrative state. */
  readonly up: boolean
  /** The name of its master, where it has one. */
  readonly master?: string | undefined
  /** Group number. */
  readonly group?: number | undefined
  /** Alias. */
  readonly alias?: string | undefined
}

/** An address of a host link, as it was found. */
export interface HostAddress {
  /** The link, by name. */
  readonly link: string
  /** The address with its prefix length, CIDR text. */
  readonly address: string
  /** `global`, `link`, `host`, `site` or a number. */
  readonly scope: string
}

/** A route of the host, as it was found. */
export interface HostRoute {
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
  /** Routing table number; 254 is the main one. */
  readonly table: number
}
