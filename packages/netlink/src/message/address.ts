import { address as addressCodec, hex, text, u32, u8 } from '../wire/attribute-codec.ts'
import { AttributeSet, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** The attributes of an address message (`IFA_*`, <linux/if_addr.h>). */
export interface AddressAttributes extends WithUnknown {
  /** `IFA_ADDRESS`: the address, or on a point-to-point link that of the other side. */
  readonly address?: string | undefined
  /** `IFA_LOCAL`: the address of this side. IPv4 has it always. */
  readonly local?: string | undefined
  /** `IFA_LABEL`: name of the link, or of an alias of it. */
  readonly label?: string | undefined
  /** `IFA_BROADCAST`: broadcast address. */
  readonly broadcast?: string | undefined
  /** `IFA_CACHEINFO`: life times, as hexadecimal text. */
  readonly cacheInfo?: string | undefined
  /** `IFA_FLAGS`: `IFA_F_*`. */
  readonly flags?: number | undefined
  /** `IFA_RT_PRIORITY`: metric of the prefix route. */
  readonly metric?: number | undefined
  /** `IFA_PROTO`: where it comes from. */
  readonly protocol?: number | undefined
}

const LABEL_MAX = 15

const ADDRESS = new AttributeSet<AddressAttributes>({
  address: [1, addressCodec],
  local: [2, addressCodec],
  label: [3, text(LABEL_MAX)],
  broadcast: [4, addressCodec],
  cacheInfo: [6, hex],
  flags: [8, u32],
  metric: [9, u32],
  protocol: [11, u8],
})

/** An address message (`struct ifaddrmsg`). */
export interface AddressMessage {
  /** `ifa_family`. */
  readonly family: number
  /** `ifa_prefixlen` in bits. */
  readonly prefix: number
  /** `ifa_flags`, the low eight bits of the flags. */
  readonly headerFlags: number
  /** `ifa_scope`: `RT_SCOPE_*`. */
  readonly scope: number
  /** `ifa_index`: number of the link. */
  readonly index: number
  /** Its attributes. */
  readonly attributes: AddressAttributes
}

const HEADER_SIZE = 8

// <linux/if_addr.h>
export const IFA_F_NODAD = 0x02
export const IFA_F_TENTATIVE = 0x40
export const IFA_F_PERMANENT = 0x80
export const IFA_F_NOPREFIXROUTE = 0x200

/** Writes the body of an address message. */
export function writeAddress(writer: MessageWriter, message: AddressMessage): void {
  writer.u8(message.family)
  writer.u8(message.prefix)
  writer.u8(message.headerFlags)
  writer.u8(message.scope)
  writer.u32(message.index)
  ADDRESS.write(writer, message.attributes)
}

/** Reads the body of an address message, or `undefined` for one cut short. */
export function readAddress(body: Buffer): AddressMessage | undefined {
  if (body.length < HEADER_SIZE) return undefined
  return {
    family: body.readUInt8(0),
    prefix: body.readUInt8(1),
    headerFlags: body.readUInt8(2),
    scope: body.readUInt8(3),
    index: body.readUInt32LE(4),
    attributes: ADDRESS.read(body.subarray(HEADER_SIZE)),
  }
}

/** Everything that is wrong with an address's attributes. */
export function addressProblems(attributes: AddressAttributes): readonly string[] {
  return ADDRESS.problems(attributes)
}
