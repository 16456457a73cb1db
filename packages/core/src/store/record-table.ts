import type { JsonValue, Store, StoreTransaction } from '@libnetwork/driver-sdk'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import type { BaseRecord } from './records.ts'

/** A record with the version that it was read at. */
export interface Versioned<RecordType> {
  readonly record: RecordType
  readonly version: number
}

/**
 * The records of one kind, below a prefix of the store. A record is written by us alone, so what is read has the type that
 * was written.
 */
export class RecordTable<RecordType extends BaseRecord> {
  readonly #store: Store
  readonly #prefix: string

  constructor(store: Store, prefix: string) {
    this.#store = store
    this.#prefix = prefix
  }

  /** The store's key of a record. */
  key(id: string): string {
    return `${this.#prefix}/${id}`
  }

  /** One record, or `undefined`. */
  async get(id: string): Promise<Versioned<RecordType> | undefined> {
    const entry = await this.#store.get(this.key(id))
    return entry && { record: entry.value as unknown as RecordType, version: entry.version }
  }

  /** All records that are ready, oldest first. */
  async list(): Promise<readonly RecordType[]> {
    const entries = await this.#store.list(`${this.#prefix}/`)
    const records = entries.map((entry) => entry.value as unknown as RecordType)
    return records.filter((record) => record.status === 'ready').sort((a, b) => a.createdAt - b.createdAt)
  }

  /** Records whose id begins with the text. */
  async withPrefix(partialId: string): Promise<readonly RecordType[]> {
    const entries = await this.#store.list(this.key(partialId))
    return entries.map((entry) => entry.value as unknown as RecordType).filter((record) => record.status === 'ready')
  }

  /** The part of a transaction that writes a record. */
  put(record: RecordType): NonNullable<StoreTransaction['put']> {
    return { [this.key(record.id)]: record as unknown as JsonValue }
  }

  /**
   * Changes a record that exists. The change is run again on the new value when somebody else wrote it meanwhile.
   *
   * @returns the new record, or `undefined` when there is none
   */
  async update(id: string, change: (record: RecordType) => RecordType): Promise<RecordType | undefined> {
    for (;;) {
      const found = await this.get(id)
      if (found === undefined) return undefined
      const record = change(found.record)
      try {
        await this.#store.transact({ expect: [{ key: this.key(id), version: found.version }], put: this.put(record) })
        return record
      } catch (error) {
        if (!isLibnetworkError(error, 'ERR_STORE_CONFLICT')) throw error
      }
    }
  }
}
