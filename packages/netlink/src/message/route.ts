import type { AttributeCodec } from '../wire/attribute-codec.ts'
import { address, hex, u32, u8 } from '../wire/attribute-codec.ts'
import { linkIndex } from '../wire/value-check.ts'
import { AttributeSet, nested, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** The metrics of a route (`RTAX_*`). */
export interface RouteMetrics extends WithUnknown {
  /** `RTAX_LOCK`: which of the others the kernel must not change, one bit each. */
  readonly lock?: number | undefined
  /** `RTAX_MTU`: path MTU in bytes. */
  readonly mtu?: number | undefined
  /** `RTAX_WINDOW`: largest TCP window in bytes. */
  readonly window?: number | undefined
  /** `RTAX_ADVMSS`: TCP maximum segment size to announce, in bytes. */
  readonly advmss?: number | undefined
  /** `RTAX_HOPLIMIT`: hop limit. */
  readonly hopLimit?: number | undefined
  /** `RTAX_INITCWND`: initial congestion window in segments. */
  readonly initcwnd?: number | undefined
}

/** One of several next hops of a route (`struct rtnexthop`). */
export interface NextHop extends WithUnknown {
  /** `rtnh_ifindex`: number of the link. */
  readonly index: number
  /** `rtnh_flags`: `RTNH_F_*`. */
  readonly flags: number
  /** `rtnh_hops` plus one: the share of this next hop. 1 to 256. */
  readonly weight: number
  /** `RTA_GATEWAY`. */
  readonly gateway?: string | undefined
}

interface HopAttributes extends WithUnknown {
  readonly gateway?: string | undefined
}

const RTA_GATEWAY = 5
const HOP = new AttributeSet<HopAttributes>({ gateway: [RTA_GATEWAY, address] })
const HOP_HEADER_SIZE = 8
// So many with IPv6 gateways fit into one attribute.
const HOPS_MAX = Math.floor((0xffff - 4) / (HOP_HEADER_SIZE + 20))

const nextHops: AttributeCodec<readonly NextHop[]> = {
  read: (payload) => {
    const hops: NextHop[] = []
    let offset = 0
    while (offset + HOP_HEADER_SIZE <= payload.length) {
      const length = payload.readUInt16LE(offset)
      if (length < HOP_HEADER_SIZE || offset + length > payload.length) return undefined
      hops.push({
        flags: payload.readUInt8(offset + 2),
        weight: payload.readUInt8(offset + 3) + 1,
        index: payload.readInt32LE(offset + 4),
        ...HOP.read(payload.subarray(offset + HOP_HEADER_SIZE, offset + length)),
      })
      offset += (length + 3) & ~3
    }
    return hops
  },
  write: (writer, hops) => {
    for (const hop of hops) {
      // `struct rtnexthop` begins with its length, as an attribute does; flags and hops stand where the type would.
      const start = writer.beginAttribute((hop.flags & 0xff) | ((hop.weight - 1) << 8))
      writer.i32(hop.index)
      HOP.write(writer, { gateway: hop.gateway, unknown: hop.unknown })
      writer.endAttribute(start)
    }
  },
  problem: (value) => {
    if (!Array.isArray(value) || value.length === 0) return 'must be a list of next hops'
    const hops = value as readonly NextHop[]
    if (hops.some((hop) => typeof hop !== 'object' || (hop as unknown) === null)) return 'must be a list of next hops'
    if (hops.length > HOPS_MAX) return `must be at most ${HOPS_MAX} next hops`
    const problems = hops.map(
      ({ index, weight, gateway }) =>
        linkIndex.problem(index) ??
        (Number.isInteger(weight) && weight >= 1 && weight <= 256 ? undefined : 'weight must be from 1 to 256') ??
        (gateway === undefined ? undefined : address.problem(gateway)),
    )
    return problems.find((problem) => problem !== undefined)
  },
}

/** The attributes of a route message (`RTA_*`, <linux/rtnetlink.h>). */
export interface RouteAttributes extends WithUnknown {
  /** `RTA_DST`: where to. */
  readonly destination?: string | undefined
  /** `RTA_SRC`: where from. */
  readonly from?: string | undefined
  /** `RTA_IIF`: number of the link that packets come in by. */
  readonly inputIndex?: number | undefined
  /** `RTA_OIF`: number of the link that packets leave by. */
  readonly index?: number | undefined
  /** `RTA_GATEWAY`: next hop. */
  readonly gateway?: string | undefined
  /** `RTA_PRIORITY`: the lowest wins. */
  readonly priority?: number | undefined
  /** `RTA_PREFSRC`: preferred source address. */
  readonly preferredSource?: string | undefined
  /** `RTA_METRICS`. */
  readonly metrics?: RouteMetrics | undefined
  /** `RTA_MULTIPATH`: several next hops. */
  readonly nextHops?: readonly NextHop[] | undefined
  /** `RTA_CACHEINFO`, as hexadecimal text. */
  readonly cacheInfo?: string | undefined
  /** `RTA_TABLE`: table number, where it passes 255. */
  readonly table?: number | undefined
  /** `RTA_PREF`: preference of an IPv6 router (RFC 4191). */
  readonly preference?: number | undefined
  /** `RTA_NH_ID`: number of a next hop object. */
  readonly nextHopId?: number | undefined
}

const ROUTE = new AttributeSet<RouteAttributes>({
  destination: [1, address],
  from: [2, address],
  inputIndex: [3, u32],
  index: [4, u32],
  gateway: [RTA_GATEWAY, address],
  priority: [6, u32],
  preferredSource: [7, address],
  metrics: [
    8,
    nested<RouteMetrics>({
      lock: [1, u32],
      mtu: [2, u32],
      window: [3, u32],
      advmss: [8, u32],
      hopLimit: [10, u32],
      initcwnd: [11, u32],
    }),
  ],
  nextHops: [9, nextHops],
  cacheInfo: [12, hex],
  table: [15, u32],
  preference: [20, u8],
  nextHopId: [30, u32],
})

/** A route message (`struct rtmsg`). */
export interface RouteMessage {
  /** `rtm_family`. */
  readonly family: number
  /** `rtm_dst_len`: prefix length of the destination in bits. */
  readonly destinationPrefix: number
  /** `rtm_src_len`: prefix length of the source in bits. */
  readonly fromPrefix: number
  /** `rtm_tos`. */
  readonly tos: number
  /** `rtm_table`: table number, up to 255. */
  readonly headerTable: number
  /** `rtm_protocol`: who made it, `RTPROT_*`. */
  readonly protocol: number
  /** `rtm_scope`: `RT_SCOPE_*`. */
  readonly scope: number
  /** `rtm_type`: `RTN_*`. */
  readonly type: number
  /** `rtm_flags`: `RTM_F_*` and `RTNH_F_*`. */
  readonly flags: number
  /** Its attributes. */
  readonly attributes: RouteAttributes
}

const HEADER_SIZE = 12

// <linux/rtnetlink.h>
export const RT_TABLE_COMPAT = 252
export const RT_TABLE_MAIN = 254
export const RTPROT_STATIC = 4
export const RT_SCOPE_UNIVERSE = 0
export const RT_SCOPE_LINK = 253
export const RT_SCOPE_NOWHERE = 255
export const RTN_UNICAST = 1
export const RTNH_F_ONLINK = 4
export const RTM_F_CLONED = 0x200

/** Writes the body of a route message. */
export function writeRoute(writer: MessageWriter, message: RouteMessage): void {
  writer.u8(message.family)
  writer.u8(message.destinationPrefix)
  writer.u8(message.fromPrefix)
  writer.u8(message.tos)
  writer.u8(message.headerTable)
  writer.u8(message.protocol)
  writer.u8(message.scope)
  writer.u8(message.type)
  writer.u32(message.flags)
  ROUTE.write(writer, message.attributes)
}

/** Reads the body of a route message, or `undefined` for one cut short. */
export function readRoute(body: Buffer): RouteMessage | undefined {
  if (body.length < HEADER_SIZE) return undefined
  return {
    family: body.readUInt8(0),
    destinationPrefix: body.readUInt8(1),
    fromPrefix: body.readUInt8(2),
    tos: body.readUInt8(3),
    headerTable: body.readUInt8(4),
    protocol: body.readUInt8(5),
    scope: body.readUInt8(6),
    type: body.readUInt8(7),
    flags: body.readUInt32LE(8),
    attributes: ROUTE.read(body.subarray(HEADER_SIZE)),
  }
}

/** Everything that is wrong with a route's attributes. */
export function routeProblems(attributes: RouteAttributes): readonly string[] {
  return ROUTE.problems(attributes)
}
