/**
 * The IPAM driver `default`: pools and addresses in the controller's store, shared by every process that works on it.
 *
 * @packageDocumentation
 */
import { defineIpamDriver, type DriverModule } from '@libnetwork/driver-sdk'
import { releaseAddress, requestAddress } from './driver/addresses.ts'
import { SPACES } from './driver/pool-id.ts'
import { poolStatus, releasePool, requestPool } from './driver/pools.ts'

export type { DefaultIpamPoolOptions } from './driver/check-request.ts'

/**
 * The IPAM driver `default`.
 *
 * A pool's bitmap lies in `context.state` in chunks of 1024 addresses: a request reads the pool's record and one chunk, and
 * writes that chunk (an automatic one also the place where the next search begins). Chunks above it are touched when a
 * chunk becomes full, or has a free address again.
 *
 * An address within the pool but outside its range is granted when it is named.
 */
const driver: DriverModule<'ipam'> = defineIpamDriver({
  name: 'default',
  capabilities: [],
  defaultAddressSpaces: () => Promise.resolve(SPACES),
  requestPool,
  releasePool,
  requestAddress,
  releaseAddress,
  poolStatus,
})

export default driver
