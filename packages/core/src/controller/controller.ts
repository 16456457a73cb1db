import { invalidArgument, isDriverModule } from '@libnetwork/driver-sdk'
import { discoverDrivers } from '../discovery/discover-drivers.ts'
import { DriverRegistry } from '../discovery/driver-registry.ts'
import type { DriverRow } from '../discovery/driver-row.ts'
import { findHostApplication } from '../discovery/host-application.ts'
import { coreError } from '../errors.ts'
import { check, checkReference } from '../model/argument-checks.ts'
import { newId, shortId } from '../model/ids.ts'
import { filterList, type ListFilter, type NamedListFilter } from '../model/list-filter.ts'
import { createNetwork } from '../network/create-network.ts'
import { findNetwork } from '../network/find-network.ts'
import type { CreateNetworkOptions } from '../network/network-options.ts'
import { networkHandle, type Network } from '../network/network.ts'
import type { ControllerEvent, EventOfType } from '../runtime/events.ts'
import { Runtime } from '../runtime/runtime.ts'
import { traced } from '../runtime/trace.ts'
import { createSandbox } from '../sandbox/create-sandbox.ts'
import { findSandbox } from '../sandbox/find-sandbox.ts'
import type { CreateSandboxOptions } from '../sandbox/sandbox-options.ts'
import { sandboxHandle, type Sandbox } from '../sandbox/sandbox.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { controllerOptionsSchema, type ControllerOptions } from './controller-options.ts'

/**
 * The entry point: knows drivers, networks and sandboxes. Several controllers can live side by side, each with its own
 * records and drivers.
 */
export interface Controller extends AsyncDisposable {
  /** Its name, part of the marks on everything that it makes. */
  readonly name: string
  /** Makes a network. Names are unique; all problems of the options are reported at once. */
  createNetwork<Driver extends string = 'bridge'>(
    name: string,
    options?: CreateNetworkOptions<Driver>,
  ): Promise<Network<Driver>>
  /** A network by its name, its id or the beginning of its id. */
  getNetwork(reference: string): Promise<Network>
  /** The networks that a filter lets through, oldest first. */
  listNetworks(filter?: NamedListFilter): Promise<readonly Network[]>
  /** Makes a sandbox, or opens one that somebody else made. */
  createSandbox(options?: CreateSandboxOptions): Promise<Sandbox>
  /** A sandbox by its key, its id or the beginning of its id. */
  getSandbox(reference: string): Promise<Sandbox>
  /** The sandboxes that a filter lets through, oldest first. */
  listSandboxes(filter?: ListFilter): Promise<readonly Sandbox[]>
  /** Every driver that discovery looked at, usable or not, with the reason. */
  drivers(): readonly DriverRow[]
  /** Calls the listener for each event of a type, until the returned function is called. */
  on<Type extends ControllerEvent['type']>(type: Type, listener: (event: EventOfType<Type>) => void): () => void
  /** All events from now on, until the signal fires or the controller closes. */
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterableIterator<ControllerEvent>
  /** Lets go of threads and sockets. Sandboxes stay as they are and connected. Safe to call again. */
  close(): Promise<void>
}

class ControllerHandle implements Controller {
  readonly name: string
  readonly #runtime: Runtime

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    this.name = runtime.name
  }

  async createNetwork(name: string, options: CreateNetworkOptions = {}): Promise<Network> {
    this.#runtime.assertOpen('create network')
    return await traced('network.create', { name }, async () => {
      const record = await createNetwork(this.#runtime, name, options)
      this.#runtime.events.emit({ type: 'network.created', network: record.id, name })
      return networkHandle(this.#runtime, record)
    })
  }

  async getNetwork(reference: string): Promise<Network> {
    this.#runtime.assertOpen('get network')
    return networkHandle(this.#runtime, await findNetwork(this.#runtime, checkReference('get network', reference)))
  }

  async listNetworks(filter: NamedListFilter = {}): Promise<readonly Network[]> {
    this.#runtime.assertOpen('list networks')
    const records = filterList('list networks', await this.#runtime.networks.list(), filter)
    return records.map((record) => networkHandle(this.#runtime, record))
  }

  async createSandbox(options: CreateSandboxOptions = {}): Promise<Sandbox> {
    this.#runtime.assertOpen('create sandbox')
    return await traced('sandbox.create', {}, async () => {
      const record = await createSandbox(this.#runtime, options)
      this.#runtime.events.emit({ type: 'sandbox.created', sandbox: record.id, key: record.key })
      return await sandboxHandle(this.#runtime, record)
    })
  }

  async getSandbox(reference: string): Promise<Sandbox> {
    this.#runtime.assertOpen('get sandbox')
    return await sandboxHandle(
      this.#runtime,
      await findSandbox(this.#runtime, checkReference('get sandbox', reference)),
    )
  }

  async listSandboxes(filter: ListFilter = {}): Promise<readonly Sandbox[]> {
    this.#runtime.assertOpen('list sandboxes')
    const records = filterList('list sandboxes', await this.#runtime.sandboxes.list(), filter)
    return await Promise.all(records.map((record) => sandboxHandle(this.#runtime, record)))
  }

  drivers(): readonly DriverRow[] {
    return this.#runtime.drivers.rows()
  }

  on<Type extends ControllerEvent['type']>(type: Type, listener: (event: EventOfType<Type>) => void): () => void {
    return this.#runtime.events.on(type, listener)
  }

  events(options: { readonly signal?: AbortSignal | undefined } = {}): AsyncIterableIterator<ControllerEvent> {
    this.#runtime.assertOpen('read events')
    return this.#runtime.events.iterate(options.signal)
  }

  async close(): Promise<void> {
    await this.#runtime.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/**
 * Makes a controller. Drivers are found by the metadata of their packages; none of their code runs before it is needed, and
 * the kernel is not touched before the first verb.
 *
 * @throws `ERR_INVALID_ARGUMENT` with all problems of the options, `ERR_HOST_APPLICATION`
 */
export async function createController(options: ControllerOptions = {}): Promise<Controller> {
  const shape = check(controllerOptionsSchema, options, '')
  if (!('value' in shape)) throw invalidArgument('create controller', shape.problems)
  const { drivers, from, name = `mem-${shortId(newId())}`, store = new MemoryStore(), ...rest } = shape.value
  const stranger = drivers.use?.findIndex((module) => !isDriverModule(module)) ?? -1
  if (stranger >= 0) {
    throw invalidArgument('create controller', [
      {
        path: `drivers.use.${stranger}`,
        message: 'is no driver module, as defineNetworkDriver() and its like return it',
      },
    ])
  }
  const application = findHostApplication(from, process.argv[1])
  const given = [drivers.use, drivers.packages, drivers.trusted].some((list) => list !== undefined && list.length > 0)
  if (application === undefined && !given) {
    throw coreError('ERR_HOST_APPLICATION', 'create controller: the application to search for drivers is not known', {
      hint: 'Pass `from: import.meta.url` of a file inside your application, or drivers in `drivers.use`.',
    })
  }
  const registry = new DriverRegistry(discoverDrivers(drivers, application))
  return await Promise.resolve(
    new ControllerHandle(
      new Runtime({
        name,
        store,
        drivers: registry,
        logger: rest.logger,
        clock: rest.clock,
        sandboxProvider: rest.sandboxProvider,
        sandboxFolder: rest.sandboxFolder,
        defaultNetworkDriver: rest.defaultDriver,
        defaultIpamDriver: rest.defaultIpam,
        resolvConf: rest.resolvConf,
      }),
    ),
  )
}
