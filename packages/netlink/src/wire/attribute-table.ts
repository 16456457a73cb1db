import type { AttributeCodec } from './attribute-codec.ts'
import type { MessageWriter } from './message-writer.ts'

/** An attribute that this package has no name for. It is kept, and written back byte for byte. */
export interface UnknownAttribute {
  /** Its number, with its flags (`NLA_F_NESTED`, `NLA_F_NET_BYTEORDER`). */
  readonly type: number
  /** Its payload as hexadecimal text. */
  readonly data: string
}

/** An object made of attributes. */
export interface WithUnknown {
  /** Attributes that this package has no name for. */
  readonly unknown?: readonly UnknownAttribute[] | undefined
}

/** Number and codec of each attribute, by the name of the member that holds it. */
export type AttributeTable<Value> = {
  readonly [Key in keyof Required<Omit<Value, 'unknown'>>]: readonly [
    type: number,
    codec: AttributeCodec<NonNullable<Value[Key]>>,
  ]
}

interface Row {
  readonly key: string
  readonly type: number
  readonly codec: AttributeCodec<unknown>
}

const NLA_F_NESTED = 0x8000
const NLA_TYPE_MASK = 0x3fff
const HEADER_SIZE = 4

function rowsOf(table: object): readonly Row[] {
  return Object.entries(table as Record<string, readonly [number, AttributeCodec<unknown>]>).map(
    ([key, [type, codec]]) => ({ key, type, codec }),
  )
}

const TYPE_MAX = 0xffff
// The length of an attribute, its header included, has 16 bits.
const PAYLOAD_MAX = 0xffff - HEADER_SIZE

function unknownAreWritable(unknown: unknown): boolean {
  if (unknown === undefined) return true
  return (
    Array.isArray(unknown) &&
    unknown.every((attribute: Partial<UnknownAttribute> | null) => {
      const { type, data } = attribute ?? {}
      const numbered = typeof type === 'number' && Number.isInteger(type) && type >= 0 && type <= TYPE_MAX
      return numbered && typeof data === 'string' && /^(?:[0-9a-f]{2})*$/.test(data) && data.length / 2 <= PAYLOAD_MAX
    })
  )
}

/** Reads and writes the attributes of one kind of object. */
export class AttributeSet<Value extends WithUnknown> {
  readonly #rows: readonly Row[]
  readonly #byType: ReadonlyMap<number, Row>

  constructor(table: AttributeTable<Value>) {
    this.#rows = rowsOf(table)
    this.#byType = new Map(this.#rows.map((row) => [row.type, row]))
  }

  /** Reads attributes. Unknown ones, and those with a payload of an unexpected shape, are kept as unknown. */
  read(bytes: Buffer): Value {
    const value: Record<string, unknown> = {}
    const unknown: UnknownAttribute[] = []
    let offset = 0
    while (offset + HEADER_SIZE <= bytes.length) {
      const length = bytes.readUInt16LE(offset)
      const type = bytes.readUInt16LE(offset + 2)
      if (length < HEADER_SIZE || offset + length > bytes.length) break
      const payload = bytes.subarray(offset + HEADER_SIZE, offset + length)
      const row = this.#byType.get(type & NLA_TYPE_MASK)
      const read = row === undefined || row.key in value ? undefined : row.codec.read(payload)
      if (row === undefined || read === undefined) unknown.push({ type, data: payload.toString('hex') })
      else value[row.key] = read
      offset += (length + 3) & ~3
    }
    if (unknown.length > 0) value['unknown'] = unknown
    return value as Value
  }

  /** Writes the attributes that the object has, in the table's order, the unknown ones last. */
  write(writer: MessageWriter, value: Value): void {
    for (const { key, type, codec } of this.#rows) {
      const member = (value as Record<string, unknown>)[key]
      if (member === undefined) continue
      const start = writer.beginAttribute(codec instanceof NestedCodec ? type | codec.flag : type)
      codec.write(writer, member)
      writer.endAttribute(start)
    }
    for (const { type, data } of value.unknown ?? []) {
      const start = writer.beginAttribute(type)
      writer.raw(Buffer.from(data, 'hex'))
      writer.endAttribute(start)
    }
  }

  /** Everything that is wrong with an object that shall be written: `mtu: must be an integer …`. */
  problems(value: Value, path = ''): readonly string[] {
    if (typeof value !== 'object' || (value as unknown) === null)
      return [`${path.replace(/\.$/, '')} must be an object`]
    const problems = this.#rows.flatMap(({ key, codec }) => {
      const member = (value as Record<string, unknown>)[key]
      if (member === undefined) return []
      if (codec instanceof NestedCodec) return codec.attributes.problems(member, `${path}${key}.`)
      const problem = codec.problem(member)
      return problem === undefined ? [] : [`${path}${key} ${problem}, got ${JSON.stringify(member)}`]
    })
    return unknownAreWritable(value.unknown)
      ? problems
      : [...problems, `${path}unknown must be a list of attributes: type up to 65535, data as hexadecimal text`]
  }
}

/** Attributes inside an attribute. */
export class NestedCodec<Value extends WithUnknown> implements AttributeCodec<Value> {
  readonly attributes: AttributeSet<Value>
  /** `NLA_F_NESTED`, for the attributes where the kernel insists on it. */
  readonly flag: number

  constructor(attributes: AttributeSet<Value>, flagged: boolean) {
    this.attributes = attributes
    this.flag = flagged ? NLA_F_NESTED : 0
  }

  read(payload: Buffer): Value {
    return this.attributes.read(payload)
  }

  write(writer: MessageWriter, value: Value): void {
    this.attributes.write(writer, value)
  }

  problem(value: unknown): string | undefined {
    return this.attributes.problems(value as Value)[0]
  }
}

/** Attributes inside an attribute, as classic rtnetlink writes them: without `NLA_F_NESTED`. */
export function nested<Value extends WithUnknown>(table: AttributeTable<Value>): AttributeCodec<Value> {
  return new NestedCodec(new AttributeSet<Value>(table), false)
}
