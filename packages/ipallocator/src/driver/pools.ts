import { randomUUID } from 'node:crypto'
import {
  throwIfAborted,
  type CallContext,
  type PoolGrant,
  type PoolReference,
  type PoolRequest,
  type PoolStatus,
} from '@libnetwork/driver-sdk'
import { poolError } from '../errors.ts'
import { findOverlap, formatCidr, parseNetwork } from '../ip/cidr.ts'
import { countOffsets, layOutPool } from '../pool/pool-layout.ts'
import { chooseSubnet, type PredefinedPool } from '../subnets/choose-subnet.ts'
import { GLOBAL_IPV4_POOLS, LOCAL_IPV4_POOLS } from '../subnets/default-pools.ts'
import { uniqueLocalPool, uniqueLocalPrefix } from '../subnets/unique-local.ts'
import { checkPoolReference, checkPoolRequest } from './check-request.ts'
import { isSpaceName, parsePoolId, poolIdOf } from './pool-id.ts'
import {
  chunkPrefix,
  nextKey,
  poolKey,
  readSpace,
  spaceKey,
  toPoolRecord,
  UNIQUE_LOCAL_KEY,
  type PoolRecord,
} from './records.ts'
import { readChunk } from './state-chunks.ts'
import { transact, type StateView } from './state-transaction.ts'
import { poolNotFound } from './stored-pool.ts'

/** How many chunks of a released pool are deleted at once. */
const DELETE_BATCH = 256

/** The pools that the driver may choose from. The unique local prefix is drawn once, and stays with the state. */
function predefinedPools(
  view: StateView,
  { addressSpace, family }: PoolRequest,
  seed: string,
): readonly PredefinedPool[] {
  if (family === 'ipv4') return addressSpace === 'local' ? LOCAL_IPV4_POOLS : GLOBAL_IPV4_POOLS
  const known = view.read(UNIQUE_LOCAL_KEY)
  if (typeof known === 'string') return [uniqueLocalPool(known)]
  const prefix = uniqueLocalPrefix(seed)
  view.write(UNIQUE_LOCAL_KEY, prefix)
  return [uniqueLocalPool(prefix)]
}

function namedPool(pool: string, granted: readonly string[], operation: string): string {
  const wanted = formatCidr(parseNetwork(pool))
  const other = findOverlap(wanted, granted)
  if (other === undefined) return wanted
  throw poolError('ERR_POOL_OVERLAP', `${operation}: ${wanted} overlaps ${other}, which is granted already`, {
    details: { pool: wanted, overlaps: other },
    hint: `Choose a pool outside ${other}, or release that one first.`,
  })
}

function chosenPool(pools: readonly PredefinedPool[], occupied: readonly string[], operation: string): string {
  const chosen = chooseSubnet(pools, occupied)
  if (chosen !== undefined) return chosen
  const bases = pools.map(({ base, prefixLength }) => `${base} in /${prefixLength}`).join(', ')
  throw poolError('ERR_NO_FREE_POOL', `${operation}: no free subnet in ${bases}`, {
    details: { predefined: pools.map(({ base }) => base), occupied },
    hint: 'Name a pool, or release one.',
  })
}

/** `requestPool` of the IPAM driver. */
export async function requestPool(request: PoolRequest, context: CallContext): Promise<PoolGrant> {
  const { addressSpace, family, pool, range, exclude = [] } = request
  const operation = pool === undefined ? `request a ${family} pool` : `request pool ${String(pool)}`
  throwIfAborted(context.signal, operation)
  const { strategy = 'next-fit' } = await checkPoolRequest(request, operation)
  if (!isSpaceName(addressSpace)) throw new TypeError('the address space was checked')
  const layout = pool === undefined ? undefined : layOutPool(pool, range)
  const seed = randomUUID()
  const key = spaceKey(addressSpace, family)
  return transact(context, operation, [key], (view) => {
    const { serial, pools } = readSpace(view, key)
    const granted = Object.values(pools)
    const cidr =
      layout === undefined
        ? chosenPool(predefinedPools(view, request, seed), [...granted, ...exclude], operation)
        : namedPool(layout.cidr, granted, operation)
    const poolId = poolIdOf(addressSpace, cidr, serial + 1)
    const record: PoolRecord = { cidr, strategy, ...(layout?.range !== undefined && { range: layout.range }) }
    view.write(key, { serial: serial + 1, pools: { ...pools, [poolId]: cidr } })
    view.write(poolKey(poolId), record)
    return { poolId, pool: cidr }
  })
}

/** `releasePool` of the IPAM driver. */
export async function releasePool(request: PoolReference, context: CallContext): Promise<void> {
  const operation = `release pool "${String(request.poolId)}"`
  checkPoolReference(request, operation)
  const id = parsePoolId(request.poolId)
  throwIfAborted(context.signal, operation)
  if (id === undefined) return
  const { text: poolId } = id
  const key = spaceKey(id.space, id.family)
  await transact(context, operation, [key, poolKey(poolId), nextKey(poolId)], (view) => {
    const { serial, pools } = readSpace(view, key)
    const { [poolId]: present, ...rest } = pools
    if (present !== undefined) view.write(key, { serial, pools: rest })
    view.write(poolKey(poolId), undefined)
    view.write(nextKey(poolId), undefined)
  })
  // With its record gone nobody can write to the pool, and its id never comes back: the chunks may go one after another,
  // and a repeated release takes what an interrupted one left.
  const chunks = (await context.state.list(chunkPrefix(poolId))).map((entry) => entry.key)
  for (let start = 0; start < chunks.length; start += DELETE_BATCH) {
    const batch = chunks.slice(start, start + DELETE_BATCH)
    await context.state.update(batch, () => ({ delete: batch, result: undefined }))
  }
}

/** `poolStatus` of the IPAM driver. */
export async function poolStatus(request: PoolReference, context: CallContext): Promise<PoolStatus> {
  const operation = `pool status of "${String(request.poolId)}"`
  checkPoolReference(request, operation)
  throwIfAborted(context.signal, operation)
  const poolId = parsePoolId(request.poolId)?.text
  const record = poolId === undefined ? undefined : toPoolRecord(await context.state.get(poolKey(poolId)))
  if (poolId === undefined || record === undefined) throw poolNotFound(request.poolId, operation)
  const layout = layOutPool(record.cidr, record.range)
  const chunks = await context.state.list(chunkPrefix(poolId, 0))
  const taken = chunks.reduce((sum, { key, value }) => sum + readChunk(key, value).count, 0)
  return {
    pool: layout.cidr,
    ...(layout.range !== undefined && { range: layout.range }),
    total: countOffsets([layout.usable]).toString(),
    taken: taken.toString(),
  }
}
