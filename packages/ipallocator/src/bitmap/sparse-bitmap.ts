import { Chunk, CHUNK_BITS, CHUNK_MASK, CHUNK_SHIFT } from './chunk.ts'
import type { ChunkSource } from './chunk-source.ts'

/**
 * A bitmap of up to 2^128 bits, of which only chunks with set bits exist. Full chunks are marked one level up, in chunks
 * of the same form, so that the search for a zero steps over any number of them: it reads at most two chunks a level,
 * and one chunk in all where that has a zero.
 */
export class SparseBitmap {
  readonly #chunks: ChunkSource
  readonly #levels: number

  /**
   * @param chunks - where the chunks are kept
   * @param bits - the bitmap has 2^bits bits
   */
  constructor(chunks: ChunkSource, bits: number) {
    this.#chunks = chunks
    this.#levels = Math.max(1, Math.ceil(bits / Number(CHUNK_SHIFT)))
  }

  /** Whether the bit is set. */
  has(offset: bigint): boolean {
    return this.#chunks.read(0, offset >> CHUNK_SHIFT)?.has(Number(offset & CHUNK_MASK)) ?? false
  }

  /** Sets a bit that is clear. */
  set(offset: bigint): void {
    this.#set(0, offset)
  }

  /** Puts a whole chunk of addresses in place, into a bitmap that has none there. */
  load(index: bigint, chunk: Chunk): void {
    this.#chunks.write(0, index, chunk)
    if (chunk.full) this.#set(1, index)
  }

  /** Clears a bit that is set. */
  clear(offset: bigint): void {
    let position = offset
    for (let level = 0; level < this.#levels; level++) {
      const index = position >> CHUNK_SHIFT
      const chunk = this.#chunks.read(level, index)
      if (chunk === undefined) return
      const wasFull = chunk.full
      chunk.clear(Number(position & CHUNK_MASK))
      this.#chunks.write(level, index, chunk)
      if (!wasFull) return
      position = index
    }
  }

  /** The lowest clear bit from `from` to `to`, both included. */
  findZero(from: bigint, to: bigint): bigint | undefined {
    return this.#findZero(0, from, to)
  }

  #set(lowest: number, offset: bigint): void {
    let position = offset
    for (let level = lowest; level < this.#levels; level++) {
      const index = position >> CHUNK_SHIFT
      const chunk = this.#chunks.read(level, index) ?? new Chunk()
      chunk.set(Number(position & CHUNK_MASK))
      this.#chunks.write(level, index, chunk)
      if (!chunk.full) return
      position = index
    }
  }

  #findZero(level: number, from: bigint, to: bigint): bigint | undefined {
    const index = from >> CHUNK_SHIFT
    const last = to >> CHUNK_SHIFT
    const here = this.#findInChunk(level, index, Number(from & CHUNK_MASK), index === last ? to : undefined)
    if (here !== undefined || index === last) return here
    const next = this.#findZero(level + 1, index + 1n, last)
    return next === undefined ? undefined : this.#findInChunk(level, next, 0, next === last ? to : undefined)
  }

  #findInChunk(level: number, index: bigint, from: number, to: bigint | undefined): bigint | undefined {
    const end = to === undefined ? CHUNK_BITS - 1 : Number(to & CHUNK_MASK)
    const bit = this.#chunks.read(level, index)?.findZero(from, end) ?? from
    return bit < 0 ? undefined : (index << CHUNK_SHIFT) | BigInt(bit)
  }
}
