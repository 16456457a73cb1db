import type {
  JsonValue,
  Store,
  StoreCallOptions,
  StoreChange,
  StoreEntry,
  StoreTransaction,
} from '@libnetwork/driver-sdk'
import { throwIfAborted } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { Broadcast } from '../model/broadcast.ts'

/** A store that lives and dies with the process. */
export class MemoryStore implements Store {
  readonly kind = 'store'
  readonly name = 'memory'
  readonly persistent = false
  readonly #entries = new Map<string, StoreEntry>()
  readonly #changes = new Broadcast<StoreChange>()
  #version = 0

  async get(key: string, options: StoreCallOptions = {}): Promise<StoreEntry | undefined> {
    throwIfAborted(options.signal, `store get ${key}`)
    return await Promise.resolve(this.#entries.get(key))
  }

  async list(prefix: string, options: StoreCallOptions = {}): Promise<readonly StoreEntry[]> {
    throwIfAborted(options.signal, `store list ${prefix}`)
    const found = [...this.#entries.values()].filter((entry) => entry.key.startsWith(prefix))
    return await Promise.resolve(found.sort((a, b) => (a.key < b.key ? -1 : 1)))
  }

  async put(key: string, value: JsonValue, options?: StoreCallOptions): Promise<void> {
    await this.transact({ put: { [key]: value } }, options)
  }

  async delete(key: string, options?: StoreCallOptions): Promise<void> {
    await this.transact({ delete: [key] }, options)
  }

  async transact(transaction: StoreTransaction, options: StoreCallOptions = {}): Promise<void> {
    throwIfAborted(options.signal, 'store transact')
    for (const { key, version } of transaction.expect ?? []) {
      const found = this.#entries.get(key)?.version ?? 0
      if (found !== version) {
        throw coreError('ERR_STORE_CONFLICT', `store transact: ${key} is at version ${found}, not ${version}`, {
          details: { key, expected: version, found },
        })
      }
    }
    const changes: StoreChange[] = []
    for (const [key, value] of Object.entries(transaction.put ?? {})) {
      // A copy, as a store on disk would make one: nobody may change a record behind the store's back.
      const entry: StoreEntry = { key, value: structuredClone(value), version: ++this.#version }
      this.#entries.set(key, entry)
      changes.push(entry)
    }
    for (const key of transaction.delete ?? []) {
      if (this.#entries.delete(key)) changes.push({ key, version: 0 })
    }
    for (const change of changes) this.#changes.publish(change)
    await Promise.resolve()
  }

  async *watch(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<StoreChange> {
    for await (const change of this.#changes.subscribe(options.signal)) {
      if (change.key.startsWith(prefix)) yield change
    }
  }

  async close(): Promise<void> {
    this.#changes.end()
    await Promise.resolve()
  }
}
