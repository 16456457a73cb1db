import { createController as createCoreController, type Controller, type ControllerOptions } from '@libnetwork/core'
import { BUILT_IN_DRIVERS } from './built-in-drivers.ts'

/**
 * Makes a controller that knows the built-in drivers: networks `bridge`, `host` and `null`, IPAM `default`, sandboxes
 * `linux`. Drivers of other packages are found as core finds them.
 *
 * @throws `ERR_INVALID_ARGUMENT` with all problems of the options, `ERR_HOST_APPLICATION`
 */
export async function createController(options: ControllerOptions = {}): Promise<Controller> {
  const trusted = [...BUILT_IN_DRIVERS, ...(options.drivers?.trusted ?? [])]
  return await createCoreController({ ...options, drivers: { ...options.drivers, trusted } })
}
