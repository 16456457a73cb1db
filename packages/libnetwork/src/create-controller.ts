import {
  createController as createCoreController,
  type Controller,
  type ControllerOptions,
  type TrustedPackage,
} from '@libnetwork/core'
import { BUILT_IN_DRIVERS } from './built-in-drivers.ts'

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/**
 * Makes a controller that knows the built-in drivers: networks `bridge`, `host` and `null`, IPAM `default`, sandboxes
 * `linux`. Drivers of other packages are found as core finds them.
 *
 * @throws `ERR_INVALID_ARGUMENT` with all problems of the options, `ERR_HOST_APPLICATION`
 */
export async function createController(options: ControllerOptions = {}): Promise<Controller> {
  // Core tells what is wrong with them.
  if (!isObject(options) || (options.drivers !== undefined && !isObject(options.drivers)))
    return await createCoreController(options)
  const { trusted = [] } = options.drivers ?? {}
  const all = Array.isArray(trusted) ? [...BUILT_IN_DRIVERS, ...(trusted as readonly TrustedPackage[])] : trusted
  return await createCoreController({ ...options, drivers: { ...options.drivers, trusted: all } })
}
