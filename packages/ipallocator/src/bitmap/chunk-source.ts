import { type Chunk } from './chunk.ts'

/**
 * Where the chunks of a bitmap are kept. Level 0 has one bit for each address; a bit of a higher level says that the
 * chunk of that index one level below is full.
 */
export interface ChunkSource {
  /** The chunk, or `undefined` where no bit of it is set. */
  read(level: number, index: bigint): Chunk | undefined
  /** Called with a chunk after it was changed; one without set bits may be forgotten. */
  write(level: number, index: bigint, chunk: Chunk): void
}

/** Chunks in memory. */
export class MemoryChunks implements ChunkSource {
  readonly #levels: Map<bigint, Chunk>[] = []

  read(level: number, index: bigint): Chunk | undefined {
    return this.#levels[level]?.get(index)
  }

  write(level: number, index: bigint, chunk: Chunk): void {
    const chunks = (this.#levels[level] ??= new Map<bigint, Chunk>())
    if (chunk.count === 0) chunks.delete(index)
    else chunks.set(index, chunk)
  }

  /** The chunks of the addresses themselves, ascending. */
  entries(): [bigint, Chunk][] {
    return [...(this.#levels[0] ?? [])].sort(([left], [right]) => (left < right ? -1 : 1))
  }
}
