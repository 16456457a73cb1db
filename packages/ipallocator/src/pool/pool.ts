import type { JsonValue } from '@libnetwork/driver-sdk'

/**
 * Which free address comes next.
 *
 * - `next-fit`: the one after the address given out last; an address that was released rests until the search has gone
 *   round. Connections and neighbour entries of its former owner have died out by then.
 * - `first-fit`: the lowest.
 */
export type PoolStrategy = 'next-fit' | 'first-fit'

/** Every {@link PoolStrategy}. */
export const POOL_STRATEGIES: readonly PoolStrategy[] = ['next-fit', 'first-fit']

/** What a pool is made of. */
export interface PoolOptions {
  /** The pool, CIDR text without host bits: `10.0.0.0/24` or `fd00::/64`. */
  readonly cidr: string
  /**
   * Only this part is given out automatically. CIDR text within the pool. Its first and last address are left out, as
   * those of a pool are. Addresses outside it can still be requested by name.
   */
  readonly range?: string | undefined
  /** Addresses and networks within the pool that are never given out: gateways, auxiliary addresses, holes. */
  readonly reserved?: readonly string[] | undefined
  /** Which free address comes next. Default `next-fit`. */
  readonly strategy?: PoolStrategy | undefined
  /** What {@link Pool.export} returned, of a pool with the same `cidr`. */
  readonly state?: PoolState | undefined
}

/** The addresses that are taken, as compact JSON. */
export interface PoolState {
  readonly [key: string]: JsonValue
  /** The version of this form. */
  readonly version: 1
  /** The pool, CIDR text. */
  readonly cidr: string
  /** Where the next search begins, address text. */
  readonly next: string
  /**
   * Runs of 1024 addresses that have taken ones. By number, hexadecimal, counted from the pool's first address. Values
   * are base64 of the bits, lowest address first, without zero bytes at the end; `*` if all are taken.
   */
  readonly chunks: Readonly<Record<string, string>>
}

/** A pool of addresses. Every method takes a time that does not depend on how many are taken. */
export interface Pool {
  /** The pool, CIDR text. */
  readonly cidr: string
  /** The part given out automatically, CIDR text; `undefined` for all of it. */
  readonly range: string | undefined
  /** How many addresses can be taken in all: those of the pool without network, broadcast and reserved addresses. */
  readonly capacity: bigint
  /** How many are taken. */
  readonly taken: bigint
  /**
   * Takes an address.
   *
   * @param address - the one wanted, address text; without it the strategy chooses
   * @returns address text, without a prefix length
   * @throws `ERR_POOL_EXHAUSTED`, `ERR_ADDRESS_TAKEN`, `ERR_ADDRESS_RESERVED`, `ERR_ADDRESS_OUT_OF_RANGE`,
   * `ERR_INVALID_ARGUMENT`
   */
  request(address?: string): string
  /**
   * Takes the lowest free address of the whole pool, whatever its range; meant for gateways. The next automatic request
   * is not influenced by it.
   *
   * @throws `ERR_POOL_EXHAUSTED`
   */
  requestFirst(): string
  /**
   * Gives an address back.
   *
   * @returns whether it was taken
   * @throws `ERR_INVALID_ARGUMENT` for what is no address at all
   */
  release(address: string): boolean
  /**
   * Whether the address is taken. Reserved ones and those outside are not.
   *
   * @throws `ERR_INVALID_ARGUMENT` for what is no address at all
   */
  has(address: string): boolean
  /** Every taken address, ascending. */
  addresses(): IterableIterator<string>
  /** The present state. A pool made of it goes on exactly like this one. */
  export(): PoolState
}
