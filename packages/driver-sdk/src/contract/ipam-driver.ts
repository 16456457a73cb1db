import type { JsonValue } from '../errors/libnetwork-error.ts'
import type { AddressFamily } from './address-family.ts'
import type { CallContext } from './call-context.ts'

/** What an IPAM driver can do, or needs, beyond the required verbs. */
export type IpamCapability =
  /** `requestAddress` wants the endpoint's MAC address. */
  | 'requires-mac'
  /** Pools and addresses are asked for again after a restart, because the driver keeps nothing. */
  | 'replay'

/** A request for a pool of addresses. */
export interface PoolRequest {
  /** The address space, one of {@link AddressSpaces}. Pools of one space never overlap. */
  readonly addressSpace: string
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
  /** The pool wanted, CIDR text without host bits. Without it the driver chooses one of its predefined pools. */
  readonly pool?: string | undefined
  /** Only this part of the pool is given out automatically. CIDR text within `pool`. */
  readonly range?: string | undefined
  /**
   * CIDR texts that a pool of the driver's choice must not overlap: routes, addresses and nameservers of the host. A pool
   * that the caller names is taken as it is.
   */
  readonly exclude?: readonly string[] | undefined
  /** Driver options, validated by the driver's schema. */
  readonly options?: Readonly<Record<string, JsonValue | undefined>> | undefined
}

/** A pool that was granted. */
export interface PoolGrant {
  /** The driver's name for the pool, handed back in every later request. */
  readonly poolId: string
  /** The pool, CIDR text. */
  readonly pool: string
  /** The gateway that the driver wants used, address text; without it the caller asks for one. */
  readonly gateway?: string | undefined
}

/** What an address is for. */
export type AddressPurpose = 'gateway' | 'auxiliary' | 'endpoint'

/** A request for an address of a pool. */
export interface AddressRequest {
  /** The pool, as {@link PoolGrant.poolId} named it. */
  readonly poolId: string
  /** The address wanted, address text. Without it the driver chooses: for a gateway the first usable one of the pool. */
  readonly address?: string | undefined
  /** What it is for. A gateway or auxiliary address may lie outside the pool's range, but not outside the pool. */
  readonly purpose: AddressPurpose
  /** The MAC address of the interface, where it is known. */
  readonly macAddress?: string | undefined
  /** Driver options. */
  readonly options?: Readonly<Record<string, JsonValue | undefined>> | undefined
}

/** An address that was granted. */
export interface AddressGrant {
  /** The address with the pool's prefix length: `10.0.0.2/24`. */
  readonly address: string
}

/** How full a pool is. */
export interface PoolStatus {
  /** The pool, CIDR text. */
  readonly pool: string
  /** The part given out automatically, CIDR text. */
  readonly range?: string | undefined
  /** How many addresses can be given out in all. Decimal text, since an IPv6 pool passes 2^53. */
  readonly total: string
  /** How many are taken, reserved ones included. Decimal text. */
  readonly taken: string
}

/** The names of a driver's address spaces. */
export interface AddressSpaces {
  /** For networks of this host alone. */
  readonly local: string
  /** For networks that span hosts. */
  readonly global: string
}

/** Names a pool. */
export interface PoolReference {
  /** The pool, as {@link PoolGrant.poolId} named it. */
  readonly poolId: string
}

/** Names an address of a pool. */
export interface AddressReference extends PoolReference {
  /** The address, with or without the prefix length. */
  readonly address: string
}

/**
 * An IP address management driver: pools, and addresses out of them. It keeps what it allocated in `context.state` and
 * nowhere else. Releasing what is not taken succeeds.
 */
export interface IpamDriver {
  /** Which contract this object implements. */
  readonly kind: 'ipam'
  /** The driver's name, as in its manifest. */
  readonly name: string
  /** What it can do. */
  readonly capabilities: readonly IpamCapability[]
  /** The names of its address spaces. */
  defaultAddressSpaces(context: CallContext): Promise<AddressSpaces>
  /**
   * Grants a pool. A named pool that overlaps one granted before in the same address space is `ERR_POOL_OVERLAP` (kind
   * `conflict`), which names both; when no predefined pool is free, an error of kind `unavailable`.
   */
  requestPool(request: PoolRequest, context: CallContext): Promise<PoolGrant>
  /** Gives a pool back, with every address in it. */
  releasePool(request: PoolReference, context: CallContext): Promise<void>
  /** Grants an address. One that is taken is kind `conflict`, none free `unavailable`, outside the pool `invalid`. */
  requestAddress(request: AddressRequest, context: CallContext): Promise<AddressGrant>
  /** Gives an address back. */
  releaseAddress(request: AddressReference, context: CallContext): Promise<void>
  /** How full the pool is. */
  poolStatus(request: PoolReference, context: CallContext): Promise<PoolStatus>
}
