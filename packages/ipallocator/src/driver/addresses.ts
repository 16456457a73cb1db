import {
  throwIfAborted,
  type AddressGrant,
  type AddressReference,
  type AddressRequest,
  type CallContext,
} from '@libnetwork/driver-sdk'
import { checkAddressReference, checkAddressRequest } from './check-request.ts'
import { parsePoolId } from './pool-id.ts'
import { nextKey, poolKey } from './records.ts'
import { transact } from './state-transaction.ts'
import { openPool, poolNotFound, requestNext } from './stored-pool.ts'

/** `requestAddress` of the IPAM driver. */
export async function requestAddress(request: AddressRequest, context: CallContext): Promise<AddressGrant> {
  const { poolId, address, purpose } = request
  const operation = `request ${address === undefined ? 'an address' : String(address)} of pool "${String(poolId)}"`
  throwIfAborted(context.signal, operation)
  await checkAddressRequest(request, operation)
  if (parsePoolId(poolId) === undefined) throw poolNotFound(poolId, operation)
  const automatic = address === undefined && purpose !== 'gateway'
  const keys = automatic ? [poolKey(poolId), nextKey(poolId)] : [poolKey(poolId)]
  return transact(context, operation, keys, (view) => {
    const pool = openPool(view, poolId)
    if (pool === undefined) throw poolNotFound(poolId, operation)
    const granted = automatic
      ? requestNext(view, poolId, pool)
      : address === undefined
        ? pool.requestFirst()
        : pool.request(address)
    return { address: `${granted}/${pool.layout.network.prefix}` }
  })
}

/** `releaseAddress` of the IPAM driver. */
export async function releaseAddress(request: AddressReference, context: CallContext): Promise<void> {
  const { poolId } = request
  const operation = `release ${String(request.address)} of pool "${String(poolId)}"`
  const address = checkAddressReference(request, operation)
  throwIfAborted(context.signal, operation)
  if (parsePoolId(poolId) === undefined) return
  await transact(context, operation, [poolKey(poolId)], (view) => {
    openPool(view, poolId)?.release(address)
  })
}
