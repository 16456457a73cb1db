import type { DriverKind } from '../contract/driver.ts'

/** The version of the manifest that this package understands. */
export const MANIFEST_VERSION = 1

/** What a driver needs of the machine. Facts for people and for a check before use; nothing is installed. */
export interface ManifestRequirements {
  /** Operating system, as `process.platform` names it: `linux`. */
  readonly platform?: string | undefined
  /** Lowest kernel release, such as `5.10`. */
  readonly kernel?: string | undefined
  /** Linux capabilities without the `CAP_` prefix: `NET_ADMIN`. */
  readonly caps?: readonly string[] | undefined
  /** Kernel modules. */
  readonly modules?: readonly string[] | undefined
  /** Programs that must be installed. */
  readonly commands?: readonly string[] | undefined
}

/** One driver that a package offers, as its manifest describes it. */
export interface ManifestDriver {
  /** The kind of driver. */
  readonly kind: DriverKind
  /** The driver's name: `^[a-z][a-z0-9-]{0,31}$`. */
  readonly name: string
  /** Other names for it, of the same form. */
  readonly aliases?: readonly string[] | undefined
  /** The file whose default export is the driver: a path inside the package that begins with `./`. */
  readonly entry: string
  /** The driver API versions that it works with, a semver range such as `^1.0.0`. */
  readonly api: string
  /** Whether its objects live on one host or span several. */
  readonly scope?: 'local' | 'global' | undefined
  /** What it can do; equal to the list that the driver itself declares. */
  readonly capabilities?: readonly string[] | undefined
  /** What it needs of the machine. */
  readonly requires?: ManifestRequirements | undefined
  /** A JSON Schema of its options: a path inside the package that begins with `./`. */
  readonly options?: string | undefined
}

/** The `libnetwork` field of a package.json. */
export interface Manifest {
  /** The drivers, at least one. */
  readonly drivers: readonly ManifestDriver[]
}
