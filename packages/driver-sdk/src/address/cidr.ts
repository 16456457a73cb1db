import type { AddressFamily } from '../contract/address-family.ts'
import { type Address, formatAddress, parseAddress } from './address-text.ts'

/** An address with a prefix length. Host bits are kept. */
export interface Cidr extends Address {
  /** Prefix length in bits: 0 to 32, or 0 to 128. */
  readonly prefix: number
}

/** Width of an address in bits. */
export function addressBits(family: AddressFamily): 32 | 128 {
  return family === 'ipv4' ? 32 : 128
}

/**
 * Reads CIDR text such as `10.0.0.2/24`. Strict: the prefix length must be there, decimal, without leading zeros.
 *
 * @returns the address and prefix length, or `undefined` for anything else
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const address = parseAddress(text.slice(0, slash))
  const prefixText = text.slice(slash + 1)
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) return undefined
  const prefix = Number(prefixText)
  return prefix > addressBits(address.family) ? undefined : { ...address, prefix }
}

/** Writes CIDR text. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr)}/${cidr.prefix}`
}

/** The lowest address of the network: host bits are cleared. */
export function firstAddress(cidr: Cidr): bigint {
  const hostBits = BigInt(addressBits(cidr.family) - cidr.prefix)
  return (cidr.value >> hostBits) << hostBits
}

/** The highest address of the network. */
export function lastAddress(cidr: Cidr): bigint {
  const hostBits = BigInt(addressBits(cidr.family) - cidr.prefix)
  return firstAddress(cidr) | ((1n << hostBits) - 1n)
}

/** Whether the network holds the address, or the whole other network. */
export function containsAddress(network: Cidr, other: Address | Cidr): boolean {
  if (network.family !== other.family) return false
  const first = 'prefix' in other ? firstAddress(other) : other.value
  const last = 'prefix' in other ? lastAddress(other) : other.value
  return first >= firstAddress(network) && last <= lastAddress(network)
}

/** Whether two networks have an address in common. */
export function overlaps(left: Cidr, right: Cidr): boolean {
  return (
    left.family === right.family &&
    firstAddress(left) <= lastAddress(right) &&
    firstAddress(right) <= lastAddress(left)
  )
}
