import { formatAddress, parseAddress } from '@libnetwork/driver-sdk'
import type { MessageWriter } from './message-writer.ts'

/** How the value of an attribute is read and written. */
export interface AttributeCodec<Value> {
  /** Reads the attribute's payload. `undefined` for a payload of the wrong size: it is then kept as unknown. */
  read(payload: Buffer): Value | undefined
  /** Writes the attribute's payload. */
  write(writer: MessageWriter, value: Value): void
  /** Why a value cannot be written, or `undefined`. */
  problem(value: unknown): string | undefined
}

function integer(max: number, min = 0): (value: unknown) => string | undefined {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be an integer from ${min} to ${max}`
}

function sized<Value>(size: number, read: (payload: Buffer) => Value): (payload: Buffer) => Value | undefined {
  return (payload) => (payload.length === size ? read(payload) : undefined)
}

/** Unsigned 8-bit number. */
export const u8: AttributeCodec<number> = {
  read: sized(1, (payload) => payload.readUInt8(0)),
  write: (writer, value) => writer.u8(value),
  problem: integer(0xff),
}

/** Unsigned 16-bit number. */
export const u16: AttributeCodec<number> = {
  read: sized(2, (payload) => payload.readUInt16LE(0)),
  write: (writer, value) => writer.u16(value),
  problem: integer(0xffff),
}

/** Unsigned 16-bit number in network byte order: ports, Ethernet types. */
export const u16be: AttributeCodec<number> = {
  read: sized(2, (payload) => payload.readUInt16BE(0)),
  write: (writer, value) => writer.u16be(value),
  problem: integer(0xffff),
}

/** Unsigned 32-bit number. */
export const u32: AttributeCodec<number> = {
  read: sized(4, (payload) => payload.readUInt32LE(0)),
  write: (writer, value) => writer.u32(value),
  problem: integer(0xffffffff),
}

/** Signed 32-bit number. */
export const i32: AttributeCodec<number> = {
  read: sized(4, (payload) => payload.readInt32LE(0)),
  write: (writer, value) => writer.i32(value),
  problem: integer(0x7fffffff, -0x80000000),
}

/** Unsigned 64-bit number, as decimal text: it may pass 2^53. */
export const u64: AttributeCodec<string> = {
  read: sized(8, (payload) => payload.readBigUInt64LE(0).toString()),
  write: (writer, value) => writer.u64(BigInt(value)),
  problem: (value) =>
    typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) < 1n << 64n
      ? undefined
      : 'must be the decimal text of an unsigned 64-bit number',
}

/** Truth, as an 8-bit number. */
export const bool: AttributeCodec<boolean> = {
  // Other numbers than 0 and 1 would not survive a round trip, so they are kept as unknown.
  read: (payload) => (payload.length === 1 && payload.readUInt8(0) < 2 ? payload.readUInt8(0) === 1 : undefined),
  write: (writer, value) => writer.u8(value ? 1 : 0),
  problem: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
}

/** A number scaled by the kernel: hundredths of a second on the wire (`clock_t`), milliseconds here. */
export const clockMilliseconds: AttributeCodec<number> = {
  read: sized(4, (payload) => payload.readUInt32LE(0) * 10),
  write: (writer, value) => writer.u32(Math.round(value / 10)),
  problem: integer(0xffffffff * 10),
}

/** Text of a limited length in bytes, closed by NUL. */
export function text(maxBytes: number): AttributeCodec<string> {
  return {
    read: (payload) => {
      const end = payload.indexOf(0)
      if (end >= 0 && end !== payload.length - 1) return undefined
      const value = payload.toString('utf8', 0, end < 0 ? payload.length : end)
      // Bytes that are no UTF-8, or lack the NUL, would come back changed.
      return end >= 0 && Buffer.byteLength(value) === end && !value.includes('\ufffd') ? value : undefined
    },
    write: (writer, value) => {
      writer.text(value)
      writer.u8(0)
    },
    problem: (value) =>
      typeof value === 'string' && !value.includes('\0') && Buffer.byteLength(value) <= maxBytes
        ? undefined
        : `must be a text of at most ${maxBytes} bytes without NUL`,
  }
}

// IFNAMSIZ of <linux/if.h>, its closing NUL left out.
const IFNAME_MAX = 15

/** Name of a link, by the kernel's rules (`dev_valid_name`). */
export const linkName: AttributeCodec<string> = {
  ...text(IFNAME_MAX),
  problem: (value) =>
    typeof value === 'string' &&
    value !== '' &&
    value !== '.' &&
    value !== '..' &&
    Buffer.byteLength(value) <= IFNAME_MAX &&
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    !/[\s/:\u0000-\u001f\u007f]/.test(value)
      ? undefined
      : `must be 1 to ${IFNAME_MAX} bytes without blanks, "/" and ":", and not "." or ".."`,
}

/** Hardware address of six bytes: `02:42:0a:00:00:02`. */
export const mac: AttributeCodec<string> = {
  read: sized(6, (payload) => payload.toString('hex').replace(/(..)(?!$)/g, '$1:')),
  write: (writer, value) => writer.raw(Buffer.from(value.replaceAll(':', ''), 'hex')),
  problem: (value) =>
    typeof value === 'string' && /^(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(value)
      ? undefined
      : 'must be a MAC address such as 02:42:0a:00:00:02',
}

function addressBytes(value: string): Buffer {
  const parsed = parseAddress(value)
  // Checked before anything is written.
  if (parsed === undefined) throw new TypeError(`${value} is no IP address`)
  const size = parsed.family === 'ipv4' ? 8 : 32
  return Buffer.from(parsed.value.toString(16).padStart(size, '0'), 'hex')
}

/** IPv4 or IPv6 address, told apart by its length. Whoever writes it checks the family. */
export const address: AttributeCodec<string> = {
  read: (payload) => {
    if (payload.length !== 4 && payload.length !== 16) return undefined
    return formatAddress({
      family: payload.length === 4 ? 'ipv4' : 'ipv6',
      value: BigInt(`0x${payload.toString('hex')}`),
    })
  },
  write: (writer, value) => writer.raw(addressBytes(value)),
  problem: (value) =>
    typeof value === 'string' && parseAddress(value) !== undefined ? undefined : 'must be an IP address',
}

function addressOf(family: 'ipv4' | 'ipv6'): AttributeCodec<string> {
  const size = family === 'ipv4' ? 4 : 16
  return {
    ...address,
    read: (payload) => (payload.length === size ? address.read(payload) : undefined),
    problem: (value) =>
      typeof value === 'string' && parseAddress(value)?.family === family
        ? undefined
        : `must be an ${family} address`,
  }
}

/** IPv4 address. The kernel would take the first bytes of a longer one. */
export const ipv4: AttributeCodec<string> = addressOf('ipv4')

/** IPv6 address. */
export const ipv6: AttributeCodec<string> = addressOf('ipv6')

/** Bytes as hexadecimal text. */
export const hex: AttributeCodec<string> = {
  read: (payload) => payload.toString('hex'),
  write: (writer, value) => writer.raw(Buffer.from(value, 'hex')),
  problem: (value) =>
    typeof value === 'string' && /^(?:[0-9a-f]{2})*$/.test(value) ? undefined : 'must be hexadecimal text',
}

/** One of several words, as a number. */
export function word<Word extends string>(
  words: Readonly<Record<Word, number>>,
  numbers: AttributeCodec<number>,
): AttributeCodec<Word> {
  const names = new Map(Object.entries<number>(words).map(([name, value]) => [value, name as Word]))
  return {
    read: (payload) => {
      const value = numbers.read(payload)
      return value === undefined ? undefined : names.get(value)
    },
    write: (writer, value) => numbers.write(writer, words[value]),
    problem: (value) =>
      typeof value === 'string' && Object.hasOwn(words, value)
        ? undefined
        : `must be one of ${Object.keys(words).join(', ')}`,
  }
}
