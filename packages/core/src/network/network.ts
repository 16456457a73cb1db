import { invalidArgument, type AddressFamily, type JsonValue, type PoolStatus } from '@libnetwork/driver-sdk'
import { createEndpoint } from '../endpoint/create-endpoint.ts'
import type { EndpointOptions } from '../endpoint/endpoint-options.ts'
import { endpointHandle, type Endpoint } from '../endpoint/endpoint.ts'
import { findEndpoint } from '../endpoint/find-endpoint.ts'
import { joinEndpoint } from '../endpoint/join-endpoint.ts'
import { deleteEndpoint } from '../endpoint/delete-endpoint.ts'
import { undoOnFailure } from '../model/undo-list.ts'
import { checkReference, shown } from '../model/argument-checks.ts'
import { checkSignal, type CallOptions } from '../model/call-options.ts'
import { filterList, type ListFilter } from '../model/list-filter.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { traced } from '../runtime/trace.ts'
import { sandboxIdOf } from '../sandbox/find-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { EndpointRecord, NetworkRecord } from '../store/records.ts'
import { deleteNetwork } from './delete-network.ts'
import { networkNotFound } from './find-network.ts'

/** Options of {@link Network.createEndpoint}. */
export interface CreateEndpointOptions<Driver extends string = string> extends EndpointOptions<Driver> {
  /**
   * The seed's own flow: ask the driver what this sandbox shall look like, and return it as `sandboxInfo` instead of making
   * it. Carry it out with `sandbox.addInterface()` and `sandbox.setGateway()`.
   */
  readonly sandbox?: Sandbox | undefined
}

/** Narrows {@link Network.listEndpoints}. */
export interface EndpointListFilter extends ListFilter {
  /** Its exact name. */
  readonly name?: string | undefined
}

/** One subnet of a network. */
export interface SubnetInspection {
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** The subnet, CIDR text. */
  readonly subnet: string
  /** The part that endpoints get their addresses from. */
  readonly range?: string | undefined
  /** The gateway with the prefix length, CIDR text. */
  readonly gateway?: string | undefined
  /** Reserved addresses by name. */
  readonly auxiliary?: Readonly<Record<string, string>> | undefined
  /** How full it is. */
  readonly status: PoolStatus
}

/** A network as it is now. Plain JSON. */
export interface NetworkInspection {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** The network driver. */
  readonly driver: string
  /** The IPAM driver. */
  readonly ipam: string
  /** Whether it has no way out. */
  readonly internal: boolean
  /** Its subnets. */
  readonly subnets: readonly SubnetInspection[]
  /** The network options, with the driver's defaults. */
  readonly options: Readonly<Record<string, JsonValue | undefined>>
  /** What the driver keeps about it. */
  readonly driverState: Readonly<Record<string, JsonValue | undefined>>
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** Its endpoints. */
  readonly endpoints: readonly {
    /** The endpoint's id. */
    readonly id: string
    /** The endpoint's name. */
    readonly name: string
    /** Its addresses with prefix lengths, CIDR text. */
    readonly addresses: readonly string[]
    /** Its MAC address. */
    readonly macAddress?: string | undefined
    /** Key of the sandbox that it has joined. */
    readonly sandbox?: string | undefined
  }[]
}

/**
 * A handle of a network: endpoints that can talk to each other. What can change is read with {@link inspect}; after
 * {@link delete} every verb is `ERR_NETWORK_NOT_FOUND`.
 */
export interface Network<Driver extends string = string> {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** The network driver's name; the seed calls it the network's type. */
  readonly driver: string
  /** Makes an endpoint and gives it its addresses. Names are unique within the network. */
  createEndpoint(name: string, options?: CreateEndpointOptions<Driver>): Promise<Endpoint>
  /** An endpoint by its name, its id or the beginning of its id. */
  getEndpoint(reference: string): Promise<Endpoint>
  /** The endpoints that a filter lets through, oldest first. */
  listEndpoints(filter?: EndpointListFilter): Promise<readonly Endpoint[]>
  /** Deletes the network, which must have no endpoints. */
  delete(options?: CallOptions): Promise<void>
  /** Reads the network as it is now, with its utilisation. */
  inspect(): Promise<NetworkInspection>
}

class NetworkHandle implements Network {
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly #runtime: Runtime

  constructor(runtime: Runtime, record: NetworkRecord) {
    this.#runtime = runtime
    this.id = record.id
    this.name = record.name
    this.driver = record.driver
  }

  async createEndpoint(name: string, options: CreateEndpointOptions = {}): Promise<Endpoint> {
    const operation = this.#operation(`create endpoint ${shown(name)} on`)
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- callers may be JavaScript
    if (typeof options !== 'object' || options === null) {
      throw invalidArgument(operation, [{ path: '', message: 'options must be an object' }])
    }
    const { sandbox, ...rest } = options
    return await traced('endpoint.create', { network: this.id, name }, async () => {
      const sandboxId = sandbox === undefined ? undefined : sandboxIdOf(operation, sandbox)
      const record = await createEndpoint(this.#runtime, this.id, this.name, name, rest)
      const described =
        sandboxId === undefined ? record : await this.#describe(record.id, name, sandboxId, rest.signal)
      this.#runtime.events.emit({ type: 'endpoint.created', endpoint: record.id, network: this.id, name })
      return endpointHandle(this.#runtime, described)
    })
  }

  async getEndpoint(reference: string): Promise<Endpoint> {
    const checked = checkReference(this.#operation('get endpoint of'), reference)
    await this.#record('get endpoint of')
    return endpointHandle(this.#runtime, await findEndpoint(this.#runtime, this.id, checked))
  }

  async listEndpoints(filter: EndpointListFilter = {}): Promise<readonly Endpoint[]> {
    await this.#record('list endpoints of')
    const records = await this.#runtime.endpoints.ofNetwork(this.id)
    const ready = records.filter(({ status }) => status === 'ready').sort((a, b) => a.createdAt - b.createdAt)
    return filterList(this.#operation('list endpoints of'), ready, filter).map((record) =>
      endpointHandle(this.#runtime, record),
    )
  }

  async delete(options: CallOptions = {}): Promise<void> {
    const signal = checkSignal(this.#operation('delete'), options)
    const { id, name } = this
    await traced('network.delete', { network: id }, () => deleteNetwork(this.#runtime, id, name, signal))
    this.#runtime.events.emit({ type: 'network.deleted', network: id, name })
  }

  async inspect(): Promise<NetworkInspection> {
    const record = await this.#record('inspect')
    const endpoints = await this.#runtime.endpoints.ofNetwork(this.id)
    return {
      id: record.id,
      name: record.name,
      driver: record.driver,
      ipam: record.ipamDriver,
      internal: record.internal,
      subnets: await this.#subnets(record),
      options: record.options,
      driverState: record.driverState,
      labels: record.labels,
      createdAt: record.createdAt,
      endpoints: endpoints
        .filter(({ status }) => status === 'ready')
        .map(({ id, name, addresses, macAddress, join }) => ({
          id,
          name,
          addresses: addresses.map(({ address }) => address),
          macAddress,
          sandbox: join?.sandboxKey,
        })),
    }
  }

  async #describe(
    id: string,
    name: string,
    sandboxId: string,
    signal: AbortSignal | undefined,
  ): Promise<EndpointRecord> {
    const runtime = this.#runtime
    return await undoOnFailure(runtime.logger, async (undo) => {
      undo.add('delete the endpoint', () => deleteEndpoint(runtime, id, name, undefined))
      return await joinEndpoint(runtime, {
        endpointId: id,
        endpointName: name,
        sandboxId,
        priority: 0,
        describeOnly: true,
        signal,
      })
    })
  }

  async #subnets(record: NetworkRecord): Promise<readonly SubnetInspection[]> {
    if (record.subnets.length === 0) return []
    const ipam = await this.#runtime.ipamDriver(record.ipamDriver)
    const context = await this.#runtime.context('ipam', ipam.name, undefined)
    return await Promise.all(
      record.subnets.map(async ({ poolId, ...subnet }) => ({
        ...subnet,
        status: await ipam.poolStatus({ poolId }, context),
      })),
    )
  }

  #operation(verb: string): string {
    const operation = `${verb} network ${JSON.stringify(this.name)}`
    this.#runtime.assertOpen(operation)
    return operation
  }

  async #record(verb: string): Promise<NetworkRecord> {
    this.#operation(verb)
    const found = await this.#runtime.networks.get(this.id)
    if (found === undefined) throw networkNotFound(this.name)
    return found.record
  }
}

/** The handle of a recorded network. */
export function networkHandle(runtime: Runtime, record: NetworkRecord): Network {
  return new NetworkHandle(runtime, record)
}
