/* eslint-disable @typescript-eslint/no-unnecessary-condition -- what the types promise is what is checked here */
import {
  addressBits,
  containsAddress,
  firstAddress,
  invalidArgument,
  lastAddress,
  overlaps as overlapping,
  parseAddress as readAddress,
  type Address,
  type Cidr,
} from '@libnetwork/driver-sdk'
import { formatAddress, isMappedAddress, parseAddress, showValue, unmapAddress } from './address.ts'
import { explainAddress } from './explain-address.ts'

/** The first and the last address of a network. */
export interface AddressRange {
  /** The lowest address. */
  readonly first: Address
  /** The highest address. */
  readonly last: Address
}

/** Why a value is not CIDR text, as the end of the sentence "the value ..."; `undefined` if it is. */
function explainCidr(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'is not a text'
  if (readCidr(text) !== undefined) return undefined
  const slash = text.indexOf('/')
  if (slash < 0) return 'has no prefix length'
  const addressText = text.slice(0, slash)
  const address = readAddress(addressText)
  if (address === undefined) return `has an address, ${showValue(addressText)}, that ${explainAddress(addressText)}`
  const prefix = text.slice(slash + 1)
  if (!/^\d+$/.test(prefix)) return `has a prefix length, ${showValue(prefix)}, that is not decimal`
  if (prefix.length > 1 && prefix.startsWith('0'))
    return `has a prefix length, ${showValue(prefix)}, with a leading zero`
  return `has a prefix length above ${addressBits(address.family)}`
}

/** Why a value is not the CIDR text of a network, host bits included; `undefined` if it is. */
export function explainNetwork(text: unknown): string | undefined {
  const cidr = typeof text === 'string' ? readCidr(text) : undefined
  if (cidr === undefined) return explainCidr(text)
  const network = maskCidr(cidr)
  return network.value === cidr.value ? undefined : `has host bits set; the network is ${formatCidr(network)}`
}

/** Why a value is neither an address nor CIDR text; `undefined` if it is one of them. */
export function explainCidrLike(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.includes('/')) return explainCidr(text)
  return readAddress(text) === undefined ? explainAddress(text) : undefined
}

function readCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? undefined : readAddress(text.slice(0, slash))
  const prefixText = text.slice(slash + 1)
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) return undefined
  const prefix = Number(prefixText)
  if (prefix > addressBits(address.family)) return undefined
  return isMappedAddress(address) && prefix >= 96
    ? { ...unmapAddress(address), prefix: prefix - 96 }
    : { ...address, prefix }
}

/**
 * Reads CIDR text and keeps host bits, as the address of an interface has them: `10.0.0.2/24`. Strict as
 * {@link parseAddress}. A network of IPv4-mapped addresses is returned as the IPv4 network that it is.
 *
 * @throws `ERR_INVALID_ARGUMENT`, which says what is wrong with the text
 */
export function parseCidr(text: string): Cidr {
  const cidr = typeof text === 'string' ? readCidr(text) : undefined
  if (cidr !== undefined) return cidr
  throw invalidArgument(`parse CIDR ${showValue(text)}`, [{ path: '', message: explainCidr(text) ?? 'is no CIDR' }])
}

/**
 * Reads the CIDR text of a network, and refuses host bits.
 *
 * @throws `ERR_INVALID_ARGUMENT`; where host bits are the reason, its message has the network that was probably meant
 */
export function parseNetwork(text: string): Cidr {
  const message = explainNetwork(text)
  if (message !== undefined) throw invalidArgument(`parse network ${showValue(text)}`, [{ path: '', message }])
  return parseCidr(text)
}

/** Writes CIDR text. Host bits are kept. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr)}/${cidr.prefix}`
}

/** The network that an interface address lies in: host bits are cleared. */
export function maskCidr(cidr: Cidr): Cidr {
  return { ...cidr, value: firstAddress(cidr) }
}

/** A network as text or read already. A text without prefix length is the network of that one address. */
export type CidrLike = string | Cidr

/** Reads a {@link CidrLike}. */
export function toCidr(cidr: CidrLike): Cidr {
  if (typeof cidr === 'object' && cidr !== null) return cidr
  if (typeof cidr !== 'string' || cidr.includes('/')) return parseCidr(cidr)
  const address = parseAddress(cidr)
  return { ...address, prefix: addressBits(address.family) }
}

/**
 * The first and last address of a network, its network and broadcast address included. Host bits do not matter.
 *
 * @throws `ERR_INVALID_ARGUMENT` for a text that is no CIDR
 */
export function cidrRange(cidr: CidrLike): AddressRange {
  const network = toCidr(cidr)
  const { family } = network
  return { first: { family, value: firstAddress(network) }, last: { family, value: lastAddress(network) } }
}

/**
 * Whether the network holds the address or the whole other network. Never true across families.
 *
 * @throws `ERR_INVALID_ARGUMENT` for a text that is neither CIDR nor address
 */
export function contains(network: CidrLike, other: CidrLike): boolean {
  return containsAddress(toCidr(network), toCidr(other))
}

/**
 * Whether two networks have an address in common. Host bits do not matter. Never true across families.
 *
 * @throws `ERR_INVALID_ARGUMENT` for a text that is neither CIDR nor address
 */
export function overlaps(left: CidrLike, right: CidrLike): boolean {
  return overlapping(toCidr(left), toCidr(right))
}

/**
 * The first of several networks that overlaps this one.
 *
 * @throws `ERR_INVALID_ARGUMENT` for a text that is neither CIDR nor address
 */
export function findOverlap<Other extends CidrLike>(network: CidrLike, others: Iterable<Other>): Other | undefined {
  const wanted = toCidr(network)
  for (const other of others) if (overlapping(wanted, toCidr(other))) return other
  return undefined
}
