import {
  commonError,
  invalidArgument,
  type InterfaceStatistics,
  type JsonValue,
  type PortBinding,
  type PortRequest,
  type SandboxInfo,
} from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { coreError } from '../errors.ts'
import { check, signalSchema } from '../model/argument-checks.ts'
import { checkSignal, type CallOptions } from '../model/call-options.ts'
import { driverNetwork } from '../network/driver-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { traced } from '../runtime/trace.ts'
import { sandboxIdOf } from '../sandbox/find-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { EndpointRecord } from '../store/records.ts'
import { deleteEndpoint } from './delete-endpoint.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import { endpointNotFound } from './find-endpoint.ts'
import { joinEndpoint } from './join-endpoint.ts'
import { leaveEndpoint } from './leave-endpoint.ts'

/** Options of {@link Endpoint.join}. */
export interface JoinOptions extends CallOptions {
  /**
   * Which endpoint becomes the sandbox's gateway endpoint: the highest priority, and among equals the first to join. An
   * integer of any sign. Default 0.
   */
  readonly priority?: number | undefined
}

/** An endpoint as it is now. Plain JSON. */
export interface EndpointInspection {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** The network's id. */
  readonly networkId: string
  /** Its addresses with prefix lengths, CIDR text. */
  readonly addresses: readonly string[]
  /** Its MAC address, for drivers that have any. */
  readonly macAddress?: string | undefined
  /** The ports to publish. */
  readonly ports: readonly PortRequest[]
  /** The endpoint options. */
  readonly options: Readonly<Record<string, JsonValue | undefined>>
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** The sandbox that it has joined. */
  readonly sandbox?:
    | {
        /** The sandbox's id. */
        readonly id: string
        /** The sandbox's key. */
        readonly key: string
        /** Names of the endpoint's interfaces inside. */
        readonly interfaces: readonly string[]
        /** Priority for the choice of the gateway endpoint. */
        readonly priority: number
        /** Families for which it is the sandbox's way out. */
        readonly gatewayFor: readonly string[]
        /** Ports that are published. */
        readonly ports: readonly PortBinding[]
      }
    | undefined
  /** What the driver has to tell about it. */
  readonly facts: Readonly<Record<string, JsonValue | undefined>>
}

/**
 * A handle of an endpoint: one attachment point of one network. What can change is read with {@link inspect}; after
 * {@link delete} every verb is `ERR_ENDPOINT_NOT_FOUND`.
 */
export interface Endpoint {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** The network's id. */
  readonly networkId: string
  /** Its addresses with prefix lengths, CIDR text. They never change. */
  readonly addresses: readonly string[]
  /** Its MAC address, for drivers that have any. It never changes. */
  readonly macAddress: string | undefined
  /**
   * What the driver has described, for an endpoint that was created with a `sandbox`: carry it out with
   * `sandbox.addInterface()` and `sandbox.setGateway()`. `undefined` for all others.
   */
  readonly sandboxInfo: SandboxInfo | undefined
  /** Joins a sandbox, which gives the sandbox connectivity. One sandbox at a time. */
  join(sandbox: Sandbox, options?: JoinOptions): Promise<void>
  /** Leaves the sandbox that it has joined. */
  leave(options?: CallOptions): Promise<void>
  /** Deletes the endpoint and gives its addresses back. It must have left its sandbox. */
  delete(options?: CallOptions): Promise<void>
  /** Reads the endpoint as it is now. */
  inspect(): Promise<EndpointInspection>
  /** Counters of its interface inside the sandbox that it has joined. */
  statistics(options?: CallOptions): Promise<InterfaceStatistics>
}

const joinOptionsSchema = v.strictObject({
  priority: v.optional(v.pipe(v.number(), v.safeInteger())),
  signal: v.optional(signalSchema),
})

class EndpointHandle implements Endpoint {
  readonly id: string
  readonly name: string
  readonly networkId: string
  readonly addresses: readonly string[]
  readonly macAddress: string | undefined
  readonly sandboxInfo: SandboxInfo | undefined
  readonly #runtime: Runtime

  constructor(runtime: Runtime, record: EndpointRecord) {
    this.#runtime = runtime
    this.id = record.id
    this.name = record.name
    this.networkId = record.networkId
    this.addresses = record.addresses.map(({ address }) => address)
    this.macAddress = record.macAddress
    this.sandboxInfo = record.join?.status === 'described' ? record.join.info : undefined
  }

  async join(sandbox: Sandbox, options: JoinOptions = {}): Promise<void> {
    const operation = this.#operation('join')
    const shape = check(joinOptionsSchema, options, '')
    if (!('value' in shape)) throw invalidArgument(operation, shape.problems)
    const { priority = 0, signal } = shape.value
    const sandboxId = sandboxIdOf(operation, sandbox)
    await traced('endpoint.join', { endpoint: this.id, sandbox: sandboxId }, () =>
      joinEndpoint(this.#runtime, {
        endpointId: this.id,
        endpointName: this.name,
        sandboxId,
        priority,
        describeOnly: false,
        signal,
      }),
    )
  }

  async leave(options: CallOptions = {}): Promise<void> {
    const signal = checkSignal(this.#operation('leave'), options)
    await traced('endpoint.leave', { endpoint: this.id }, () =>
      leaveEndpoint(this.#runtime, this.id, this.name, signal),
    )
  }

  async delete(options: CallOptions = {}): Promise<void> {
    const signal = checkSignal(this.#operation('delete'), options)
    const { networkId: network, name } = this
    await traced('endpoint.delete', { endpoint: this.id }, () => deleteEndpoint(this.#runtime, this.id, name, signal))
    this.#runtime.events.emit({ type: 'endpoint.deleted', endpoint: this.id, network, name })
  }

  async inspect(): Promise<EndpointInspection> {
    const record = await this.#record('inspect')
    const { join } = record
    return {
      id: record.id,
      name: record.name,
      networkId: record.networkId,
      addresses: this.addresses,
      macAddress: record.macAddress,
      ports: record.ports,
      options: record.options,
      labels: record.labels,
      createdAt: record.createdAt,
      sandbox: join && {
        id: join.sandboxId,
        key: join.sandboxKey,
        interfaces: join.applied.map((applied) => applied.name),
        priority: join.priority,
        gatewayFor: join.gatewayFor,
        ports: join.ports,
      },
      facts: await this.#facts(record),
    }
  }

  async statistics(options: CallOptions = {}): Promise<InterfaceStatistics> {
    const operation = this.#operation('read statistics of')
    const signal = checkSignal(operation, options)
    const { join } = await this.#record('read statistics of')
    const applied = join?.applied[0]
    if (join === undefined) throw coreError('ERR_ENDPOINT_NOT_JOINED', `${operation}: it is joined to no sandbox`)
    if (applied === undefined) throw commonError('ERR_UNSUPPORTED', `${operation}: it has no interface`)
    const provider = await this.#runtime.provider()
    const context = await this.#runtime.context('sandbox', provider.name, signal)
    return await provider.statistics({ key: join.sandboxKey, interface: applied.name }, context)
  }

  #operation(verb: string): string {
    const operation = `${verb} endpoint ${JSON.stringify(this.name)}`
    this.#runtime.assertOpen(operation)
    return operation
  }

  async #record(verb: string): Promise<EndpointRecord> {
    this.#operation(verb)
    const found = await this.#runtime.endpoints.get(this.id)
    if (found === undefined) throw endpointNotFound(this.name)
    return found.record
  }

  async #facts(record: EndpointRecord): Promise<EndpointInspection['facts']> {
    const network = (await this.#runtime.networks.get(record.networkId))?.record
    if (network === undefined) return {}
    const driver = await this.#runtime.networkDriver(network.driver)
    const context = await this.#runtime.context('network', driver.name, undefined)
    const request = { network: driverNetwork(network, this.#runtime.name), endpoint: driverEndpoint(record) }
    return (await driver.describeEndpoint?.(request, context))?.facts ?? {}
  }
}

/** The handle of a recorded endpoint. */
export function endpointHandle(runtime: Runtime, record: EndpointRecord): Endpoint {
  return new EndpointHandle(runtime, record)
}
