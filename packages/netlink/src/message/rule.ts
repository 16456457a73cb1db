import { address, i32, linkName, u32, u8 } from '../wire/attribute-codec.ts'
import { AttributeSet, type WithUnknown } from '../wire/attribute-table.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** The attributes of a rule message (`FRA_*`, <linux/fib_rules.h>). */
export interface RuleAttributes extends WithUnknown {
  /** `FRA_DST`: destination. */
  readonly to?: string | undefined
  /** `FRA_SRC`: source. */
  readonly from?: string | undefined
  /** `FRA_IIFNAME`: name of the link that packets come in by. */
  readonly inputName?: string | undefined
  /** `FRA_PRIORITY`: the lowest is asked first. */
  readonly priority?: number | undefined
  /** `FRA_FWMARK`: packet mark. */
  readonly mark?: number | undefined
  /** `FRA_SUPPRESS_PREFIXLEN`: routes of this prefix length or shorter do not count. */
  readonly suppressPrefix?: number | undefined
  /** `FRA_TABLE`: table number. */
  readonly table?: number | undefined
  /** `FRA_FWMASK`: which bits of the mark count. */
  readonly mask?: number | undefined
  /** `FRA_OIFNAME`: name of the link that packets leave by. */
  readonly outputName?: string | undefined
  /** `FRA_PROTOCOL`: who made it. */
  readonly protocol?: number | undefined
  /** `FRA_IP_PROTO`: transport protocol. */
  readonly ipProtocol?: number | undefined
}

const RULE = new AttributeSet<RuleAttributes>({
  to: [1, address],
  from: [2, address],
  inputName: [3, linkName],
  priority: [6, u32],
  mark: [10, u32],
  suppressPrefix: [14, i32],
  table: [15, u32],
  mask: [16, u32],
  outputName: [17, linkName],
  protocol: [21, u8],
  ipProtocol: [22, u8],
})

/** A rule message (`struct fib_rule_hdr`). */
export interface RuleMessage {
  /** Address family. */
  readonly family: number
  /** Prefix length of the destination in bits. */
  readonly toPrefix: number
  /** Prefix length of the source in bits. */
  readonly fromPrefix: number
  /** Type of service. */
  readonly tos: number
  /** Table number, up to 255. */
  readonly headerTable: number
  /** `FR_ACT_*`. */
  readonly action: number
  /** `FIB_RULE_*`. */
  readonly flags: number
  /** Its attributes. */
  readonly attributes: RuleAttributes
}

const HEADER_SIZE = 12

/** FR_ACT_TO_TBL of <linux/fib_rules.h>. */
export const FR_ACT_TO_TBL = 1

/** Writes the body of a rule message. */
export function writeRule(writer: MessageWriter, message: RuleMessage): void {
  writer.u8(message.family)
  writer.u8(message.toPrefix)
  writer.u8(message.fromPrefix)
  writer.u8(message.tos)
  writer.u8(message.headerTable)
  writer.u16(0)
  writer.u8(message.action)
  writer.u32(message.flags)
  RULE.write(writer, message.attributes)
}

/** Reads the body of a rule message, or `undefined` for one cut short. */
export function readRule(body: Buffer): RuleMessage | undefined {
  if (body.length < HEADER_SIZE) return undefined
  return {
    family: body.readUInt8(0),
    toPrefix: body.readUInt8(1),
    fromPrefix: body.readUInt8(2),
    tos: body.readUInt8(3),
    headerTable: body.readUInt8(4),
    action: body.readUInt8(7),
    flags: body.readUInt32LE(8),
    attributes: RULE.read(body.subarray(HEADER_SIZE)),
  }
}

/** Everything that is wrong with a rule's attributes. */
export function ruleProblems(attributes: RuleAttributes): readonly string[] {
  return RULE.problems(attributes)
}
