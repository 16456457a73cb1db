import { MemoryChunks } from '../bitmap/chunk-source.ts'
import { CHUNK_SHIFT } from '../bitmap/chunk.ts'
import { formatAddress } from '../ip/address.ts'
import { AddressPool } from './address-pool.ts'
import { checkPoolOptions } from './check-pool-options.ts'
import { countOffsets, layOutPool, requestableIntervals } from './pool-layout.ts'
import { readPoolState, writePoolState } from './pool-state.ts'
import type { Pool, PoolOptions, PoolState } from './pool.ts'

class MemoryPool implements Pool {
  readonly cidr: string
  readonly range: string | undefined
  readonly capacity: bigint
  readonly #chunks = new MemoryChunks()
  readonly #pool: AddressPool
  #taken = 0n

  constructor({ cidr, range, reserved, strategy = 'next-fit', state }: PoolOptions) {
    const layout = layOutPool(cidr, range, reserved)
    this.cidr = layout.cidr
    this.range = layout.range
    this.capacity = countOffsets(requestableIntervals(layout))
    const loaded = state === undefined ? undefined : readPoolState(state, layout)
    this.#pool = new AddressPool(layout, strategy, this.#chunks, loaded?.next)
    for (const [index, chunk] of loaded?.chunks ?? []) {
      this.#pool.bitmap.load(index, chunk)
      this.#taken += BigInt(chunk.count)
    }
  }

  get taken(): bigint {
    return this.#taken
  }

  request(address?: string): string {
    const taken = this.#pool.request(address)
    this.#taken++
    return taken
  }

  requestFirst(): string {
    const taken = this.#pool.requestFirst()
    this.#taken++
    return taken
  }

  release(address: string): boolean {
    const released = this.#pool.release(address)
    if (released) this.#taken--
    return released
  }

  has(address: string): boolean {
    return this.#pool.has(address)
  }

  *addresses(): IterableIterator<string> {
    const { layout } = this.#pool
    for (const [index, chunk] of this.#chunks.entries()) {
      for (const bit of chunk.ones()) {
        const value = layout.base + ((index << CHUNK_SHIFT) | BigInt(bit))
        yield formatAddress({ family: layout.network.family, value })
      }
    }
  }

  export(): PoolState {
    return writePoolState(this.#pool.layout, this.#pool.next, this.#chunks)
  }
}

/**
 * Makes a pool of addresses, in memory.
 *
 * @throws `ERR_INVALID_ARGUMENT` with every wrong option, `ERR_BAD_SUBRANGE` for a range outside the pool,
 * `ERR_ADDRESS_OUT_OF_RANGE` for a reserved address outside it
 *
 * @example
 * ```ts
 * const pool = createPool({ cidr: '10.0.0.0/24', reserved: ['10.0.0.1'] })
 * pool.request() // '10.0.0.2'
 * ```
 */
export function createPool(options: PoolOptions): Pool {
  checkPoolOptions(options)
  return new MemoryPool(options)
}
