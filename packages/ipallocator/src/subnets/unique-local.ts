import { createHash } from 'node:crypto'
import { invalidArgument } from '@libnetwork/driver-sdk'
import { formatCidr } from '../ip/cidr.ts'
import type { PredefinedPool } from './choose-subnet.ts'

/**
 * A unique local prefix of RFC 4193: `fd`, then 40 bits that are the low ones of SHA-256 of the seed. The same seed gives
 * the same prefix.
 *
 * @param seed - what sets this host or installation apart, such as a machine id or a random text; not empty
 * @returns CIDR text of a /48: 65,536 subnets of a /64
 * @throws `ERR_INVALID_ARGUMENT` for an empty seed
 */
export function uniqueLocalPrefix(seed: string): string {
  if (typeof seed !== 'string' || seed === '') {
    throw invalidArgument('derive a unique local prefix', [{ path: 'seed', message: 'is not a text, or empty' }])
  }
  const globalId = BigInt(`0x${createHash('sha256').update(seed).digest('hex').slice(-10)}`)
  return formatCidr({ family: 'ipv6', value: (0xfdn << 120n) | (globalId << 80n), prefix: 48 })
}

/** The /64 subnets of a unique local prefix, as {@link PredefinedPool}. */
export function uniqueLocalPool(prefix: string): PredefinedPool {
  return { base: prefix, prefixLength: 64 }
}
