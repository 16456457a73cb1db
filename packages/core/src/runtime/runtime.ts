import {
  commonError,
  type CallContext,
  type Clock,
  type DriverKind,
  type IpamDriver,
  type Logger,
  type NetworkDriver,
  type SandboxProvider,
  type Store,
} from '@libnetwork/driver-sdk'
import type { DriverRegistry } from '../discovery/driver-registry.ts'
import { KeyedLock } from '../model/keyed-lock.ts'
import { EndpointTable } from '../store/endpoint-table.ts'
import { RecordTable } from '../store/record-table.ts'
import type { NetworkRecord, SandboxRecord } from '../store/records.ts'
import { StoreStateScope } from '../store/store-state-scope.ts'
import { EventHub } from './events.ts'

/** What a controller and its handles share. */
export interface RuntimeInit {
  /** The controller's name. */
  readonly name: string
  /** Where records live. */
  readonly store: Store
  /** The drivers that were found. */
  readonly drivers: DriverRegistry
  /** Where to write what happens. */
  readonly logger: Logger
  /** Time. */
  readonly clock: Clock
  /** Name of the sandbox provider. */
  readonly sandboxProvider: string
  /** Folder of the namespaces of sandboxes without a key. */
  readonly sandboxFolder: string
  /** The network driver of networks that name none. */
  readonly defaultNetworkDriver: string
  /** The IPAM driver of networks that name none. */
  readonly defaultIpamDriver: string
  /** The file that names the host's nameservers. */
  readonly resolvConf: string
}

/** The inside of a controller: records, drivers, locks, events. Handles keep no state of their own but this. */
export class Runtime {
  readonly name: string
  readonly store: Store
  readonly drivers: DriverRegistry
  readonly logger: Logger
  readonly clock: Clock
  readonly sandboxFolder: string
  readonly defaultNetworkDriver: string
  readonly defaultIpamDriver: string
  readonly resolvConf: string
  readonly networks: RecordTable<NetworkRecord>
  readonly endpoints: EndpointTable
  readonly sandboxes: RecordTable<SandboxRecord>
  readonly locks: KeyedLock = new KeyedLock()
  readonly events: EventHub
  readonly #sandboxProvider: string
  readonly #closing = new AbortController()

  constructor(init: RuntimeInit) {
    this.name = init.name
    this.store = init.store
    this.drivers = init.drivers
    this.logger = init.logger
    this.clock = init.clock
    this.sandboxFolder = init.sandboxFolder
    this.defaultNetworkDriver = init.defaultNetworkDriver
    this.defaultIpamDriver = init.defaultIpamDriver
    this.resolvConf = init.resolvConf
    this.#sandboxProvider = init.sandboxProvider
    this.networks = new RecordTable(init.store, 'networks')
    this.endpoints = new EndpointTable(init.store)
    this.sandboxes = new RecordTable(init.store, 'sandboxes')
    this.events = new EventHub(() => init.clock.now())
  }

  /** The sandbox provider. */
  provider(): Promise<SandboxProvider> {
    return this.drivers.get('sandbox', this.#sandboxProvider)
  }

  /** A network driver by name. */
  networkDriver(name: string): Promise<NetworkDriver> {
    return this.drivers.get('network', name)
  }

  /** An IPAM driver by name. */
  ipamDriver(name: string): Promise<IpamDriver> {
    return this.drivers.get('ipam', name)
  }

  /**
   * What a driver's verb gets beside its request.
   *
   * @param signal - the caller's; without it only the controller's closing ends the verb
   */
  async context(kind: DriverKind, driver: string, signal: AbortSignal | undefined): Promise<CallContext> {
    const { host } = await this.provider()
    if (host === undefined) {
      throw commonError(
        'ERR_UNSUPPORTED',
        `sandbox provider "${this.#sandboxProvider}" gives no access to the host's network`,
      )
    }
    return {
      signal: signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]),
      logger: this.logger,
      clock: this.clock,
      host,
      state: new StoreStateScope(this.store, `state/${kind}/${driver}/`),
    }
  }

  /** Throws `ERR_CLOSED` once the controller was closed. */
  assertOpen(operation: string): void {
    if (this.#closing.signal.aborted) throw commonError('ERR_CLOSED', `${operation}: the controller was closed`)
  }

  /** Ends everything that runs; sandboxes stay as they are. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(commonError('ERR_CLOSED', 'the controller was closed'))
    this.events.end()
    for (const provider of await this.drivers.loaded('sandbox')) await provider.close()
    await this.store.close()
  }
}
