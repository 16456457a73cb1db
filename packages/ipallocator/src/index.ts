/**
 * Pools of IPv4 and IPv6 addresses, choice of subnets that do not clash, and strict address text. Pure logic: no I/O. The
 * IPAM driver `default` made of it is `@libnetwork/ipallocator/driver`.
 *
 * @packageDocumentation
 */
export type { Address, AddressFamily, Cidr } from '@libnetwork/driver-sdk'
export { IPALLOCATOR_ERRORS } from './errors.ts'
export { formatAddress, isMappedAddress, parseAddress, unmapAddress } from './ip/address.ts'
export {
  cidrRange,
  contains,
  findOverlap,
  formatCidr,
  maskCidr,
  overlaps,
  parseCidr,
  parseNetwork,
  type AddressRange,
  type CidrLike,
} from './ip/cidr.ts'
export { createPool } from './pool/create-pool.ts'
export { POOL_STRATEGIES, type Pool, type PoolOptions, type PoolState, type PoolStrategy } from './pool/pool.ts'
export { chooseSubnet, type PredefinedPool } from './subnets/choose-subnet.ts'
export { GLOBAL_IPV4_POOLS, LOCAL_IPV4_POOLS } from './subnets/default-pools.ts'
export { uniqueLocalPool, uniqueLocalPrefix } from './subnets/unique-local.ts'
