import type { HostNetwork } from '../host/host-network.ts'
import type { CallContext } from './call-context.ts'
import type { LocalSandbox } from './local-sandbox.ts'
import type { InterfaceInfo } from './sandbox-info.ts'

/** What a sandbox provider can do beyond the required verbs. */
export type SandboxCapability =
  /** It runs on this machine and answers `attach` with a live handle. */
  | 'local'
  /** It gives access to the host's network namespace. */
  | 'host'

/** Request of `create`. */
export interface SandboxCreateRequest {
  /** The sandbox's name for the provider. On Linux: an absolute path that the namespace shall be bound to. */
  readonly key: string
  /** Who makes it; left beside the key where the provider can, so that a clean-up knows its own. */
  readonly owner: string
}

/** Request of `open`: a sandbox that somebody else made. */
export interface SandboxOpenRequest {
  /** Absolute path of a namespace file. */
  readonly path?: string | undefined
  /** Process whose namespace it is. */
  readonly pid?: number | undefined
  /** The host's own namespace. */
  readonly host?: boolean | undefined
}

/** A sandbox, as the provider knows it. */
export interface SandboxReference {
  /** The provider's name for it. */
  readonly key: string
  /** What tells it from a later one of the same key. On Linux `<device>:<inode>` of the namespace. */
  readonly identity: string
  /** Whether this provider made it, and may therefore destroy it. */
  readonly owned: boolean
}

/** A default gateway to set. */
export interface GatewaySetting {
  /** Address text. */
  readonly address: string
  /** The interface inside the sandbox that leads to it, by name. Without it the kernel's routes decide. */
  readonly interface?: string | undefined
}

/** Request of `apply`: what to add to a sandbox, all of it or nothing. */
export interface SandboxApplyRequest {
  /** The sandbox. */
  readonly key: string
  /** Interfaces to add. */
  readonly interfaces?: readonly InterfaceInfo[] | undefined
  /** IPv4 default gateway: set, removed (`null`) or left alone (`undefined`). `interfaces[0]` leads to it if no name is given. */
  readonly gateway?: GatewaySetting | null | undefined
  /** IPv6 default gateway: set, removed (`null`) or left alone (`undefined`). */
  readonly gatewayIPv6?: GatewaySetting | null | undefined
  /** Sysctls of the sandbox by their names below `net`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
}

/** An interface that is inside a sandbox now. */
export interface AppliedInterface {
  /** Its name inside the sandbox. */
  readonly name: string
  /** Its number inside the sandbox. */
  readonly index: number
  /** Its MAC address. */
  readonly macAddress?: string | undefined
  /** Its MTU in bytes. */
  readonly mtu?: number | undefined
  /** Its addresses with prefix lengths, CIDR text. */
  readonly addresses: readonly string[]
  /** For a link that was moved in: its name on the host, under which it is given back. */
  readonly hostName?: string | undefined
  /** For a veth pair: the name of its end on the host. */
  readonly hostEnd?: string | undefined
}

/** Answer of `apply`. */
export interface SandboxApplyResult {
  /** The added interfaces, in the order of the request. */
  readonly interfaces: readonly AppliedInterface[]
}

/** Request of `remove`. */
export interface SandboxRemoveRequest {
  /** The sandbox. */
  readonly key: string
  /** The interfaces to remove, as `apply` answered them. One that is gone is no error. */
  readonly interfaces: readonly AppliedInterface[]
}

/** Request of `destroy`. */
export interface SandboxDestroyRequest {
  /** The sandbox. */
  readonly key: string
  /** Whether it was made by this provider, as its {@link SandboxReference} says. One that was not is only let go of. */
  readonly owned: boolean
  /** What was added to it: host ends are cut off, links that were moved in are given back. */
  readonly interfaces?: readonly AppliedInterface[] | undefined
}

/** A process that still lives inside a sandbox that was destroyed. */
export interface Survivor {
  /** Process id. */
  readonly pid: number
  /** Its command, as far as it can be read. */
  readonly command: string
}

/** Answer of `destroy`. */
export interface SandboxDestroyResult {
  /** Processes inside. The kernel keeps the namespace alive until they have ended. */
  readonly survivors: readonly Survivor[]
}

/** Request of `collect`. */
export interface SandboxCollectRequest {
  /** Whose sandboxes. */
  readonly owner: string
  /** Keys of those that are still wanted. */
  readonly keep: readonly string[]
}

/** Counters of an interface since its creation. Decimal text, since they may pass 2^53. */
export interface InterfaceStatistics {
  /** Bytes received. */
  readonly rxBytes: string
  /** Packets received. */
  readonly rxPackets: string
  /** Receive errors. */
  readonly rxErrors: string
  /** Received packets dropped. */
  readonly rxDropped: string
  /** Bytes sent. */
  readonly txBytes: string
  /** Packets sent. */
  readonly txPackets: string
  /** Send errors. */
  readonly txErrors: string
  /** Packets to send dropped. */
  readonly txDropped: string
}

/**
 * Makes sandboxes and what drivers describe inside them. All verbs are idempotent and leave nothing behind when they fail.
 */
export interface SandboxProvider {
  /** Which contract this object implements. */
  readonly kind: 'sandbox'
  /** The provider's name, as in its manifest. */
  readonly name: string
  /** What it can do. */
  readonly capabilities: readonly SandboxCapability[]
  /** The host's network namespace. Needs `host`. */
  readonly host?: HostNetwork | undefined
  /**
   * Makes a sandbox. A file at the key that no namespace is bound to is reclaimed; one with a live namespace is
   * kind `exists`.
   */
  create(request: SandboxCreateRequest, context: CallContext): Promise<SandboxReference>
  /** Opens a sandbox that somebody else made. It is never destroyed. */
  open(request: SandboxOpenRequest, context: CallContext): Promise<SandboxReference>
  /** Adds interfaces, gateways and sysctls to a sandbox: one batch on the host, one inside, all or nothing. */
  apply(request: SandboxApplyRequest, context: CallContext): Promise<SandboxApplyResult>
  /** Removes interfaces. Links that were moved in are given back under their old names. */
  remove(request: SandboxRemoveRequest, context: CallContext): Promise<void>
  /** Destroys a sandbox that this provider made; lets go of one that it opened. One that is gone is no error. */
  destroy(request: SandboxDestroyRequest, context: CallContext): Promise<SandboxDestroyResult>
  /** The sandboxes of an owner that exist now. */
  list(request: { readonly owner: string }, context: CallContext): Promise<readonly SandboxReference[]>
  /**
   * Collects garbage: destroys every sandbox of an owner that is not to be kept, and removes what is left of those that are
   * gone. For who comes back after a crash and knows which sandboxes are still wanted.
   *
   * @returns the sandboxes that were destroyed
   */
  collect(request: SandboxCollectRequest, context: CallContext): Promise<readonly SandboxReference[]>
  /** Counters of an interface inside a sandbox. */
  statistics(
    request: { readonly key: string; readonly interface: string },
    context: CallContext,
  ): Promise<InterfaceStatistics>
  /** The live handle of a local sandbox. Throws `ERR_UNSUPPORTED` where the sandbox is not on this machine. */
  attach(key: string): LocalSandbox
  /** Lets go of threads and sockets. Sandboxes stay. */
  close(): Promise<void>
}
