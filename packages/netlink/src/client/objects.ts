import type { AddressFamily } from '@libnetwork/driver-sdk'
import { formatAddress } from '@libnetwork/driver-sdk'
import { IFA_F_TENTATIVE, type AddressMessage } from '../message/address.ts'
import { IFF_UP, type LinkAttributes, type LinkMessage } from '../message/link.ts'
import type { LinkInfo, LinkPortInfo } from '../message/link-info.ts'
import type { NeighbourMessage } from '../message/neighbour.ts'
import { RT_TABLE_COMPAT, type NextHop, type RouteMessage, type RouteMetrics } from '../message/route.ts'
import type { RuleMessage } from '../message/rule.ts'
import type { UnknownAttribute } from '../wire/attribute-table.ts'
import { AF_BRIDGE, AF_INET6 } from '../wire/constants.ts'

/** A link, as the kernel tells of it. Plain JSON. */
export interface Link {
  /** Number in its namespace. */
  readonly index: number
  /** Name. */
  readonly name: string
  /** The kernel's name of its kind; `undefined` for hardware and loopback. */
  readonly kind?: string | undefined
  /** What it is. */
  readonly info?: LinkInfo | undefined
  /** What it is to its master. */
  readonly port?: LinkPortInfo | undefined
  /** MAC address. */
  readonly address?: string | undefined
  /** MTU in bytes. */
  readonly mtu: number
  /** Administrative state. */
  readonly up: boolean
  /** `IFF_*`. */
  readonly flags: number
  /** Index of its master. */
  readonly master?: number | undefined
  /** Index of its parent or other end. */
  readonly link?: number | undefined
  /** Alias. */
  readonly alias?: string | undefined
  /** Group number. */
  readonly group?: number | undefined
  /** All attributes as they were on the wire, unknown ones included. */
  readonly attributes: LinkAttributes
}

/** An address, as the kernel tells of it. Plain JSON. */
export interface LinkAddress {
  /** Number of the link. */
  readonly index: number
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** The address with its prefix length, CIDR text. */
  readonly address: string
  /** The other side's address on a point-to-point link. */
  readonly peer?: string | undefined
  /** `RT_SCOPE_*`. */
  readonly scope: number
  /** `IFA_F_*`. */
  readonly flags: number
  /** Whether duplicate address detection is still running. */
  readonly tentative: boolean
  /** Label. */
  readonly label?: string | undefined
  /** Broadcast address. */
  readonly broadcast?: string | undefined
  /** Attributes that this package has no name for. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** A route, as the kernel tells of it. Plain JSON. */
export interface Route {
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** Where to, CIDR text. */
  readonly destination: string
  /** Address of the next router. */
  readonly gateway?: string | undefined
  /** Number of the link. */
  readonly index?: number | undefined
  /** Several next hops. */
  readonly nextHops?: readonly NextHop[] | undefined
  /** Preferred source address. */
  readonly source?: string | undefined
  /** Priority. */
  readonly metric?: number | undefined
  /** Table number. */
  readonly table: number
  /** `RTPROT_*`. */
  readonly protocol: number
  /** `RT_SCOPE_*`. */
  readonly scope: number
  /** `RTN_*`. */
  readonly type: number
  /** `RTNH_F_*` and `RTM_F_*`. */
  readonly flags: number
  /** Metrics. */
  readonly metrics?: RouteMetrics | undefined
  /** Attributes that this package has no name for. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** A neighbour or forwarding entry, as the kernel tells of it. Plain JSON. */
export interface Neighbour {
  /** Number of the link. */
  readonly index: number
  /** Whether it is a forwarding entry. */
  readonly fdb: boolean
  /** The neighbour's address, or the remote tunnel end. */
  readonly address?: string | undefined
  /** MAC address. */
  readonly mac?: string | undefined
  /** `NUD_*`. */
  readonly state: number
  /** `NTF_*`. */
  readonly flags: number
  /** Index of the bridge. */
  readonly master?: number | undefined
  /** VLAN of a forwarding entry. */
  readonly vlan?: number | undefined
  /** Attributes that this package has no name for. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** A rule, as the kernel tells of it. Plain JSON. */
export interface Rule {
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** Priority. */
  readonly priority: number
  /** Source, CIDR text. */
  readonly from?: string | undefined
  /** Destination, CIDR text. */
  readonly to?: string | undefined
  /** Name of the link that packets come in by. */
  readonly inputName?: string | undefined
  /** Name of the link that packets leave by. */
  readonly outputName?: string | undefined
  /** Packet mark. */
  readonly mark?: number | undefined
  /** Which bits of the mark count. */
  readonly mask?: number | undefined
  /** Table number. */
  readonly table: number
  /** `FR_ACT_*`. */
  readonly action: number
  /** Attributes that this package has no name for. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

function familyOf(number: number): AddressFamily {
  return number === AF_INET6 ? 'ipv6' : 'ipv4'
}

function zero(family: AddressFamily): string {
  return formatAddress({ family, value: 0n })
}

/** A link from its message. */
export function linkOf({ index, flags, attributes }: LinkMessage): Link {
  const { info, port } = attributes.linkInfo ?? {}
  return {
    index,
    name: attributes.name ?? '',
    kind: info?.kind === 'other' ? info.name : info?.kind,
    info,
    port,
    address: attributes.address,
    mtu: attributes.mtu ?? 0,
    up: (flags & IFF_UP) !== 0,
    flags: flags >>> 0,
    master: attributes.master,
    link: attributes.link,
    alias: attributes.alias,
    group: attributes.group,
    attributes,
  }
}

/** An address from its message. */
export function addressOf({ index, family, prefix, scope, headerFlags, attributes }: AddressMessage): LinkAddress {
  const own = attributes.local ?? attributes.address ?? zero(familyOf(family))
  const flags = attributes.flags ?? headerFlags
  return {
    index,
    family: familyOf(family),
    address: `${own}/${prefix}`,
    peer: attributes.local !== undefined && attributes.local !== attributes.address ? attributes.address : undefined,
    scope,
    flags,
    tentative: (flags & IFA_F_TENTATIVE) !== 0,
    label: attributes.label,
    broadcast: attributes.broadcast,
    unknown: attributes.unknown,
  }
}

/** A route from its message. */
export function routeOf(message: RouteMessage): Route {
  const { attributes, headerTable } = message
  const family = familyOf(message.family)
  return {
    family,
    destination: `${attributes.destination ?? zero(family)}/${message.destinationPrefix}`,
    gateway: attributes.gateway,
    index: attributes.index,
    nextHops: attributes.nextHops,
    source: attributes.preferredSource,
    metric: attributes.priority,
    table: attributes.table ?? (headerTable === RT_TABLE_COMPAT ? 0 : headerTable),
    protocol: message.protocol,
    scope: message.scope,
    type: message.type,
    flags: message.flags,
    metrics: attributes.metrics,
    unknown: attributes.unknown,
  }
}

/** A neighbour from its message. */
export function neighbourOf({ index, family, state, flags, attributes }: NeighbourMessage): Neighbour {
  return {
    index,
    fdb: family === AF_BRIDGE,
    address: attributes.address,
    mac: attributes.mac,
    state,
    flags,
    master: attributes.master,
    vlan: attributes.vlan,
    unknown: attributes.unknown,
  }
}

/** A rule from its message. */
export function ruleOf({ family, toPrefix, fromPrefix, headerTable, action, attributes }: RuleMessage): Rule {
  return {
    family: familyOf(family),
    priority: attributes.priority ?? 0,
    from: attributes.from && `${attributes.from}/${fromPrefix}`,
    to: attributes.to && `${attributes.to}/${toPrefix}`,
    inputName: attributes.inputName,
    outputName: attributes.outputName,
    mark: attributes.mark,
    mask: attributes.mask,
    table: attributes.table ?? headerTable,
    action,
    unknown: attributes.unknown,
  }
}
