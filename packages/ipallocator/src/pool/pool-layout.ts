import {
  addressBits,
  containsAddress,
  firstAddress,
  lastAddress,
  type Address,
  type Cidr,
} from '@libnetwork/driver-sdk'
import { poolError } from '../errors.ts'
import { showValue } from '../ip/address.ts'
import { formatCidr, parseNetwork, toCidr } from '../ip/cidr.ts'

/** Offsets into a pool, both ends included. */
export interface Interval {
  /** The lowest offset. */
  readonly from: bigint
  /** The highest offset. */
  readonly to: bigint
}

/** What never changes about a pool. */
export interface PoolLayout {
  /** The pool. */
  readonly network: Cidr
  /** Its CIDR text. */
  readonly cidr: string
  /** The part given out automatically, where it is not the whole pool. */
  readonly range: string | undefined
  /** The first address; offsets count from it. */
  readonly base: bigint
  /** The pool has 2^hostBits addresses. */
  readonly hostBits: number
  /** Every address that can be requested by name, reserved ones included. */
  readonly usable: Interval
  /** What is given out automatically: the range without what is reserved. Ascending, without gaps of nothing. */
  readonly lease: readonly Interval[]
  /** What is never given out. Ascending. */
  readonly reserved: readonly Interval[]
}

/**
 * The addresses of a network that a host can have. Not the first and the last: in IPv4 they are the network and the
 * broadcast address, in IPv6 the subnet-router anycast address (RFC 4291) and one of the reserved anycast addresses
 * (RFC 2526). Of a /31 (RFC 3021), /32, /127 (RFC 6164) and /128 all.
 */
function hostRange(network: Cidr, base: bigint): Interval {
  const edge = addressBits(network.family) - network.prefix > 1 ? 1n : 0n
  return { from: firstAddress(network) - base + edge, to: lastAddress(network) - base - edge }
}

function withoutHoles(whole: Interval, holes: readonly Interval[]): Interval[] {
  const parts: Interval[] = []
  let { from } = whole
  for (const hole of holes) {
    if (hole.from > from) parts.push({ from, to: hole.from - 1n < whole.to ? hole.from - 1n : whole.to })
    if (hole.to >= from) from = hole.to + 1n
  }
  if (from <= whole.to) parts.push({ from, to: whole.to })
  return parts.filter(({ from: first, to }) => first <= to)
}

function parseRange(text: string, network: Cidr, cidr: string): Cidr {
  const range = parseNetwork(text)
  if (containsAddress(network, range)) return range
  throw poolError('ERR_BAD_SUBRANGE', `pool ${cidr}: range ${formatCidr(range)} does not lie within the pool`, {
    details: { pool: cidr, range: formatCidr(range) },
    hint: `Choose a range within ${cidr}.`,
  })
}

function parseReserved(text: string, network: Cidr, cidr: string, base: bigint): Interval {
  const part = toCidr(text)
  if (!containsAddress(network, part)) {
    throw poolError(
      'ERR_ADDRESS_OUT_OF_RANGE',
      `pool ${cidr}: reserved ${showValue(text)} does not lie within the pool`,
      {
        details: { pool: cidr, address: text },
      },
    )
  }
  return { from: firstAddress(part) - base, to: lastAddress(part) - base }
}

/**
 * Works out a pool from its texts, which must be valid ones.
 *
 * @param cidr - the pool, without host bits
 * @param range - the part given out automatically; its own first and last address are not used, as those of a pool
 * @param reserved - addresses and networks within the pool that are never given out
 * @throws `ERR_BAD_SUBRANGE`, `ERR_ADDRESS_OUT_OF_RANGE`
 */
export function layOutPool(cidr: string, range?: string, reserved: readonly string[] = []): PoolLayout {
  const network = parseNetwork(cidr)
  const text = formatCidr(network)
  const base = network.value
  const part = range === undefined ? undefined : parseRange(range, network, text)
  const usable = hostRange(network, base)
  const holes = reserved
    .map((item) => parseReserved(item, network, text, base))
    .sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0))
  // The edges of a range are left out like those of a pool; a small range (/31, /32) may still lie on the pool's own.
  const wanted = part === undefined ? usable : hostRange(part, base)
  const whole = {
    from: wanted.from < usable.from ? usable.from : wanted.from,
    to: wanted.to > usable.to ? usable.to : wanted.to,
  }
  return {
    network,
    cidr: text,
    range: part && formatCidr(part),
    base,
    hostBits: addressBits(network.family) - network.prefix,
    usable,
    lease: withoutHoles(whole, holes),
    reserved: holes,
  }
}

/** Whether an offset lies in one of the intervals. */
export function inIntervals(intervals: readonly Interval[], offset: bigint): boolean {
  return intervals.some(({ from, to }) => offset >= from && offset <= to)
}

/** How many offsets the intervals have. They must not overlap. */
export function countOffsets(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, { from, to }) => sum + to - from + 1n, 0n)
}

/** The usable offsets that are not reserved. */
export function requestableIntervals(layout: PoolLayout): readonly Interval[] {
  return withoutHoles(layout.usable, layout.reserved)
}

/**
 * Where in the pool an address lies.
 *
 * @returns `undefined` for an address outside, a network or broadcast address, and the other family
 */
export function offsetOf(layout: PoolLayout, address: Address): bigint | undefined {
  if (address.family !== layout.network.family) return undefined
  const offset = address.value - layout.base
  return offset >= layout.usable.from && offset <= layout.usable.to ? offset : undefined
}
