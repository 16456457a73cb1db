/**
 * Container networking for Linux, with everything that it takes: core and the built-in drivers.
 *
 * @packageDocumentation
 */
// Brings the option types of the built-in drivers into the editor.
import type {} from '@libnetwork/driver-bridge'
import type {} from '@libnetwork/driver-host'
import type {} from '@libnetwork/driver-null'

export type * from '@libnetwork/core'
export { CORE_ERRORS } from '@libnetwork/core'
export { BUILT_IN_DRIVERS } from './built-in-drivers.ts'
export { createController } from './create-controller.ts'
