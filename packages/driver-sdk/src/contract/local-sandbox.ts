import type { ChildProcess, SpawnOptions } from 'node:child_process'
import type { Socket as UdpSocket } from 'node:dgram'
import type { Server, ServerOpts, Socket } from 'node:net'
import type { InterfaceInfo } from './sandbox-info.ts'
import type { AppliedInterface } from './sandbox-provider.ts'

/** Where to listen inside a sandbox. */
export interface SandboxListenOptions {
  /** Port; 0 lets the kernel choose. */
  readonly port: number
  /** Address text. Default `::`, which takes IPv4 as well; `0.0.0.0` where IPv6 is off. */
  readonly host?: string | undefined
  /** Length of the queue of connections that wait. Default 511. */
  readonly backlog?: number | undefined
  /** Options of the `net.Server`. */
  readonly server?: ServerOpts | undefined
}

/** What to bind a UDP socket to inside a sandbox. */
export interface SandboxBindOptions {
  /** Port; 0 lets the kernel choose. */
  readonly port: number
  /** Address text. Default `0.0.0.0`. */
  readonly host?: string | undefined
}

/** Whom to connect to from inside a sandbox. */
export interface SandboxConnectOptions {
  /** Port. */
  readonly port: number
  /** Address text. */
  readonly host: string
  /** Gives up the attempt. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The live handle of a sandbox on this machine: run things inside, and build it step by step as the seed did.
 */
export interface LocalSandbox {
  /** The provider's name for the sandbox; on Linux the path of its namespace. */
  readonly key: string
  /** Starts a program inside. Node's own options and defaults apply. */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess
  /** A TCP server of this process whose socket lives inside. Listening when the promise resolves. */
  listen(options: SandboxListenOptions): Promise<Server>
  /** A UDP socket of this process that lives inside. Bound when the promise resolves. */
  bindUdp(options: SandboxBindOptions): Promise<UdpSocket>
  /** A TCP connection of this process that starts inside. Connected when the promise resolves. */
  connect(options: SandboxConnectOptions): Promise<Socket>
  /** Adds an interface. All of it or nothing. */
  addInterface(info: InterfaceInfo): Promise<AppliedInterface>
  /** Removes an interface by its name inside. One that is gone is no error. */
  removeInterface(name: string): Promise<void>
  /** Sets the IPv4 default gateway, address text; `null` removes it. */
  setGateway(address: string | null): Promise<void>
  /** Sets the IPv6 default gateway, address text; `null` removes it. */
  setGatewayIPv6(address: string | null): Promise<void>
  /** The interfaces that are inside now, loopback apart. */
  interfaces(): Promise<readonly AppliedInterface[]>
}
