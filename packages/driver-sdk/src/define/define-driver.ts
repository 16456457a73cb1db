import { DRIVER_API_VERSION, DRIVER_BRAND, type DriverModule } from '../contract/driver.ts'
import type { IpamDriver } from '../contract/ipam-driver.ts'
import type { NetworkDriver } from '../contract/network-driver.ts'
import type { SandboxProvider } from '../contract/sandbox-provider.ts'
import type { Store } from '../contract/store.ts'

/**
 * Declares a network driver. The options that the verbs get are typed by the two schemas.
 *
 * Make the result the default export of the file that the manifest names as `entry`.
 *
 * @param driver - the driver; its verbs are called as they are
 */
export function defineNetworkDriver<NetworkOptions extends object, EndpointOptions extends object>(
  driver: Omit<NetworkDriver<NetworkOptions, EndpointOptions>, 'kind'>,
): DriverModule<'network'> {
  // Core hands a driver only options that its own schemas returned, so the narrower parameter types hold.
  const made = { ...driver, kind: 'network' } as NetworkDriver<NetworkOptions, EndpointOptions> as NetworkDriver
  return { [DRIVER_BRAND]: 1, kind: 'network', name: driver.name, api: DRIVER_API_VERSION, create: () => made }
}

/**
 * Declares an IPAM driver. Make the result the default export of the file that the manifest names as `entry`.
 *
 * @param driver - the driver; its verbs are called as they are
 */
export function defineIpamDriver(driver: Omit<IpamDriver, 'kind'>): DriverModule<'ipam'> {
  const made: IpamDriver = { ...driver, kind: 'ipam' }
  return { [DRIVER_BRAND]: 1, kind: 'ipam', name: driver.name, api: DRIVER_API_VERSION, create: () => made }
}

/** A driver that holds threads, sockets or files and is therefore made anew for each controller. */
export interface DriverMaker<Driver> {
  /** The driver's name, as in its manifest. */
  readonly name: string
  /** Makes the driver. Must not touch the kernel or the disk before the first verb. */
  create(): Driver | Promise<Driver>
}

/**
 * Declares a sandbox provider. Make the result the default export of the file that the manifest names as `entry`.
 *
 * @param maker - makes the provider, once for each controller
 */
export function defineSandboxProvider(maker: DriverMaker<SandboxProvider>): DriverModule<'sandbox'> {
  return {
    [DRIVER_BRAND]: 1,
    kind: 'sandbox',
    name: maker.name,
    api: DRIVER_API_VERSION,
    create: () => maker.create(),
  }
}

/**
 * Declares a store. Make the result the default export of the file that the manifest names as `entry`.
 *
 * @param maker - makes the store, once for each controller
 */
export function defineStore(maker: DriverMaker<Store>): DriverModule<'store'> {
  return {
    [DRIVER_BRAND]: 1,
    kind: 'store',
    name: maker.name,
    api: DRIVER_API_VERSION,
    create: () => maker.create(),
  }
}
