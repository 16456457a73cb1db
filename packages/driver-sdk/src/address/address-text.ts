import type { AddressFamily } from '../contract/address-family.ts'

/** An address as a number. */
export interface Address {
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** Its value in network byte order. */
  readonly value: bigint
}

const DECIMAL_OCTET = /^(?:0|[1-9]\d{0,2})$/
const HEX_GROUP = /^[0-9a-fA-F]{1,4}$/

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!DECIMAL_OCTET.test(part)) return undefined
    const octet = Number(part)
    if (octet > 255) return undefined
    value = value * 256 + octet
  }
  return BigInt(value)
}

function parseGroups(text: string): string[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  const last = groups[groups.length - 1] ?? ''
  if (last.includes('.')) {
    const embedded = parseIPv4(last)
    if (embedded === undefined) return undefined
    groups.splice(-1, 1, (embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16))
  }
  return groups.every((group) => HEX_GROUP.test(group)) ? groups : undefined
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [headText = '', tailText] = halves
  // An embedded IPv4 address may only stand at the very end.
  if (tailText !== undefined && headText.includes('.')) return undefined
  const head = parseGroups(headText)
  const tail = parseGroups(tailText ?? '')
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (tailText === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  return groups.reduce((value, group) => (value << 16n) | BigInt(Number.parseInt(group, 16)), 0n)
}

/**
 * Reads an address. Strict: four decimal parts without leading zeros for IPv4, RFC 4291 text for IPv6, no zones, no
 * surrounding blanks.
 *
 * @returns the address, or `undefined` for anything else
 */
export function parseAddress(text: string): Address | undefined {
  const family: AddressFamily = text.includes(':') ? 'ipv6' : 'ipv4'
  const value = family === 'ipv6' ? parseIPv6(text) : parseIPv4(text)
  return value === undefined ? undefined : { family, value }
}

function formatIPv6(value: bigint): string {
  const groups: number[] = []
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn))
  let start = -1
  let length = 1
  for (let index = 0; index < 8; index++) {
    let end = index
    while (end < 8 && groups[end] === 0) end++
    if (end - index > length) {
      start = index
      length = end - index
    }
    if (end > index) index = end
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  if (start < 0) return text(groups)
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

/** Writes an address: dotted decimal for IPv4, RFC 5952 text for IPv6. */
export function formatAddress({ family, value }: Address): string {
  if (family === 'ipv6') return formatIPv6(value)
  const number = Number(value)
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`
}
