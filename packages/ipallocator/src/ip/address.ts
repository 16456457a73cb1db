import {
  formatAddress as formatPlain,
  invalidArgument,
  parseAddress as readAddress,
  type Address,
} from '@libnetwork/driver-sdk'
import { explainAddress } from './explain-address.ts'

/** The upper 96 bits of `::ffff:0:0/96`, the IPv4-mapped addresses. */
const MAPPED = 0xffffn

/** How a refused value is shown in messages: texts quoted and cut, everything else by its type. */
export function showValue(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
}

/** Whether the address is an IPv4 address written as IPv6, `::ffff:10.0.0.1`. */
export function isMappedAddress({ family, value }: Address): boolean {
  return family === 'ipv6' && value >> 32n === MAPPED
}

/** The IPv4 address of an IPv4-mapped IPv6 address; any other address as it is. */
export function unmapAddress(address: Address): Address {
  return isMappedAddress(address) ? { family: 'ipv4', value: address.value & 0xffffffffn } : address
}

/**
 * Reads an address. Strict: four decimal parts without leading zeros, or RFC 4291 text; no short forms, no zones, no
 * blanks. An IPv4-mapped address is returned as the IPv4 address that it is.
 *
 * @param text - such as `10.0.0.1` or `fd00::1`
 * @throws `ERR_INVALID_ARGUMENT`, which says what is wrong with the text
 */
export function parseAddress(text: string): Address {
  const address = typeof text === 'string' ? readAddress(text) : undefined
  if (address !== undefined) return unmapAddress(address)
  const message = typeof text === 'string' ? explainAddress(text) : 'is not a text'
  throw invalidArgument(`parse address ${showValue(text)}`, [{ path: '', message }])
}

/** Writes an address: dotted decimal, or RFC 5952 text, where IPv4-mapped addresses end in dotted decimal. */
export function formatAddress(address: Address): string {
  if (isMappedAddress(address)) return `::ffff:${formatPlain(unmapAddress(address))}`
  return formatPlain(address)
}
