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
  /** The user's name. */
  readonly name: string
  /** The network driver. */
  readonly driver: string
  /** The IPAM driver. */
  readonly ipamDriver: string
  /** Options of the IPAM driver. */
  readonly ipamOptions: DriverOptions
  /** Whether it has no way out. */
  readonly internal: boolean
  /** Its subnets, with their pools. */
  readonly subnets: readonly SubnetRecord[]
  /** Options of the driver, as its schema returned them. */
  readonly options: DriverOptions
  /** What the driver returned. */
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
  /** How far the join has come. */
  readonly status: JoinStatus
  /** The sandbox's id. */
  readonly sandboxId: string
  /** The sandbox's key. */
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
  /** The user's name. */
  readonly name: string
  /** The network's id. */
  readonly networkId: string
  /** Its addresses. */
  readonly addresses: readonly AddressRecord[]
  /** Its MAC address. */
  readonly macAddress?: string | undefined
  /** Options of the driver, as its schema returned them. */
  readonly options: DriverOptions
  /** The ports to publish. */
  readonly ports: readonly PortRequest[]
  /** What the driver returned. */
  readonly driverState: DriverState
  /** Its bond with a sandbox. */
  readonly join?: JoinRecord | undefined
}

/** A sandbox. */
export interface SandboxRecord extends BaseRecord {
  /** The provider's name for it. */
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
