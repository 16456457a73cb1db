import type { PredefinedPool } from './choose-subnet.ts'

/** Subnets for networks of one host, as Docker's users know them: 15 of a /16, then 16 of a /20. */
export const LOCAL_IPV4_POOLS: readonly PredefinedPool[] = [
  { base: '172.17.0.0/16', prefixLength: 16 },
  { base: '172.18.0.0/15', prefixLength: 16 },
  { base: '172.20.0.0/14', prefixLength: 16 },
  { base: '172.24.0.0/13', prefixLength: 16 },
  { base: '192.168.0.0/16', prefixLength: 20 },
]

/** Subnets for networks that span hosts: 65,536 of a /24. */
export const GLOBAL_IPV4_POOLS: readonly PredefinedPool[] = [{ base: '10.0.0.0/8', prefixLength: 24 }]
