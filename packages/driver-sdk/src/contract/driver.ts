import type { IpamDriver } from './ipam-driver.ts'
import type { NetworkDriver } from './network-driver.ts'
import type { SandboxProvider } from './sandbox-provider.ts'
import type { Store } from './store.ts'

/** The version of the driver API that this package describes, apart from the package's own version. */
export const DRIVER_API_VERSION = '0.1.0'

/** The kinds of drivers. */
export type DriverKind = 'network' | 'ipam' | 'sandbox' | 'store'

/** Every {@link DriverKind}. */
export const DRIVER_KINDS: readonly DriverKind[] = ['network', 'ipam', 'sandbox', 'store']

/** The contract of each kind of driver. */
export interface DriverContracts {
  /** Network drivers. */
  network: NetworkDriver
  /** IPAM drivers. */
  ipam: IpamDriver
  /** Sandbox providers. */
  sandbox: SandboxProvider
  /** Stores. */
  store: Store
}

/** Marks driver modules. In the global symbol registry, so that two copies of this package recognise each other's. */
export const DRIVER_BRAND: unique symbol = Symbol.for('@libnetwork/driver')

/**
 * What a driver package's entry exports by default: the driver's name and a function that makes it. Nothing happens
 * at import; the driver is made on first use.
 */
export interface DriverModule<Kind extends DriverKind = DriverKind> {
  /** Marks the object as a driver, across copies of this package. The value is the version of this shape. */
  readonly [DRIVER_BRAND]: 1
  /** The kind of driver. */
  readonly kind: Kind
  /** The driver's name, equal to its manifest's. */
  readonly name: string
  /** The version of the driver API that it was built against. */
  readonly api: string
  /** Makes the driver. Must not touch the kernel. */
  create(): DriverContracts[Kind] | Promise<DriverContracts[Kind]>
}

/**
 * Whether a value is a driver module, whichever copy of this package made it.
 *
 * @param value - anything, usually the default export of a driver package's entry
 */
export function isDriverModule(value: unknown): value is DriverModule {
  return (
    typeof value === 'object' &&
    value !== null &&
    DRIVER_BRAND in value &&
    value[DRIVER_BRAND] === 1 &&
    'create' in value &&
    typeof value.create === 'function'
  )
}
