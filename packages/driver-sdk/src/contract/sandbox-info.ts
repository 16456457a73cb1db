import type { JsonValue } from '../errors/libnetwork-error.ts'
import type { BridgePortOptions } from '../host/host-link.ts'

/** A link that exists on the host already. It is moved into the sandbox, and given back when it is removed. */
export interface ExistingSource {
  /** Discriminates {@link InterfaceSource}. */
  readonly kind: 'existing'
  /** The link's name on the host; the seed calls it `SrcName`. */
  readonly name: string
}

/** A veth pair: one end on the host, its peer born inside the sandbox with its final name, MAC and MTU. */
export interface VethSource {
  /** Discriminates {@link InterfaceSource}. */
  readonly kind: 'veth'
  /** The end on the host. */
  readonly host: {
    /** Name of the host end, unique on the host, at most 15 bytes. */
    readonly name: string
    /** The bridge that the host end is a port of, by name. */
    readonly master?: string | undefined
    /** Flags of the bridge port. */
    readonly port?: BridgePortOptions | undefined
    /** MAC address of the host end. Without it the kernel draws one. */
    readonly macAddress?: string | undefined
    /** Group number of the host end (`IFLA_GROUP`). */
    readonly group?: number | undefined
    /** Alias of the host end (`IFLA_IFALIAS`), at most 255 bytes. */
    readonly alias?: string | undefined
    /** Addresses of the host end, CIDR text, for point-to-point set-ups without a bridge. */
    readonly addresses?: readonly string[] | undefined
    /** Routes of the host through the host end. */
    readonly routes?: readonly RouteInfo[] | undefined
  }
}

/** Any other kind of link with a parent on the host, born inside the sandbox: macvlan, ipvlan, vlan, vxlan. */
export interface NetlinkSource {
  /** Discriminates {@link InterfaceSource}. */
  readonly kind: 'netlink'
  /** The kernel's name of the link kind (`IFLA_INFO_KIND`). */
  readonly type: string
  /** The parent link on the host, by name. */
  readonly parent?: string | undefined
  /** The attributes of the kind (`IFLA_INFO_DATA`), camelCase, as `@libnetwork/netlink` names them. */
  readonly data?: Readonly<Record<string, JsonValue | undefined>> | undefined
}

/** A tap device made inside the sandbox, for virtual machine monitors. */
export interface TapSource {
  /** Discriminates {@link InterfaceSource}. */
  readonly kind: 'tap'
  /** Numeric user id that may open the device. */
  readonly owner?: number | undefined
  /** Whether several queues may be opened. */
  readonly multiQueue?: boolean | undefined
}

/** A link that the driver has already put inside the sandbox under its final name. Only addresses and routes are set. */
export interface ReadySource {
  /** Discriminates {@link InterfaceSource}. */
  readonly kind: 'ready'
}

/** Where an interface comes from. */
export type InterfaceSource = ExistingSource | VethSource | NetlinkSource | TapSource | ReadySource

/** A route inside the sandbox. */
export interface RouteInfo {
  /** Where to, CIDR text; `0.0.0.0/0` and `::/0` are the default routes. */
  readonly destination: string
  /** Next hop, address text. Without it the destination is on the link. */
  readonly gateway?: string | undefined
  /** Preferred source address, address text. */
  readonly source?: string | undefined
  /** Priority; the lowest wins. */
  readonly metric?: number | undefined
}

/** A permanent neighbour entry inside the sandbox. */
export interface NeighbourInfo {
  /** The neighbour's address, address text. */
  readonly address: string
  /** Its MAC address. */
  readonly macAddress: string
}

/** One interface of a sandbox, as a driver describes it. Nothing exists until a sandbox provider applies it. */
export interface InterfaceInfo {
  /** Where it comes from. */
  readonly source: InterfaceSource
  /** Its name inside the sandbox; the seed calls it `DstName`. At most 15 bytes. */
  readonly name?: string | undefined
  /** Without a name: the provider takes this prefix and the first free number. Default `eth`. */
  readonly prefix?: string | undefined
  /** MAC address, `02:42:0a:00:00:02`. */
  readonly macAddress?: string | undefined
  /** MTU in bytes. */
  readonly mtu?: number | undefined
  /** Addresses with prefix lengths, CIDR text, IPv4 and IPv6. */
  readonly addresses: readonly string[]
  /** Routes through this interface, beside those that its addresses imply. */
  readonly routes?: readonly RouteInfo[] | undefined
  /** Permanent neighbours on this interface. */
  readonly neighbours?: readonly NeighbourInfo[] | undefined
  /**
   * Sysctls of this interface by their names below `net`, with `IFNAME` for the interface:
   * `ipv4.conf.IFNAME.arp_announce`.
   */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
}

/** What a network driver's `join` answers: what the sandbox shall look like. The seed's own term. */
export interface SandboxInfo {
  /** The interfaces to add, usually one. Empty for drivers without any. */
  readonly interfaces: readonly InterfaceInfo[]
  /** IPv4 default gateway, address text, for when this endpoint becomes the sandbox's gateway endpoint. */
  readonly gateway?: string | undefined
  /** IPv6 default gateway, address text. */
  readonly gatewayIPv6?: string | undefined
  /** Sysctls of the whole sandbox, by their names below `net`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
}
