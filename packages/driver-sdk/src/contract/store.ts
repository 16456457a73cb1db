import type { JsonValue } from '../errors/libnetwork-error.ts'

/** One record of a store. */
export interface StoreEntry {
  /** Its key: segments of `a-z A-Z 0-9 . _ : -`, joined by `/`, at most 512 bytes. */
  readonly key: string
  /** Its value. */
  readonly value: JsonValue
  /** Its version: grows with every write of the key. */
  readonly version: number
}

/** What a transaction insists on. */
export interface StoreExpectation {
  /** The key. */
  readonly key: string
  /** The version that it must have; 0 for a key that must not exist. */
  readonly version: number
}

/** A transaction: all of it happens, or nothing. */
export interface StoreTransaction {
  /** If one does not hold, the transaction is refused with `ERR_STORE_CONFLICT`. */
  readonly expect?: readonly StoreExpectation[] | undefined
  /** Values to write, by key. */
  readonly put?: Readonly<Record<string, JsonValue>> | undefined
  /** Keys to delete. One that is gone is no error. */
  readonly delete?: readonly string[] | undefined
}

/** A change that some process made. */
export interface StoreChange {
  /** The key. */
  readonly key: string
  /** The new value; `undefined` when it was deleted. */
  readonly value?: JsonValue | undefined
  /** The new version; 0 when it was deleted. */
  readonly version: number
}

/** What can go with the verbs of a {@link Store}. */
export interface StoreCallOptions {
  /** Gives up. */
  readonly signal?: AbortSignal | undefined
}

/** Where records live. */
export interface Store {
  /** Which contract this object implements. */
  readonly kind: 'store'
  /** The store's name, as in its manifest. */
  readonly name: string
  /** Whether records outlive the process. */
  readonly persistent: boolean
  /** One record, or `undefined`. */
  get(key: string, options?: StoreCallOptions): Promise<StoreEntry | undefined>
  /** All records whose key begins with the prefix, in the order of their keys. */
  list(prefix: string, options?: StoreCallOptions): Promise<readonly StoreEntry[]>
  /** Writes one record, whatever was there. */
  put(key: string, value: JsonValue, options?: StoreCallOptions): Promise<void>
  /** Deletes one record. One that is gone is no error. */
  delete(key: string, options?: StoreCallOptions): Promise<void>
  /** Writes and deletes several records at once, if the expectations hold. */
  transact(transaction: StoreTransaction, options?: StoreCallOptions): Promise<void>
  /** The changes below a prefix from now on, until the signal fires. */
  watch(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<StoreChange>
  /** Lets go of files and threads. */
  close(): Promise<void>
}
