import { invalidArgument, parseAddress, type Problem } from '@libnetwork/driver-sdk'
import type { MemoryChunks } from '../bitmap/chunk-source.ts'
import { decodeChunk, encodeChunk } from '../bitmap/chunk-text.ts'
import { CHUNK_SHIFT, type Chunk } from '../bitmap/chunk.ts'
import { formatAddress, showValue } from '../ip/address.ts'
import type { PoolLayout } from './pool-layout.ts'
import type { PoolState } from './pool.ts'

/** What {@link readPoolState} found. */
export interface LoadedState {
  /** Offset at which the next search begins. */
  readonly next: bigint
  /** The chunks by number. */
  readonly chunks: ReadonlyMap<bigint, Chunk>
}

/** Writes a pool's state. */
export function writePoolState(layout: PoolLayout, next: bigint, chunks: MemoryChunks): PoolState {
  const { family } = layout.network
  // After the very last address of a family there is none to name; a search from the beginning is the same.
  const wrapped = next >> BigInt(layout.hostBits) === 0n ? next : 0n
  return {
    version: 1,
    cidr: layout.cidr,
    next: formatAddress({ family, value: layout.base + wrapped }),
    chunks: Object.fromEntries(chunks.entries().map(([index, chunk]) => [index.toString(16), encodeChunk(chunk)])),
  }
}

function readNext(text: unknown, layout: PoolLayout): bigint | undefined {
  const address = typeof text === 'string' ? parseAddress(text) : undefined
  if (address === undefined) return undefined
  const offset = address.value - layout.base
  const inside = address.family === layout.network.family && offset >= 0n && offset >> BigInt(layout.hostBits) === 0n
  return inside ? offset : undefined
}

function readChunk(name: string, text: unknown, layout: PoolLayout): [bigint, Chunk] | undefined {
  if (!/^(?:0|[1-9a-f][0-9a-f]{0,31})$/.test(name)) return undefined
  const index = BigInt(`0x${name}`)
  const chunk = decodeChunk(text)
  if (chunk === undefined || chunk.count === 0) return undefined
  const first = index << CHUNK_SHIFT
  for (const bit of [chunk.findOne(), chunk.findLastOne()]) {
    const offset = first + BigInt(bit)
    if (offset < layout.usable.from || offset > layout.usable.to) return undefined
  }
  return [index, chunk]
}

/**
 * Reads a pool's state.
 *
 * @throws `ERR_INVALID_ARGUMENT` with every problem, for anything that {@link writePoolState} would not have written
 */
export function readPoolState(state: unknown, layout: PoolLayout): LoadedState {
  const operation = `create pool ${layout.cidr}`
  if (typeof state !== 'object' || state === null) {
    throw invalidArgument(operation, [{ path: 'state', message: 'is not an object' }])
  }
  const { version, cidr, next, chunks } = state as Partial<Record<keyof PoolState, unknown>>
  if (version !== 1) {
    throw invalidArgument(operation, [
      { path: 'state.version', message: `is ${showValue(version)}, only 1 is known` },
    ])
  }
  const problems: Problem[] = []
  if (cidr !== layout.cidr) problems.push({ path: 'state.cidr', message: `is ${showValue(cidr)}, of another pool` })
  const start = readNext(next, layout)
  if (start === undefined) problems.push({ path: 'state.next', message: 'is not an address of the pool' })
  const loaded = new Map<bigint, Chunk>()
  if (typeof chunks !== 'object' || chunks === null) {
    problems.push({ path: 'state.chunks', message: 'is not an object' })
  } else {
    for (const [name, text] of Object.entries(chunks)) {
      const entry = readChunk(name, text, layout)
      if (entry === undefined) problems.push({ path: `state.chunks.${name}`, message: 'is not a chunk of the pool' })
      else loaded.set(...entry)
    }
  }
  if (problems.length > 0 || start === undefined) throw invalidArgument(operation, problems)
  return { next: start, chunks: loaded }
}
