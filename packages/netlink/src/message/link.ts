import type { AttributeCodec } from '../wire/attribute-codec.ts'
import { hex, i32, linkName, mac, text, u32, u64, u8, word } from '../wire/attribute-codec.ts'
import { linkIndex } from '../wire/value-check.ts'
import { AttributeSet, nested, NestedCodec, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'
import {
  BRIDGE_PORT_ATTRIBUTES,
  linkInfoCodec,
  type BridgePortData,
  type LinkInfo,
  type LinkPortInfo,
} from './link-info.ts'

/** Counters of a link (`struct rtnl_link_stats64`, its first members). Decimal text. */
export interface LinkStatistics {
  /** Packets received. */
  readonly rxPackets: string
  /** Packets sent. */
  readonly txPackets: string
  /** Bytes received. */
  readonly rxBytes: string
  /** Bytes sent. */
  readonly txBytes: string
  /** Receive errors. */
  readonly rxErrors: string
  /** Send errors. */
  readonly txErrors: string
  /** Received packets dropped. */
  readonly rxDropped: string
  /** Packets to send dropped. */
  readonly txDropped: string
  /** Multicast packets received. */
  readonly multicast: string
  /** Collisions. */
  readonly collisions: string
  /** The members that follow, as hexadecimal text. */
  readonly more: string
}

const STATISTICS: readonly (keyof Omit<LinkStatistics, 'more'>)[] = [
  'rxPackets',
  'txPackets',
  'rxBytes',
  'txBytes',
  'rxErrors',
  'txErrors',
  'rxDropped',
  'txDropped',
  'multicast',
  'collisions',
]

const statistics: AttributeCodec<LinkStatistics> = {
  read: (payload) => {
    const size = STATISTICS.length * 8
    if (payload.length < size) return undefined
    const counters = STATISTICS.map((key, index) => [key, payload.readBigUInt64LE(index * 8).toString()])
    return { ...Object.fromEntries(counters), more: payload.subarray(size).toString('hex') } as LinkStatistics
  },
  write: (writer, value) => {
    for (const key of STATISTICS) u64.write(writer, value[key])
    hex.write(writer, value.more)
  },
  problem: (value) =>
    STATISTICS.map((key) => u64.problem((value as LinkStatistics)[key])).find((p) => p !== undefined),
}

/** How the kernel makes IPv6 link-local addresses (`IN6_ADDR_GEN_MODE_*`). */
export type Ipv6AddressGeneration = 'eui64' | 'none' | 'stable-privacy' | 'random'

interface Inet6Settings extends WithUnknown {
  readonly addressGeneration?: Ipv6AddressGeneration | undefined
}

interface FamilySettings extends WithUnknown {
  readonly inet6?: Inet6Settings | undefined
}

/** A namespace to make a link in, or to move it to. */
export interface LinkNamespace {
  /** File descriptor of a namespace. */
  readonly fd?: number | undefined
  /** Process whose namespace it is. */
  readonly pid?: number | undefined
}

/** The attributes of a link message (`IFLA_*`), as they are on the wire. */
export interface LinkAttributes extends WithUnknown {
  /** `IFLA_ADDRESS`: MAC address. */
  readonly address?: string | undefined
  /** `IFLA_BROADCAST`: broadcast address of the link. */
  readonly broadcast?: string | undefined
  /** `IFLA_IFNAME`: name. */
  readonly name?: string | undefined
  /** `IFLA_MTU`: MTU in bytes. */
  readonly mtu?: number | undefined
  /** `IFLA_LINK`: index of the parent, or of the other end of a pair. */
  readonly link?: number | undefined
  /** `IFLA_MASTER`: index of the master; 0 takes the link out. */
  readonly master?: number | undefined
  /** `IFLA_TXQLEN`: length of the send queue in packets. */
  readonly txQueueLength?: number | undefined
  /** `IFLA_OPERSTATE`: operational state (RFC 2863). */
  readonly operState?: number | undefined
  /** `IFLA_LINKMODE`. */
  readonly linkMode?: number | undefined
  /** `IFLA_LINKINFO`: kind and port. */
  readonly linkInfo?: { readonly info?: LinkInfo | undefined; readonly port?: LinkPortInfo | undefined } | undefined
  /** `IFLA_NET_NS_PID`. */
  readonly netnsPid?: number | undefined
  /** `IFLA_IFALIAS`. */
  readonly alias?: string | undefined
  /** `IFLA_STATS64`. */
  readonly statistics?: LinkStatistics | undefined
  /** `IFLA_AF_SPEC`. */
  readonly families?: FamilySettings | undefined
  /** `IFLA_GROUP`. */
  readonly group?: number | undefined
  /** `IFLA_NET_NS_FD`. */
  readonly netnsFd?: number | undefined
  /** `IFLA_EXT_MASK`. */
  readonly extMask?: number | undefined
  /** `IFLA_PROMISCUITY`. */
  readonly promiscuity?: number | undefined
  /** `IFLA_NUM_TX_QUEUES`. */
  readonly txQueues?: number | undefined
  /** `IFLA_NUM_RX_QUEUES`. */
  readonly rxQueues?: number | undefined
  /** `IFLA_LINK_NETNSID`: namespace of the parent or other end. */
  readonly linkNetnsId?: number | undefined
  /** `IFLA_PROTINFO`: bridge port, in messages of the family `AF_BRIDGE`. */
  readonly bridgePort?: BridgePortData | undefined
}

const ALIAS_MAX = 255

const LINK: AttributeSet<LinkAttributes> = new AttributeSet<LinkAttributes>({
  address: [1, mac],
  broadcast: [2, mac],
  name: [3, linkName],
  mtu: [4, u32],
  link: [5, u32],
  master: [10, u32],
  bridgePort: [12, new NestedCodec(new AttributeSet<BridgePortData>(BRIDGE_PORT_ATTRIBUTES), true)],
  txQueueLength: [13, u32],
  operState: [16, u8],
  linkMode: [17, u8],
  linkInfo: [
    18,
    linkInfoCodec(
      (writer, peer) => writePeer(writer, peer),
      (peer) => peerProblems(peer),
    ),
  ],
  netnsPid: [19, u32],
  alias: [20, text(ALIAS_MAX)],
  statistics: [23, statistics],
  families: [
    26,
    nested<FamilySettings>({
      inet6: [
        10,
        nested<Inet6Settings>({
          addressGeneration: [8, word({ eui64: 0, none: 1, 'stable-privacy': 2, random: 3 }, u8)],
        }),
      ],
    }),
  ],
  group: [27, u32],
  netnsFd: [28, u32],
  extMask: [29, u32],
  promiscuity: [30, u32],
  txQueues: [31, u32],
  rxQueues: [32, u32],
  linkNetnsId: [37, i32],
})

/** The header of a link message (`struct ifinfomsg`). */
export interface LinkHeader {
  /** `ifi_family`. */
  readonly family: number
  /** `ifi_type`: `ARPHRD_*`. */
  readonly hardwareType: number
  /** `ifi_index`: number of the link; 0 where it goes by name. */
  readonly index: number
  /** `ifi_flags`: `IFF_*`. */
  readonly flags: number
  /** `ifi_change`: which flags are meant. */
  readonly change: number
}

/** A link message. */
export interface LinkMessage extends LinkHeader {
  /** Its attributes. */
  readonly attributes: LinkAttributes
}

const HEADER_SIZE = 16

/** IFF_UP of <linux/if.h>. */
export const IFF_UP = 1

/** Writes the body of a link message. */
export function writeLink(writer: MessageWriter, message: LinkMessage): void {
  writer.u8(message.family)
  writer.u8(0)
  writer.u16(message.hardwareType)
  writer.i32(message.index)
  writer.u32(message.flags)
  writer.u32(message.change)
  LINK.write(writer, message.attributes)
}

/** Reads the body of a link message, or `undefined` for one cut short. */
export function readLink(body: Buffer): LinkMessage | undefined {
  if (body.length < HEADER_SIZE) return undefined
  return {
    family: body.readUInt8(0),
    hardwareType: body.readUInt16LE(2),
    index: body.readInt32LE(4),
    flags: body.readUInt32LE(8),
    change: body.readUInt32LE(12),
    attributes: LINK.read(body.subarray(HEADER_SIZE)),
  }
}

/** What may be said of a link when it is made, and changed later. */
export interface LinkSettings extends WithUnknown {
  /** MAC address. */
  readonly address?: string | undefined
  /** MTU in bytes. */
  readonly mtu?: number | undefined
  /** Length of the send queue in packets. */
  readonly txQueueLength?: number | undefined
  /** Index of the master; 0 takes the link out. */
  readonly master?: number | undefined
  /** Group number. */
  readonly group?: number | undefined
  /** Alias, at most 255 bytes. Ignored by the kernel in the message that makes the link. */
  readonly alias?: string | undefined
  /** Administrative state. */
  readonly up?: boolean | undefined
  /** The namespace to make the link in, or to move it to. */
  readonly netns?: LinkNamespace | undefined
  /** How IPv6 link-local addresses are made. */
  readonly ipv6AddressGeneration?: Ipv6AddressGeneration | undefined
  /** Flags as a port of a bridge. */
  readonly port?: BridgePortData | undefined
}

/** A link to make. */
export interface LinkSpec extends LinkSettings {
  /** Name, at most 15 bytes. */
  readonly name: string
  /** Number; the kernel's choice by default. */
  readonly index?: number | undefined
  /** Index of the parent, for kinds that have one. */
  readonly link?: number | undefined
  /** Number of send queues. 1 saves a wait in the kernel. */
  readonly txQueues?: number | undefined
  /** Number of receive queues. */
  readonly rxQueues?: number | undefined
  /** What it is. */
  readonly info: LinkInfo
}

/** The other end of a veth pair. It cannot be made with a master of its own, nor up. */
export type VethPeer = Omit<LinkSpec, 'info' | 'link' | 'port' | 'up' | 'alias' | 'master'>

/** What a link has from its birth on. */
type LinkIdentity = { readonly [Key in keyof Omit<LinkSpec, keyof LinkSettings>]?: LinkSpec[Key] | undefined }

/** The attributes that settings stand for. */
export function attributesOf(spec: LinkSettings & LinkIdentity): LinkAttributes {
  const { info, port, ipv6AddressGeneration, netns } = spec
  return {
    address: spec.address,
    name: spec.name,
    mtu: spec.mtu,
    link: spec.link,
    master: spec.master,
    txQueueLength: spec.txQueueLength,
    linkInfo:
      info === undefined && port === undefined
        ? undefined
        : { info, port: port === undefined ? undefined : { kind: 'bridge', data: port } },
    netnsPid: netns?.pid,
    netnsFd: netns?.fd,
    alias: spec.alias,
    families: ipv6AddressGeneration && { inet6: { addressGeneration: ipv6AddressGeneration } },
    group: spec.group,
    txQueues: spec.txQueues,
    rxQueues: spec.rxQueues,
    unknown: spec.unknown,
  }
}

/** Everything that is wrong with a link's attributes. */
export function linkProblems(attributes: LinkAttributes): readonly string[] {
  return LINK.problems(attributes)
}

function peerProblems(peer: VethPeer): readonly string[] {
  if (typeof peer !== 'object' || (peer as unknown) === null) return ['peer must be an object']
  const name: unknown = peer.name
  const index = peer.index === undefined ? undefined : linkIndex.problem(peer.index)
  return [
    // A name that is there is looked at with the other attributes.
    ...(name === undefined ? ['peer.name must be given'] : []),
    ...(index === undefined ? [] : [`peer.index ${index}`]),
    ...netnsProblems(peer.netns, 'peer.'),
    ...LINK.problems(attributesOf(peer), 'peer.'),
  ]
}

/** What is wrong with the namespace that a link shall be in. */
export function netnsProblems(netns: unknown, path = ''): readonly string[] {
  if (netns === undefined) return []
  if (typeof netns !== 'object' || netns === null) return [`${path}netns must be an object`]
  const { fd, pid } = netns as LinkNamespace
  return (fd === undefined) === (pid === undefined) ? [`${path}netns must have either fd or pid`] : []
}

function writePeer(writer: MessageWriter, peer: VethPeer): void {
  writeLink(writer, {
    family: 0,
    hardwareType: 0,
    index: peer.index ?? 0,
    flags: 0,
    change: 0,
    attributes: attributesOf(peer),
  })
}
