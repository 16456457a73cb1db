import { createHash } from 'node:crypto'
import { parseAddress } from '@libnetwork/driver-sdk'

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i

function format(bytes: Iterable<number>): string {
  return ['02', '42', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':')
}

/** Whether an interface can have the address: six bytes, not multicast, not all zero. */
export function isInterfaceMac(text: string): boolean {
  return MAC.test(text) && (Number.parseInt(text.slice(0, 2), 16) & 1) === 0 && !/^[0:]+$/.test(text)
}

/** `02:42` and the four bytes of an IPv4 address: stays the same for a container that gets its address back. */
export function macOfIPv4(address: string): string | undefined {
  const parsed = parseAddress(address)
  if (parsed?.family !== 'ipv4') return undefined
  const value = Number(parsed.value)
  return format([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
}

/**
 * `02:42` and four bytes that follow from an object's id: as good as random, and the same whenever it is asked for.
 *
 * @param attempt - gives another address for the same id, when the one before was taken
 */
export function macOfId(id: string, attempt = 0): string {
  return format(createHash('sha256').update(`${id}/${attempt}`).digest().subarray(0, 4))
}
