import type { AddressFamily, JsonValue } from '@libnetwork/driver-sdk'
import { POOL_STRATEGIES, type PoolStrategy } from '../pool/pool.ts'
import type { SpaceName } from './pool-id.ts'
import type { StateView } from './state-transaction.ts'

/** The pools of one family in one address space. */
export interface SpaceRecord {
  readonly [key: string]: JsonValue
  /** How many pools have been granted in it so far. */
  readonly serial: number
  /** CIDR texts of the present pools, by id. */
  readonly pools: Readonly<Record<string, string>>
}

/** One pool. Never changes, so that requests for different addresses do not get in each other's way. */
export interface PoolRecord {
  readonly [key: string]: JsonValue | undefined
  /** CIDR text. */
  readonly cidr: string
  /** The part given out automatically. */
  readonly range?: string | undefined
  /** Which free address comes next. */
  readonly strategy: PoolStrategy
}

/** Where the unique local prefix of this state is kept. */
export const UNIQUE_LOCAL_KEY = 'unique-local'

/** Where a {@link SpaceRecord} is kept. */
export function spaceKey(space: SpaceName, family: AddressFamily): string {
  return `space/${space}/${family}`
}

/** Where a {@link PoolRecord} is kept. */
export function poolKey(poolId: string): string {
  return `pool/${poolId}`
}

/** Where the offset of a pool's next search is kept, as decimal text. */
export function nextKey(poolId: string): string {
  return `next/${poolId}`
}

/** Prefix of the keys of a pool's chunks, or of those of one level. */
export function chunkPrefix(poolId: string, level?: number): string {
  return level === undefined ? `chunk/${poolId}/` : `chunk/${poolId}/${level}/`
}

/** Where one chunk is kept. */
export function chunkKey(poolId: string, level: number, index: bigint): string {
  return `${chunkPrefix(poolId, level)}${index.toString(16)}`
}

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a space; one without pools if there is none yet. */
export function readSpace(view: StateView, key: string): SpaceRecord {
  const value = view.read(key)
  if (!isRecord(value) || typeof value['serial'] !== 'number' || !isRecord(value['pools']))
    return { serial: 0, pools: {} }
  const pools: Record<string, string> = {}
  for (const [id, cidr] of Object.entries(value['pools'])) if (typeof cidr === 'string') pools[id] = cidr
  return { serial: value['serial'], pools }
}

/** A pool's record, if the value is one. */
export function toPoolRecord(value: JsonValue | undefined): PoolRecord | undefined {
  if (!isRecord(value) || typeof value['cidr'] !== 'string') return undefined
  const { cidr, range } = value
  const strategy = POOL_STRATEGIES.find((name) => name === value['strategy']) ?? 'next-fit'
  return { cidr: cidr, strategy, ...(typeof range === 'string' && { range }) }
}
