import type { DriverKind } from '@libnetwork/driver-sdk'

/**
 * What became of a driver that was found.
 *
 * - `ready`: it can be used; its code has not been imported yet.
 * - `loaded`: its code has been imported and the driver made.
 * - `disabled`: the options switch it off.
 * - `not-allowed`: it is installed, but nobody has allowed its code to run.
 * - `incompatible`: it wants another version of the driver API.
 * - `conflict`: another package provides the same kind and name.
 * - `invalid`: its manifest is wrong.
 * - `missing`: the package, or the file that the manifest names, is not there.
 * - `failed`: its code could not be imported or is not what the manifest declares.
 */
export type DriverRowState =
  'ready' | 'loaded' | 'disabled' | 'not-allowed' | 'incompatible' | 'conflict' | 'invalid' | 'missing' | 'failed'

/** One candidate that discovery has looked at, usable or not. Plain JSON. */
export interface DriverRow {
  /** The kind of driver; `unknown` when its manifest could not be read. */
  readonly kind: DriverKind | 'unknown'
  /** The driver's name; the package's name when its manifest could not be read. */
  readonly name: string
  /** Other names that it answers to. */
  readonly aliases: readonly string[]
  /** The npm package; `undefined` for a driver that was passed as an object. */
  readonly package?: string | undefined
  /** The package's version. */
  readonly version?: string | undefined
  /** The package's real folder. */
  readonly root?: string | undefined
  /** Range of driver API versions that it wants. */
  readonly api?: string | undefined
  /** Capabilities, as the manifest declares them. */
  readonly capabilities: readonly string[]
  /** What became of it. */
  readonly state: DriverRowState
  /** Why, and what to do about it, for every state but `ready` and `loaded`. */
  readonly reason?: string | undefined
}
