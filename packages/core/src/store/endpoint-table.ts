import type { Store, StoreTransaction } from '@libnetwork/driver-sdk'
import { RecordTable } from './record-table.ts'
import type { EndpointRecord } from './records.ts'

/** The store's key that keeps an endpoint name for one endpoint of a network. */
function nameKey(networkId: string, name: string): string {
  return `names/endpoint/${networkId}/${name}`
}

/** The endpoints, with an index of their names by network. */
export class EndpointTable extends RecordTable<EndpointRecord> {
  readonly #store: Store

  constructor(store: Store) {
    super(store, 'endpoints')
    this.#store = store
  }

  /** The transaction that records a new endpoint, if its network has no endpoint of this name. */
  insertion(record: EndpointRecord): StoreTransaction {
    const key = nameKey(record.networkId, record.name)
    return { expect: [{ key, version: 0 }], put: { ...this.put(record), [key]: record.id } }
  }

  /** The transaction that forgets an endpoint. */
  removal(record: EndpointRecord): StoreTransaction {
    return { delete: [this.key(record.id), nameKey(record.networkId, record.name)] }
  }

  /** The id of an endpoint of a network by its name. */
  async idByName(networkId: string, name: string): Promise<string | undefined> {
    const entry = await this.#store.get(nameKey(networkId, name))
    return typeof entry?.value === 'string' ? entry.value : undefined
  }

  /** All endpoints of a network, also those that are not ready. */
  async ofNetwork(networkId: string): Promise<readonly EndpointRecord[]> {
    const names = await this.#store.list(nameKey(networkId, ''))
    return await this.byIds(names.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])))
  }

  /** The endpoints of these ids that exist. */
  async byIds(ids: readonly string[]): Promise<readonly EndpointRecord[]> {
    const found = await Promise.all(ids.map((id) => this.get(id)))
    return found.flatMap((entry) => (entry === undefined ? [] : [entry.record]))
  }
}
