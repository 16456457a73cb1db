import type {
  AddressFamily,
  AppliedInterface,
  DriverOptions,
  DriverState,
  NetworkSubnet,
  PortBinding,
  PortRequest,
  SandboxInfo,
} from '@libnetwork/driver-sdk'

/** How far a verb has come. Anything but `ready` is an intent whose outcome is not recorded yet. */
export type RecordStatus = 'creating' | 'ready' | 'deleting'

/** What all records have. */
export interface BaseRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** How far the last verb has come. */
  readonly status: RecordStatus
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** The user's labels. */
  readonly labels: Readonly<Record<string, string>>
}

/** A subnet with the IPAM driver's names for it. */
export interface SubnetRecord extends NetworkSubnet {
  /** The IPAM driver's name for the pool. */
  readonly poolId: string
}

/** A network. */
export interface NetworkRecord extends BaseRecord {
  readonly name: string
  readonly driver: string
  readonly ipamDriver: string
  readonly ipamOptions: DriverOptions
  readonly internal: boolean
  readonly subnets: readonly SubnetRecord[]
  readonly options: DriverOptions
  readonly driverState: DriverState
}

/** An address of an endpoint. */
export interface AddressRecord {
  /** CIDR text. */
  readonly address: string
  /** The pool that it is from; none for addresses outside of IPAM. */
  readonly poolId: string
}

/**
 * How far a join or leave has come. `described` is the seed's own flow: the driver has said what the sandbox shall look
 * like, and the user carries it out step by step.
 */
export type JoinStatus = 'joining' | 'described' | 'joined' | 'leaving'

/** The bond between an endpoint and a sandbox. */
export interface JoinRecord {
  readonly status: JoinStatus
  readonly sandboxId: string
  readonly sandboxKey: string
  /** What the driver described. */
  readonly info: SandboxInfo
  /** The described interfaces that exist inside. */
  readonly applied: readonly AppliedInterface[]
  /** Higher wins when the sandbox's gateway endpoint is chosen. */
  readonly priority: number
  /** Families for which this endpoint is the sandbox's way out. */
  readonly gatewayFor: readonly AddressFamily[]
  /** Ports that are published. */
  readonly ports: readonly PortBinding[]
}

/** An endpoint. */
export interface EndpointRecord extends BaseRecord {
  readonly name: string
  readonly networkId: string
  readonly addresses: readonly AddressRecord[]
  readonly macAddress?: string | undefined
  readonly options: DriverOptions
  readonly ports: readonly PortRequest[]
  readonly driverState: DriverState
  readonly join?: JoinRecord | undefined
}

/** A sandbox. */
export interface SandboxRecord extends BaseRecord {
  readonly key: string
  /** What tells it from a later one of the same key. */
  readonly identity: string
  /** Whether it was made by us, and is destroyed by us. */
  readonly owned: boolean
  /** Whether it is the host's own namespace. */
  readonly host: boolean
  /** Ids of the endpoints that have joined it, or are about to, in the order of their joins. */
  readonly endpoints: readonly string[]
  /** Interfaces that were added step by step, outside of any endpoint. */
  readonly interfaces: readonly AppliedInterface[]
}
