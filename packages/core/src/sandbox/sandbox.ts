import type { ChildProcess, SpawnOptions } from 'node:child_process'
import type { Socket as UdpSocket } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import type {
  AppliedInterface,
  InterfaceInfo,
  LocalSandbox,
  SandboxBindOptions,
  SandboxConnectOptions,
  SandboxDestroyResult,
  SandboxListenOptions,
  SandboxProvider,
} from '@libnetwork/driver-sdk'
import type { Endpoint } from '../endpoint/endpoint.ts'
import { endpointHandle } from '../endpoint/endpoint.ts'
import { isJoined } from '../endpoint/gateway-selection.ts'
import type { CallOptions } from '../model/call-options.ts'
import { checkSignal } from '../model/call-options.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { traced } from '../runtime/trace.ts'
import type { SandboxRecord } from '../store/records.ts'
import { deleteSandbox } from './delete-sandbox.ts'
import { sandboxNotFound } from './find-sandbox.ts'
import { addInterface, setGateway } from './step-by-step.ts'

/** A sandbox as it is now. Plain JSON. */
export interface SandboxInspection {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The provider's name for it; on Linux the path of its namespace. */
  readonly key: string
  /** Whether it was made by us, and is destroyed by {@link Sandbox.delete}. */
  readonly owned: boolean
  /** Whether it is the host's own namespace. */
  readonly host: boolean
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** The endpoints that have joined it, in the order of their joins. */
  readonly endpoints: readonly {
    /** The endpoint's id. */
    readonly id: string
    /** The endpoint's name. */
    readonly name: string
    /** The network's id. */
    readonly networkId: string
    /** Names of its interfaces inside the sandbox. */
    readonly interfaces: readonly string[]
  }[]
  /** The endpoint that is the way out for IPv4. */
  readonly gatewayEndpoint?: string | undefined
  /** The endpoint that is the way out for IPv6. */
  readonly gatewayEndpointIPv6?: string | undefined
}

/**
 * A handle of a sandbox: an isolated network stack. What can change is read with {@link inspect}; after {@link delete} every
 * verb is `ERR_SANDBOX_RECORD_NOT_FOUND`.
 */
export interface Sandbox {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The provider's name for it; on Linux the path of its namespace, for `ip netns` or a container runtime. */
  readonly key: string
  /** Reads the sandbox as it is now. */
  inspect(): Promise<SandboxInspection>
  /** The endpoints that have joined it, in the order of their joins. */
  listEndpoints(): Promise<readonly Endpoint[]>
  /**
   * All endpoints leave, then the sandbox is destroyed. One that somebody else made is only let go of.
   *
   * @returns the processes that still live inside: the kernel keeps the namespace until they end
   */
  delete(options?: CallOptions): Promise<SandboxDestroyResult>
  /** Starts a program inside. Node's own options and defaults apply. */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess
  /** A TCP server of this process whose socket lives inside. Listening when the promise resolves. */
  listen(options: SandboxListenOptions): Promise<Server>
  /** A UDP socket of this process that lives inside. Bound when the promise resolves. */
  bindUdp(options: SandboxBindOptions): Promise<UdpSocket>
  /** A TCP connection of this process that starts inside. Connected when the promise resolves. */
  connect(options: SandboxConnectOptions): Promise<Socket>
  /** Adds one interface, as a driver describes it: a step of the seed's own flow. All of it or nothing. */
  addInterface(info: InterfaceInfo): Promise<AppliedInterface>
  /** Sets the IPv4 default gateway, address text; `null` removes it. */
  setGateway(address: string | null): Promise<void>
  /** Sets the IPv6 default gateway, address text; `null` removes it. */
  setGatewayIPv6(address: string | null): Promise<void>
  /** The interfaces that are inside now, loopback apart. */
  interfaces(): Promise<readonly AppliedInterface[]>
}

class SandboxHandle implements Sandbox {
  readonly id: string
  readonly key: string
  readonly #runtime: Runtime
  readonly #provider: SandboxProvider

  constructor(runtime: Runtime, provider: SandboxProvider, record: SandboxRecord) {
    this.#runtime = runtime
    this.#provider = provider
    this.id = record.id
    this.key = record.key
  }

  async inspect(): Promise<SandboxInspection> {
    const record = await this.#record('inspect')
    const endpoints = (await this.#runtime.endpoints.byIds(record.endpoints)).filter(isJoined)
    const gateway = (family: 'ipv4' | 'ipv6'): string | undefined =>
      endpoints.find(({ join }) => join.gatewayFor.includes(family))?.id
    return {
      id: record.id,
      key: record.key,
      owned: record.owned,
      host: record.host,
      createdAt: record.createdAt,
      labels: record.labels,
      endpoints: endpoints.map(({ id, name, networkId, join }) => ({
        id,
        name,
        networkId,
        interfaces: join.applied.map((applied) => applied.name),
      })),
      gatewayEndpoint: gateway('ipv4'),
      gatewayEndpointIPv6: gateway('ipv6'),
    }
  }

  async listEndpoints(): Promise<readonly Endpoint[]> {
    const record = await this.#record('list endpoints')
    const endpoints = await this.#runtime.endpoints.byIds(record.endpoints)
    return endpoints.map((endpoint) => endpointHandle(this.#runtime, endpoint))
  }

  async delete(options: CallOptions = {}): Promise<SandboxDestroyResult> {
    const operation = `delete sandbox ${this.key}`
    this.#runtime.assertOpen(operation)
    const signal = checkSignal(operation, options)
    return await traced('sandbox.delete', { sandbox: this.id }, () =>
      deleteSandbox(this.#runtime, this.id, this.key, signal),
    )
  }

  spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess {
    return this.#live('spawn').spawn(command, args, options)
  }

  async listen(options: SandboxListenOptions): Promise<Server> {
    return await this.#live('listen').listen(options)
  }

  async bindUdp(options: SandboxBindOptions): Promise<UdpSocket> {
    return await this.#live('bind').bindUdp(options)
  }

  async connect(options: SandboxConnectOptions): Promise<Socket> {
    return await this.#live('connect').connect(options)
  }

  async addInterface(info: InterfaceInfo): Promise<AppliedInterface> {
    this.#runtime.assertOpen(`add interface to sandbox ${this.key}`)
    return await addInterface(this.#runtime, this.id, this.key, info)
  }

  async setGateway(address: string | null): Promise<void> {
    this.#runtime.assertOpen(`set gateway of sandbox ${this.key}`)
    await setGateway(this.#runtime, this.id, this.key, 'ipv4', address)
  }

  async setGatewayIPv6(address: string | null): Promise<void> {
    this.#runtime.assertOpen(`set gateway of sandbox ${this.key}`)
    await setGateway(this.#runtime, this.id, this.key, 'ipv6', address)
  }

  async interfaces(): Promise<readonly AppliedInterface[]> {
    return await this.#live('list interfaces').interfaces()
  }

  #live(verb: string): LocalSandbox {
    this.#runtime.assertOpen(`${verb} in sandbox ${this.key}`)
    return this.#provider.attach(this.key)
  }

  async #record(verb: string): Promise<SandboxRecord> {
    this.#runtime.assertOpen(`${verb} sandbox ${this.key}`)
    const found = await this.#runtime.sandboxes.get(this.id)
    if (found === undefined) throw sandboxNotFound(this.key)
    return found.record
  }
}

/** The handle of a recorded sandbox. */
export async function sandboxHandle(runtime: Runtime, record: SandboxRecord): Promise<Sandbox> {
  return new SandboxHandle(runtime, await runtime.provider(), record)
}
