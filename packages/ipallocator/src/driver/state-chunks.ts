import { commonError, type JsonValue } from '@libnetwork/driver-sdk'
import type { ChunkSource } from '../bitmap/chunk-source.ts'
import { decodeChunk, encodeChunk } from '../bitmap/chunk-text.ts'
import type { Chunk } from '../bitmap/chunk.ts'
import { chunkKey } from './records.ts'
import type { StateView } from './state-transaction.ts'

/** The chunk that is kept under a key. */
export function readChunk(key: string, value: JsonValue): Chunk {
  const chunk = decodeChunk(value)
  if (chunk !== undefined) return chunk
  throw commonError('ERR_INTERNAL', `read state "${key}": the value is not a chunk of a bitmap`, { details: { key } })
}

/** The chunks of one pool, in a transaction. */
export class StateChunks implements ChunkSource {
  readonly #view: StateView
  readonly #poolId: string

  constructor(view: StateView, poolId: string) {
    this.#view = view
    this.#poolId = poolId
  }

  read(level: number, index: bigint): Chunk | undefined {
    const key = chunkKey(this.#poolId, level, index)
    const value = this.#view.read(key)
    return value === undefined ? undefined : readChunk(key, value)
  }

  write(level: number, index: bigint, chunk: Chunk): void {
    this.#view.write(chunkKey(this.#poolId, level, index), chunk.count === 0 ? undefined : encodeChunk(chunk))
  }
}
