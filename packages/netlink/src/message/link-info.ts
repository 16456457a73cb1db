import type { AttributeCodec } from '../wire/attribute-codec.ts'
import { bool, clockMilliseconds, hex, ipv4, ipv6, text, u16, u16be, u32, u8, word } from '../wire/attribute-codec.ts'
import { AttributeSet, type AttributeTable, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'
import type { VethPeer } from './link.ts'

/** A bridge (`IFLA_BR_*`, <linux/if_link.h>). */
export interface BridgeData extends WithUnknown {
  /** Forwarding delay in milliseconds. */
  readonly forwardDelay?: number | undefined
  /** Interval of spanning tree hellos in milliseconds. */
  readonly helloTime?: number | undefined
  /** Life of spanning tree information in milliseconds. */
  readonly maxAge?: number | undefined
  /** Life of learned addresses in milliseconds. */
  readonly ageingTime?: number | undefined
  /** Spanning tree: 0 off, 1 in the kernel, 2 in user space. */
  readonly stpState?: number | undefined
  /** Spanning tree priority. */
  readonly priority?: number | undefined
  /** Whether frames are filtered by VLAN. */
  readonly vlanFiltering?: boolean | undefined
  /** Mask of link-local group addresses that are forwarded. */
  readonly groupFwdMask?: number | undefined
  /** Multicast snooping. */
  readonly mcastSnooping?: boolean | undefined
  /** Whether the bridge asks for group memberships. */
  readonly mcastQuerier?: boolean | undefined
  /** Whether iptables sees bridged frames. */
  readonly nfCallIptables?: boolean | undefined
  /** Whether ip6tables sees bridged frames. */
  readonly nfCallIp6tables?: boolean | undefined
  /** VLAN of untagged frames. */
  readonly vlanDefaultPvid?: number | undefined
}

const BRIDGE: AttributeTable<BridgeData> = {
  forwardDelay: [1, clockMilliseconds],
  helloTime: [2, clockMilliseconds],
  maxAge: [3, clockMilliseconds],
  ageingTime: [4, clockMilliseconds],
  stpState: [5, u32],
  priority: [6, u16],
  vlanFiltering: [7, bool],
  groupFwdMask: [9, u16],
  mcastSnooping: [23, bool],
  mcastQuerier: [25, bool],
  nfCallIptables: [36, bool],
  nfCallIp6tables: [37, bool],
  vlanDefaultPvid: [39, u16],
}

/** A port of a bridge (`IFLA_BRPORT_*`, <linux/if_link.h>). */
export interface BridgePortData extends WithUnknown {
  /** Spanning tree state. Read only in effect. */
  readonly state?: number | undefined
  /** Spanning tree priority. */
  readonly priority?: number | undefined
  /** Spanning tree cost. */
  readonly cost?: number | undefined
  /** Frames may leave through the port that they came in by. */
  readonly hairpin?: boolean | undefined
  /** Spanning tree messages are refused. */
  readonly guard?: boolean | undefined
  /** The port is taken out when a group member leaves. */
  readonly fastLeave?: boolean | undefined
  /** Addresses are learned. */
  readonly learning?: boolean | undefined
  /** Unknown unicast is flooded to the port. */
  readonly flood?: boolean | undefined
  /** The bridge answers ARP for hosts behind the port. */
  readonly proxyArp?: boolean | undefined
  /** Unknown multicast is flooded to the port. */
  readonly mcastFlood?: boolean | undefined
  /** Broadcast is flooded to the port. */
  readonly bcastFlood?: boolean | undefined
  /** Neighbour discovery is answered by the bridge. */
  readonly neighSuppress?: boolean | undefined
  /** The port exchanges frames with ports that are not isolated only. */
  readonly isolated?: boolean | undefined
}

const BRIDGE_PORT: AttributeTable<BridgePortData> = {
  state: [1, u8],
  priority: [2, u16],
  cost: [3, u32],
  hairpin: [4, bool],
  guard: [5, bool],
  fastLeave: [7, bool],
  learning: [8, bool],
  flood: [9, bool],
  proxyArp: [10, bool],
  mcastFlood: [27, bool],
  bcastFlood: [30, bool],
  neighSuppress: [32, bool],
  isolated: [33, bool],
}

/** Modes of a macvlan device. */
export type MacvlanMode = 'private' | 'vepa' | 'bridge' | 'passthru' | 'source'

/** A macvlan or macvtap device (`IFLA_MACVLAN_*`). */
export interface MacvlanData extends WithUnknown {
  /** How devices on one parent reach each other. */
  readonly mode?: MacvlanMode | undefined
  /** `MACVLAN_FLAG_*`. */
  readonly flags?: number | undefined
}

const MACVLAN: AttributeTable<MacvlanData> = {
  mode: [1, word({ private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 }, u32)],
  flags: [2, u16],
}

/** An ipvlan device (`IFLA_IPVLAN_*`). */
export interface IpvlanData extends WithUnknown {
  /** At which layer packets are switched. */
  readonly mode?: 'l2' | 'l3' | 'l3s' | undefined
  /** 0 bridge, 1 private, 2 vepa. */
  readonly flags?: number | undefined
}

const IPVLAN: AttributeTable<IpvlanData> = {
  mode: [1, word({ l2: 0, l3: 1, l3s: 2 }, u16)],
  flags: [2, u16],
}

/** A VXLAN device (`IFLA_VXLAN_*`). */
export interface VxlanData extends WithUnknown {
  /** Network identifier, 0 to 2^24-1. */
  readonly id?: number | undefined
  /** Remote or multicast group address, IPv4. */
  readonly group?: string | undefined
  /** The link that carries the packets, by index. */
  readonly link?: number | undefined
  /** Source address, IPv4. */
  readonly local?: string | undefined
  /** Hop limit; 0 inherits. */
  readonly ttl?: number | undefined
  /** Type of service; 1 inherits. */
  readonly tos?: number | undefined
  /** Whether addresses are learned. */
  readonly learning?: boolean | undefined
  /** Life of learned addresses in seconds. */
  readonly ageing?: number | undefined
  /** Limit of learned addresses. */
  readonly limit?: number | undefined
  /** Whether the device answers ARP. */
  readonly proxy?: boolean | undefined
  /** Whether unknown destinations are announced over netlink. */
  readonly l2miss?: boolean | undefined
  /** Whether unknown neighbours are announced over netlink. */
  readonly l3miss?: boolean | undefined
  /** UDP destination port. */
  readonly port?: number | undefined
  /** Remote or multicast group address, IPv6. */
  readonly group6?: string | undefined
  /** Source address, IPv6. */
  readonly local6?: string | undefined
}

const VXLAN: AttributeTable<VxlanData> = {
  id: [1, u32],
  group: [2, ipv4],
  link: [3, u32],
  local: [4, ipv4],
  ttl: [5, u8],
  tos: [6, u8],
  learning: [7, bool],
  ageing: [8, u32],
  limit: [9, u32],
  proxy: [11, bool],
  l2miss: [13, bool],
  l3miss: [14, bool],
  port: [15, u16be],
  group6: [16, ipv6],
  local6: [17, ipv6],
}

/** A VLAN device (`IFLA_VLAN_*`). */
export interface VlanData extends WithUnknown {
  /** VLAN identifier, 1 to 4094. */
  readonly id?: number | undefined
  /** `802.1Q` or `802.1ad`. */
  readonly protocol?: '802.1Q' | '802.1ad' | undefined
}

const VLAN: AttributeTable<VlanData> = {
  id: [1, u16],
  protocol: [5, word({ '802.1Q': 0x8100, '802.1ad': 0x88a8 }, u16be)],
}

/** The kind of a link with what belongs to it. Other kinds carry their attributes as hexadecimal text. */
export type LinkInfo =
  | { readonly kind: 'bridge'; readonly data?: BridgeData | undefined }
  | { readonly kind: 'veth'; readonly peer?: VethPeer | undefined }
  | { readonly kind: 'macvlan' | 'macvtap'; readonly data?: MacvlanData | undefined }
  | { readonly kind: 'ipvlan'; readonly data?: IpvlanData | undefined }
  | { readonly kind: 'vxlan'; readonly data?: VxlanData | undefined }
  | { readonly kind: 'vlan'; readonly data?: VlanData | undefined }
  | { readonly kind: 'dummy' | 'ifb' }
  | { readonly kind: 'other'; readonly name: string; readonly data?: string | undefined }

/** What a link is as a port of its master. Other kinds carry their attributes as hexadecimal text. */
export type LinkPortInfo =
  | { readonly kind: 'bridge'; readonly data: BridgePortData }
  | { readonly kind: 'other'; readonly name: string; readonly data?: string | undefined }

const IFLA_INFO_KIND = 1
const IFLA_INFO_DATA = 2
const IFLA_INFO_SLAVE_KIND = 4
const IFLA_INFO_SLAVE_DATA = 5
const VETH_INFO_PEER = 1

const DATA_SETS: ReadonlyMap<string, AttributeSet<WithUnknown>> = new Map<string, AttributeSet<WithUnknown>>([
  ['bridge', new AttributeSet<BridgeData>(BRIDGE)],
  ['macvlan', new AttributeSet<MacvlanData>(MACVLAN)],
  ['macvtap', new AttributeSet<MacvlanData>(MACVLAN)],
  ['ipvlan', new AttributeSet<IpvlanData>(IPVLAN)],
  ['vxlan', new AttributeSet<VxlanData>(VXLAN)],
  ['vlan', new AttributeSet<VlanData>(VLAN)],
])
const PLAIN_KINDS: ReadonlySet<string> = new Set(['dummy', 'ifb', 'veth'])
const PORT_SET = new AttributeSet<BridgePortData>(BRIDGE_PORT)

interface RawInfo extends WithUnknown {
  readonly kind?: string | undefined
  readonly data?: string | undefined
  readonly portKind?: string | undefined
  readonly portData?: string | undefined
}

const KIND_MAX = 63
const RAW = new AttributeSet<RawInfo>({
  kind: [IFLA_INFO_KIND, text(KIND_MAX)],
  data: [IFLA_INFO_DATA, hex],
  portKind: [IFLA_INFO_SLAVE_KIND, text(KIND_MAX)],
  portData: [IFLA_INFO_SLAVE_DATA, hex],
})

/** Both halves of `IFLA_LINKINFO`. */
export interface LinkInfoAttribute extends WithUnknown {
  /** What the link is. */
  readonly info?: LinkInfo | undefined
  /** What it is to its master. */
  readonly port?: LinkPortInfo | undefined
}

function readInfo(kind: string, data: string | undefined): LinkInfo {
  const set = DATA_SETS.get(kind)
  if (set !== undefined) {
    // The map pairs each kind with the attributes of that kind.
    return { kind, ...(data !== undefined && { data: set.read(Buffer.from(data, 'hex')) }) } as LinkInfo
  }
  if (PLAIN_KINDS.has(kind) && data === undefined) return { kind } as LinkInfo
  return { kind: 'other', name: kind, ...(data !== undefined && { data }) }
}

function readPort(kind: string, data: string | undefined): LinkPortInfo {
  if (kind === 'bridge' && data !== undefined) return { kind, data: PORT_SET.read(Buffer.from(data, 'hex')) }
  return { kind: 'other', name: kind, ...(data !== undefined && { data }) }
}

function attribute(writer: MessageWriter, type: number, write: () => void): void {
  const start = writer.beginAttribute(type)
  write()
  writer.endAttribute(start)
}

function writeInfo(
  writer: MessageWriter,
  info: LinkInfo,
  writePeer: (writer: MessageWriter, peer: VethPeer) => void,
): void {
  attribute(writer, IFLA_INFO_KIND, () => {
    writer.text(info.kind === 'other' ? info.name : info.kind)
    // The kernel reads kinds with and without a closing NUL; it writes them with one.
    writer.u8(0)
  })
  if (info.kind === 'veth') {
    const { peer } = info
    if (peer === undefined) return
    attribute(writer, IFLA_INFO_DATA, () => attribute(writer, VETH_INFO_PEER, () => writePeer(writer, peer)))
  } else if (info.kind === 'other') {
    const { data } = info
    if (data !== undefined) attribute(writer, IFLA_INFO_DATA, () => writer.raw(Buffer.from(data, 'hex')))
  } else if ('data' in info && info.data !== undefined) {
    const { data, kind } = info
    attribute(writer, IFLA_INFO_DATA, () => DATA_SETS.get(kind)?.write(writer, data))
  }
}

function infoProblems(info: LinkInfo, peerProblems: (peer: VethPeer) => readonly string[]): readonly string[] {
  if (typeof info !== 'object' || (info as unknown) === null) return ['must be an object with a kind']
  const { kind } = info
  if (kind === 'other') {
    const name = info.name === '' ? 'must not be empty' : text(KIND_MAX).problem(info.name)
    const data = info.data === undefined ? undefined : hex.problem(info.data)
    return [...(name === undefined ? [] : [`name ${name}`]), ...(data === undefined ? [] : [`data ${data}`])]
  }
  if (kind === 'veth') return info.peer === undefined ? [] : peerProblems(info.peer)
  const set = DATA_SETS.get(kind)
  if (set === undefined) {
    return PLAIN_KINDS.has(kind)
      ? []
      : [`kind must be one of ${[...DATA_SETS.keys(), ...PLAIN_KINDS, 'other'].join(', ')}`]
  }
  return 'data' in info && info.data !== undefined ? set.problems(info.data, `${kind}.`) : []
}

/** `IFLA_LINKINFO`. The veth peer is a whole link message of its own, so its writer is passed in. */
export function linkInfoCodec(
  writePeer: (writer: MessageWriter, peer: VethPeer) => void,
  peerProblems: (peer: VethPeer) => readonly string[],
): AttributeCodec<LinkInfoAttribute> {
  return {
    read: (payload) => {
      const { kind, data, portKind, portData, unknown } = RAW.read(payload)
      return {
        ...(kind !== undefined && { info: readInfo(kind, data) }),
        ...(portKind !== undefined && { port: readPort(portKind, portData) }),
        ...(unknown !== undefined && { unknown }),
      }
    },
    write: (writer, { info, port, unknown }) => {
      if (info !== undefined) writeInfo(writer, info, writePeer)
      if (port !== undefined) {
        attribute(writer, IFLA_INFO_SLAVE_KIND, () => {
          writer.text(port.kind === 'other' ? port.name : port.kind)
          writer.u8(0)
        })
        attribute(writer, IFLA_INFO_SLAVE_DATA, () => {
          if (port.kind === 'bridge') PORT_SET.write(writer, port.data)
          else if (port.data !== undefined) writer.raw(Buffer.from(port.data, 'hex'))
        })
      }
      for (const { type, data } of unknown ?? []) attribute(writer, type, () => writer.raw(Buffer.from(data, 'hex')))
    },
    problem: (value) => {
      const { info, port } = value as LinkInfoAttribute
      const problems = info === undefined ? [] : [...infoProblems(info, peerProblems)]
      if (port?.kind === 'bridge') problems.push(...PORT_SET.problems(port.data, 'port.'))
      return problems.length > 0 ? problems.join('; ') : undefined
    },
  }
}

/** The flags of a bridge port for a message of the family `AF_BRIDGE` (`IFLA_PROTINFO`). */
export const BRIDGE_PORT_ATTRIBUTES: AttributeTable<BridgePortData> = BRIDGE_PORT
