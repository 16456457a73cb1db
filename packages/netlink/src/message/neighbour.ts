import { address, hex, mac, u16, u16be, u32, u8 } from '../wire/attribute-codec.ts'
import { AttributeSet, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** The attributes of a neighbour message (`NDA_*`, <linux/neighbour.h>). */
export interface NeighbourAttributes extends WithUnknown {
  /** `NDA_DST`: the neighbour's address, or the remote end of a tunnel. */
  readonly address?: string | undefined
  /** `NDA_LLADDR`: its MAC address. */
  readonly mac?: string | undefined
  /** `NDA_CACHEINFO`, as hexadecimal text. */
  readonly cacheInfo?: string | undefined
  /** `NDA_PROBES`. */
  readonly probes?: number | undefined
  /** `NDA_VLAN`. */
  readonly vlan?: number | undefined
  /** `NDA_PORT`: UDP port of a tunnel. */
  readonly port?: number | undefined
  /** `NDA_VNI`: network identifier of a tunnel. */
  readonly vni?: number | undefined
  /** `NDA_IFINDEX`: outgoing link of a tunnel. */
  readonly viaIndex?: number | undefined
  /** `NDA_MASTER`: number of the bridge. */
  readonly master?: number | undefined
  /** `NDA_PROTOCOL`: who made it. */
  readonly protocol?: number | undefined
}

const NEIGHBOUR = new AttributeSet<NeighbourAttributes>({
  address: [1, address],
  mac: [2, mac],
  cacheInfo: [3, hex],
  probes: [4, u32],
  vlan: [5, u16],
  port: [6, u16be],
  vni: [7, u32],
  viaIndex: [8, u32],
  master: [9, u32],
  protocol: [12, u8],
})

/** A neighbour message (`struct ndmsg`). */
export interface NeighbourMessage {
  /** `ndm_family`; `AF_BRIDGE` for forwarding entries. */
  readonly family: number
  /** `ndm_ifindex`: number of the link. */
  readonly index: number
  /** `ndm_state`: `NUD_*`. */
  readonly state: number
  /** `ndm_flags`: `NTF_*`. */
  readonly flags: number
  /** `ndm_type`. */
  readonly type: number
  /** Its attributes. */
  readonly attributes: NeighbourAttributes
}

const HEADER_SIZE = 12

// <linux/neighbour.h>
export const NUD_REACHABLE = 0x02
export const NUD_STALE = 0x04
export const NUD_NOARP = 0x40
export const NUD_PERMANENT = 0x80
export const NTF_SELF = 0x02
export const NTF_MASTER = 0x04

/** Writes the body of a neighbour message. */
export function writeNeighbour(writer: MessageWriter, message: NeighbourMessage): void {
  writer.u8(message.family)
  writer.u8(0)
  writer.u16(0)
  writer.i32(message.index)
  writer.u16(message.state)
  writer.u8(message.flags)
  writer.u8(message.type)
  NEIGHBOUR.write(writer, message.attributes)
}

/** Reads the body of a neighbour message, or `undefined` for one cut short. */
export function readNeighbour(body: Buffer): NeighbourMessage | undefined {
  if (body.length < HEADER_SIZE) return undefined
  return {
    family: body.readUInt8(0),
    index: body.readInt32LE(4),
    state: body.readUInt16LE(8),
    flags: body.readUInt8(10),
    type: body.readUInt8(11),
    attributes: NEIGHBOUR.read(body.subarray(HEADER_SIZE)),
  }
}

/** Everything that is wrong with a neighbour's attributes. */
export function neighbourProblems(attributes: NeighbourAttributes): readonly string[] {
  return NEIGHBOUR.problems(attributes)
}
