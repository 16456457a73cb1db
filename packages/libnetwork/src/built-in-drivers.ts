import type { TrustedPackage } from '@libnetwork/core'

/** The drivers that come with this package, by name; they are looked up among its own dependencies. */
export const BUILT_IN_DRIVERS: readonly TrustedPackage[] = [
  '@libnetwork/driver-bridge',
  '@libnetwork/driver-host',
  '@libnetwork/driver-null',
  '@libnetwork/ipallocator',
  '@libnetwork/sandbox-linux',
].map((name) => ({ name, from: import.meta.url }))
