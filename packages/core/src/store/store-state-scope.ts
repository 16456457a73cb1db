import type { JsonValue, StateChange, StateEntry, StateScope, Store } from '@libnetwork/driver-sdk'
import { commonError, isLibnetworkError } from '@libnetwork/driver-sdk'

const KEY = /^[A-Za-z0-9._:/-]{1,480}$/

/** A driver's own room in the store. */
export class StoreStateScope implements StateScope {
  readonly #store: Store
  readonly #prefix: string

  constructor(store: Store, prefix: string) {
    this.#store = store
    this.#prefix = prefix
  }

  async get(key: string): Promise<JsonValue | undefined> {
    return (await this.#store.get(this.#key(key)))?.value
  }

  async list(prefix: string): Promise<readonly StateEntry[]> {
    const entries = await this.#store.list(prefix === '' ? this.#prefix : this.#key(prefix))
    return entries.map(({ key, value }) => ({ key: key.slice(this.#prefix.length), value }))
  }

  async update<Result>(
    keys: readonly string[],
    change: (current: ReadonlyMap<string, JsonValue | undefined>) => StateChange<Result>,
  ): Promise<Result> {
    const named = new Set(keys)
    for (;;) {
      const entries = await Promise.all(keys.map((key) => this.#store.get(this.#key(key))))
      const current = new Map(keys.map((key, index) => [key, entries[index]?.value]))
      const { set = {}, delete: deleted = [], result } = change(current)
      const written = [...Object.keys(set), ...deleted]
      const stranger = written.find((key) => !named.has(key))
      if (stranger !== undefined) {
        throw commonError(
          'ERR_INVALID_ARGUMENT',
          `state update: "${stranger}" is written, but not among the keys of the update`,
        )
      }
      if (written.length === 0) return result
      try {
        await this.#store.transact({
          expect: keys.map((key, index) => ({ key: this.#key(key), version: entries[index]?.version ?? 0 })),
          put: Object.fromEntries(Object.entries(set).map(([key, value]) => [this.#key(key), value])),
          delete: deleted.map((key) => this.#key(key)),
        })
        return result
      } catch (error) {
        if (!isLibnetworkError(error, 'ERR_STORE_CONFLICT')) throw error
      }
    }
  }

  #key(key: string): string {
    if (!KEY.test(key)) {
      throw commonError(
        'ERR_INVALID_ARGUMENT',
        `state key ${JSON.stringify(key)}: allowed are 1 to 480 of a-z A-Z 0-9 . _ : / -`,
      )
    }
    return this.#prefix + key
  }
}
