import { addressBits, firstAddress, invalidArgument, lastAddress } from '@libnetwork/driver-sdk'
import { formatCidr, parseNetwork, toCidr, type CidrLike } from '../ip/cidr.ts'

/** A network that is cut into subnets of one size. */
export interface PredefinedPool {
  /** The whole, CIDR text without host bits. */
  readonly base: string
  /** Prefix length of the subnets. */
  readonly prefixLength: number
}

interface Blocker {
  readonly first: bigint
  readonly last: bigint
}

function parsePredefined({ base, prefixLength }: PredefinedPool): ReturnType<typeof parseNetwork> {
  const network = parseNetwork(base)
  if (
    Number.isInteger(prefixLength) &&
    prefixLength >= network.prefix &&
    prefixLength <= addressBits(network.family)
  ) {
    return network
  }
  const message = `is ${String(prefixLength)}; allowed are ${network.prefix} to ${addressBits(network.family)}`
  throw invalidArgument(`predefined pool ${formatCidr(network)}`, [{ path: 'prefixLength', message }])
}

/**
 * The first subnet of the predefined pools that has no address in common with what is occupied. Pools are tried in their
 * order, subnets from the lowest, so a subnet that became free is used again first.
 *
 * @param pools - where subnets are cut from
 * @param occupied - networks that the subnet must not overlap: ours, and routes, addresses and nameservers of the host.
 * Those of the other family do not matter.
 * @returns CIDR text, or `undefined` when no subnet is free
 * @throws `ERR_INVALID_ARGUMENT` for a text that is no network, or a prefix length that does not fit its base
 */
export function chooseSubnet(pools: readonly PredefinedPool[], occupied: Iterable<CidrLike>): string | undefined {
  const networks = Array.from(occupied, toCidr)
  for (const pool of pools) {
    const base = parsePredefined(pool)
    const { family } = base
    const size = 1n << BigInt(addressBits(family) - pool.prefixLength)
    const blockers: Blocker[] = networks
      .filter((network) => network.family === family)
      .map((network) => ({ first: firstAddress(network), last: lastAddress(network) }))
      .sort((left, right) => (left.first < right.first ? -1 : left.first > right.first ? 1 : 0))
    let candidate = base.value
    for (const { first, last } of blockers) {
      if (first >= candidate + size) break
      // A subnet begins at a multiple of its size: round up past the blocker.
      if (last >= candidate) candidate = (last / size + 1n) * size
    }
    if (candidate + size - 1n <= lastAddress(base))
      return formatCidr({ family, value: candidate, prefix: pool.prefixLength })
  }
  return undefined
}
