import {
  isLibnetworkError,
  type JsonValue,
  type Store,
  type StoreEntry,
  type StoreTransaction,
} from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import type { BaseRecord } from './records.ts'

const PARTIAL_ID = /^[0-9a-f]{1,64}$/

/** A record with the version that it was read at. */
export interface Versioned<RecordType> {
  /** The record. */
  readonly record: RecordType
  /** Its version in the store. */
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
    return entry && { record: this.#decode(entry), version: entry.version }
  }

  /** All records that are ready, oldest first. */
  async list(): Promise<readonly RecordType[]> {
    const entries = await this.#store.list(`${this.#prefix}/`)
    const records = entries.map((entry) => this.#decode(entry))
    return records.filter((record) => record.status === 'ready').sort((a, b) => a.createdAt - b.createdAt)
  }

  /**
   * The record whose id begins with the text, or `undefined`.
   *
   * @throws `ERR_AMBIGUOUS_ID` when several do
   */
  async byPartialId(partialId: string, what: string): Promise<RecordType | undefined> {
    if (!PARTIAL_ID.test(partialId)) return undefined
    const entries = await this.#store.list(this.key(partialId))
    const records = entries.map((entry) => this.#decode(entry)).filter((record) => record.status === 'ready')
    if (records.length > 1) {
      throw coreError('ERR_AMBIGUOUS_ID', `${what} ${partialId}: ${records.length} ids begin with it`, {
        details: { partialId, ids: records.slice(0, 10).map(({ id }) => id) },
        hint: 'Give more digits of the id.',
      })
    }
    return records[0]
  }

  /** The part of a transaction that writes a record. */
  put(record: RecordType): NonNullable<StoreTransaction['put']> {
    // Records are plain JSON by their types; interfaces merely lack the index signature that JsonValue asks for.
    return { [this.key(record.id)]: record as object as JsonValue }
  }

  /** The part of a transaction that writes several records. */
  putAll(records: readonly RecordType[]): NonNullable<StoreTransaction['put']> {
    return Object.fromEntries(records.flatMap((record) => Object.entries(this.put(record))))
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

  #decode(entry: StoreEntry): RecordType {
    return entry.value as object as RecordType
  }
}
