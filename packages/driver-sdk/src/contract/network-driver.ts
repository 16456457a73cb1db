import type { JsonValue } from '../errors/libnetwork-error.ts'
import type { AddressFamily } from './address-family.ts'
import type { CallContext } from './call-context.ts'
import type { OptionsSchema } from './options-schema.ts'
import type { PortBinding, PortRequest } from './ports.ts'
import type { SandboxInfo } from './sandbox-info.ts'

/** What a network driver can do beyond the required verbs. Core asks nothing of a driver that it has not declared. */
export type NetworkCapability =
  /** Its networks have address pools; core asks an IPAM driver for them. Without it a network has no addresses at all. */
  | 'addresses'
  /** Its networks can have IPv6. */
  | 'ipv6'
  /** Its networks can be internal: without any way out. */
  | 'internal'
  /** Its endpoints can be a sandbox's way out (`connectExternal`, `disconnectExternal`). */
  | 'external'
  /** Its endpoints can publish ports. */
  | 'ports'
  /** Its endpoints join the host's own namespace, and nothing but that. */
  | 'host-sandbox'
  /** Its `join` and `leave` act on the kernel themselves; without it they only describe. */
  | 'acting-join'
  /** It implements `describeEndpoint`. */
  | 'describe'
  /** It implements `reconcile`. */
  | 'reconcile'

/** Facts that a verb returns and all later verbs on the same object get back. Plain JSON, kept in the object's record. */
export type DriverState = Readonly<Record<string, JsonValue | undefined>>

/** Options that a driver's schema has accepted. Plain JSON. */
export type DriverOptions = Readonly<Record<string, JsonValue | undefined>>

/** One subnet of a network, with its pool granted. */
export interface NetworkSubnet {
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** The pool, CIDR text without host bits. */
  readonly subnet: string
  /** The part that endpoints get their addresses from, CIDR text. */
  readonly range?: string | undefined
  /** The gateway with the pool's prefix length, CIDR text. Internal networks may have none. */
  readonly gateway?: string | undefined
  /** Addresses that the caller reserved, by a name of his choice. Address text. */
  readonly auxiliary?: Readonly<Record<string, string>> | undefined
}

/** A network, as its driver is told about it on every verb. */
export interface DriverNetwork<Options = DriverOptions> {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** No way out: no default gateway, no external connectivity. */
  readonly internal: boolean
  /** The subnets; empty for a driver without `addresses`. */
  readonly subnets: readonly NetworkSubnet[]
  /** The network options, as the driver's schema returned them. */
  readonly options: Options
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** Name of the controller that owns the network; part of the marks on kernel objects. */
  readonly controller: string
  /** What `createNetwork` returned; empty during `createNetwork`. */
  readonly driverState: DriverState
}

/** An endpoint, as its driver is told about it on every verb. */
export interface DriverEndpoint<Options = DriverOptions> {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The user's name for it. */
  readonly name: string
  /** Its addresses with prefix lengths, CIDR text: at most one of each family from IPAM first, then static ones. */
  readonly addresses: readonly string[]
  /** Its MAC address: the user's wish during `createEndpoint`, later what that verb returned. */
  readonly macAddress?: string | undefined
  /** The endpoint options, as the driver's schema returned them. */
  readonly options: Options
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
  /** The ports to publish. */
  readonly ports: readonly PortRequest[]
  /** What the last verb returned; empty during `createEndpoint`. */
  readonly driverState: DriverState
}

/** A sandbox, as a driver is told about it. */
export interface DriverSandbox {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** The sandbox provider's name for it; on Linux the path of the namespace. */
  readonly key: string
}

/** Request of `createNetwork` and `deleteNetwork`. */
export interface NetworkRequest<NetworkOptions = DriverOptions> {
  /** The network. */
  readonly network: DriverNetwork<NetworkOptions>
}

/** Request of the verbs on endpoints. */
export interface EndpointRequest<
  NetworkOptions = DriverOptions,
  EndpointOptions = DriverOptions,
> extends NetworkRequest<NetworkOptions> {
  /** The endpoint. */
  readonly endpoint: DriverEndpoint<EndpointOptions>
}

/** Request of `join` and `leave`. */
export interface JoinRequest<NetworkOptions = DriverOptions, EndpointOptions = DriverOptions> extends EndpointRequest<
  NetworkOptions,
  EndpointOptions
> {
  /** The sandbox. */
  readonly sandbox: DriverSandbox
}

/** Request of `connectExternal` and `disconnectExternal`. */
export interface ExternalRequest<NetworkOptions = DriverOptions, EndpointOptions = DriverOptions> extends JoinRequest<
  NetworkOptions,
  EndpointOptions
> {
  /** The families for which the endpoint becomes, or stops being, the sandbox's way out. */
  readonly families: readonly AddressFamily[]
}

/** Request of `publish` and `unpublish`. */
export interface PublishRequest<NetworkOptions = DriverOptions, EndpointOptions = DriverOptions> extends JoinRequest<
  NetworkOptions,
  EndpointOptions
> {
  /** The ports to add or to remove. */
  readonly ports: readonly PortRequest[]
}

/** Answer of verbs that only keep state. */
export interface StateResult {
  /** Replaces the object's driver state. Without it the state stays as it was. */
  readonly driverState?: DriverState | undefined
}

/** Answer of `createEndpoint`. */
export interface EndpointResult extends StateResult {
  /** The MAC address that the endpoint has. */
  readonly macAddress?: string | undefined
}

/** Answer of `join`. */
export interface JoinResult extends StateResult {
  /** What the sandbox shall look like. Made real by the sandbox provider, in one batch. */
  readonly info: SandboxInfo
}

/** Answer of `connectExternal` and `publish`. */
export interface ExternalResult extends StateResult {
  /** All ports of the endpoint that are published now. */
  readonly ports: readonly PortBinding[]
}

/** Answer of `describeEndpoint`: facts for people to read. */
export interface EndpointDescription {
  /** Facts by name: names of kernel objects, counters. */
  readonly facts: Readonly<Record<string, JsonValue | undefined>>
}

/** Request of `reconcile`: all that exists, according to the records. */
export interface ReconcileRequest<NetworkOptions = DriverOptions, EndpointOptions = DriverOptions> {
  /** The driver's networks with their endpoints. */
  readonly networks: readonly (NetworkRequest<NetworkOptions> & {
    /** The network's endpoints. */
    readonly endpoints: readonly DriverEndpoint<EndpointOptions>[]
  })[]
  /** Whether to repair. Without it differences are only reported. */
  readonly repair: boolean
}

/** One difference between the records and the kernel. */
export interface Difference {
  /** The object, such as `network blue` or `link br-12ab`. */
  readonly subject: string
  /** What the records say, what the kernel says. One sentence. */
  readonly problem: string
  /** What repairs it. One sentence. */
  readonly repair: string
  /** Whether it was repaired by this call. */
  readonly repaired: boolean
}

/** Answer of `reconcile`. */
export interface ReconcileResult {
  /** Every difference that was found. */
  readonly differences: readonly Difference[]
}

/**
 * A network driver.
 *
 * All verbs are idempotent. To create with the same id and the same request again succeeds and answers the same; with
 * another request it is an error of kind `conflict`. To delete what is gone, or was never there, succeeds. A verb that
 * fails leaves nothing behind. Drivers keep no state of their own: small facts go into `driverState`, whatever is shared
 * or must be unique into `context.state`.
 */
export interface NetworkDriver<NetworkOptions = DriverOptions, EndpointOptions = DriverOptions> {
  /** Which contract this object implements. */
  readonly kind: 'network'
  /** The driver's name, as in its manifest: `^[a-z][a-z0-9-]{0,31}$`. */
  readonly name: string
  /** Whether its networks live on one host or span several. */
  readonly scope: 'local' | 'global'
  /** What it can do; equal to its manifest's list. */
  readonly capabilities: readonly NetworkCapability[]
  /** Schema of the network options. Core validates with it before anything happens. */
  readonly networkOptions: OptionsSchema<NetworkOptions>
  /** Schema of the endpoint options. */
  readonly endpointOptions: OptionsSchema<EndpointOptions>
  /** Makes the network's objects on the host: bridges, VXLAN devices, sets. */
  createNetwork(request: NetworkRequest<NetworkOptions>, context: CallContext): Promise<StateResult>
  /** Removes what `createNetwork` made. Objects that existed before stay. */
  deleteNetwork(request: NetworkRequest<NetworkOptions>, context: CallContext): Promise<void>
  /** Reserves what the endpoint needs (its MAC address, its host ports) and answers it. */
  createEndpoint(
    request: EndpointRequest<NetworkOptions, EndpointOptions>,
    context: CallContext,
  ): Promise<EndpointResult>
  /** Gives back what `createEndpoint` reserved. */
  deleteEndpoint(request: EndpointRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<void>
  /** Describes what the endpoint puts into the sandbox. */
  join(request: JoinRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<JoinResult>
  /** Undoes what `join` did beyond describing. The interface is removed by the sandbox provider before this call. */
  leave(request: JoinRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<void>
  /** Gives the sandbox a way out through this endpoint, with its published ports. Needs `external`. */
  connectExternal?(
    request: ExternalRequest<NetworkOptions, EndpointOptions>,
    context: CallContext,
  ): Promise<ExternalResult>
  /** Takes the way out away. Needs `external`. */
  disconnectExternal?(request: ExternalRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<void>
  /** Publishes more ports of a joined endpoint. All or nothing. Needs `ports`. */
  publish?(request: PublishRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<ExternalResult>
  /** Stops publishing ports of a joined endpoint. Needs `ports`. */
  unpublish?(request: PublishRequest<NetworkOptions, EndpointOptions>, context: CallContext): Promise<ExternalResult>
  /** Facts about an endpoint for people to read. Needs `describe`. */
  describeEndpoint?(
    request: EndpointRequest<NetworkOptions, EndpointOptions>,
    context: CallContext,
  ): Promise<EndpointDescription>
  /** Compares the records with the kernel and repairs, if asked. Needs `reconcile`. */
  reconcile?(
    request: ReconcileRequest<NetworkOptions, EndpointOptions>,
    context: CallContext,
  ): Promise<ReconcileResult>
}
