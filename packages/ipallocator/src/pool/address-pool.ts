import { MemoryChunks, type ChunkSource } from '../bitmap/chunk-source.ts'
import { SparseBitmap } from '../bitmap/sparse-bitmap.ts'
import { poolError } from '../errors.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import { findFree } from './find-free.ts'
import { inIntervals, offsetOf, requestableIntervals, type Interval, type PoolLayout } from './pool-layout.ts'
import type { PoolStrategy } from './pool.ts'

/**
 * The rules of a pool, over chunks that are kept anywhere: in memory for `createPool`, in a transaction on the store for
 * the IPAM driver.
 */
export class AddressPool {
  /** Where the pool's addresses are, and how many. */
  readonly layout: PoolLayout
  /** Which of them are taken. */
  readonly bitmap: SparseBitmap
  readonly #strategy: PoolStrategy
  /** Offset at which the next automatic search begins. */
  next: bigint

  constructor(layout: PoolLayout, strategy: PoolStrategy, chunks: ChunkSource = new MemoryChunks(), next?: bigint) {
    this.layout = layout
    this.bitmap = new SparseBitmap(chunks, layout.hostBits)
    this.#strategy = strategy
    this.next = next ?? layout.lease[0]?.from ?? 0n
  }

  /** Takes the next free address, or the one wanted. */
  request(address?: string): string {
    return address === undefined ? this.#takeNext() : this.#takeNamed(address)
  }

  /** Takes the lowest free address of the whole pool. */
  requestFirst(): string {
    const offset = findFree(this.bitmap, requestableIntervals(this.layout), 0n)
    if (offset === undefined) throw this.#exhausted(requestableIntervals(this.layout), `pool ${this.layout.cidr}`)
    this.bitmap.set(offset)
    return this.#textOf(offset)
  }

  /** Gives an address back; false if it was not taken. */
  release(address: string): boolean {
    const offset = offsetOf(this.layout, parseAddress(address))
    if (offset === undefined || !this.bitmap.has(offset)) return false
    this.bitmap.clear(offset)
    return true
  }

  /** Whether the address is taken. */
  has(address: string): boolean {
    const offset = offsetOf(this.layout, parseAddress(address))
    return offset !== undefined && this.bitmap.has(offset)
  }

  #takeNext(): string {
    const { lease, range, cidr } = this.layout
    const start = this.#strategy === 'first-fit' ? 0n : this.next
    const offset = findFree(this.bitmap, lease, start)
    if (offset === undefined) {
      throw this.#exhausted(lease, range === undefined ? `pool ${cidr}` : `pool ${cidr}, range ${range}`)
    }
    this.bitmap.set(offset)
    this.next = offset + 1n
    return this.#textOf(offset)
  }

  #takeNamed(text: string): string {
    const { cidr, reserved, usable } = this.layout
    const address = parseAddress(text)
    const offset = offsetOf(this.layout, address)
    const wanted = formatAddress(address)
    const details = { pool: cidr, address: wanted }
    if (offset === undefined) {
      throw poolError('ERR_ADDRESS_OUT_OF_RANGE', `pool ${cidr}: request ${wanted}: the pool cannot give it out`, {
        details,
        hint: `Choose one from ${this.#textOf(usable.from)} to ${this.#textOf(usable.to)}.`,
      })
    }
    if (inIntervals(reserved, offset)) {
      throw poolError('ERR_ADDRESS_RESERVED', `pool ${cidr}: request ${wanted}: the address is reserved`, { details })
    }
    if (this.bitmap.has(offset)) {
      throw poolError('ERR_ADDRESS_TAKEN', `pool ${cidr}: request ${wanted}: the address is taken`, {
        details,
        hint: 'Choose another address, or release this one first.',
      })
    }
    this.bitmap.set(offset)
    return wanted
  }

  #exhausted(searched: readonly Interval[], where: string): Error {
    const total = searched.reduce((sum, { from, to }) => sum + to - from + 1n, 0n)
    return poolError('ERR_POOL_EXHAUSTED', `${where}: request an address: all ${total} are taken`, {
      details: { pool: this.layout.cidr, range: this.layout.range, total: total.toString() },
      hint: 'Release addresses, or use a larger pool.',
    })
  }

  #textOf(offset: bigint): string {
    return formatAddress({ family: this.layout.network.family, value: this.layout.base + offset })
  }
}
