import type { JsonValue } from '../errors/libnetwork-error.ts'

/** One entry of a {@link StateScope}. */
export interface StateEntry {
  /** The key, without the driver's prefix. */
  readonly key: string
  /** The value. */
  readonly value: JsonValue
}

/** What an update function wants changed. */
export interface StateChange<Result> {
  /** Values to write, by key. Only keys that the update named may appear. */
  readonly set?: Readonly<Record<string, JsonValue>> | undefined
  /** Keys to delete. Only keys that the update named may appear. */
  readonly delete?: readonly string[] | undefined
  /** What {@link StateScope.update} resolves to. */
  readonly result: Result
}

/**
 * A driver's own room in the store, for whatever is allocated or must be unique across networks: addresses, host ports,
 * device names, VNIs. It is shared by every process that works on the same state.
 *
 * Keys are texts of `a-z A-Z 0-9 . _ : / -`, at most 512 bytes; they are private to the driver. Values are plain JSON.
 */
export interface StateScope {
  /** The value under a key, or `undefined`. */
  get(key: string): Promise<JsonValue | undefined>
  /** All entries whose key begins with the prefix, in the order of their keys. */
  list(prefix: string): Promise<readonly StateEntry[]>
  /**
   * Changes several keys at once, or none of them.
   *
   * `change` gets the present values of the named keys and says what to write. It must be synchronous and free of side
   * effects: when another process has changed one of the keys meanwhile, it is run again on the new values. What it
   * throws ends the update with nothing written.
   */
  update<Result>(
    keys: readonly string[],
    change: (current: ReadonlyMap<string, JsonValue | undefined>) => StateChange<Result>,
  ): Promise<Result>
}
