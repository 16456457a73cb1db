import { poolError } from '../errors.ts'
import { AddressPool } from '../pool/address-pool.ts'
import { layOutPool } from '../pool/pool-layout.ts'
import { nextKey, poolKey, toPoolRecord, type PoolRecord } from './records.ts'
import { StateChunks } from './state-chunks.ts'
import type { StateView } from './state-transaction.ts'

/** The error for a pool that does not exist (any more). */
export function poolNotFound(poolId: string, operation: string): Error {
  return poolError('ERR_POOL_NOT_FOUND', `${operation}: there is no pool "${poolId}"`, { details: { poolId } })
}

/** A pool's rules over its chunks in the state; `undefined` when the pool was given back. */
export function openPool(view: StateView, poolId: string): AddressPool | undefined {
  const record = toPoolRecord(view.read(poolKey(poolId)))
  return record && poolOf(view, poolId, record)
}

function poolOf(view: StateView, poolId: string, { cidr, range, strategy }: PoolRecord): AddressPool {
  return new AddressPool(layOutPool(cidr, range), strategy, new StateChunks(view, poolId))
}

/**
 * Takes the next free address of the pool. The place where the search went on is read and written here alone, so that
 * requests by name do not wait for it.
 */
export function requestNext(view: StateView, poolId: string, pool: AddressPool): string {
  const key = nextKey(poolId)
  const value = view.read(key)
  if (typeof value === 'string') pool.next = BigInt(value)
  const address = pool.request()
  view.write(key, pool.next.toString())
  return address
}
