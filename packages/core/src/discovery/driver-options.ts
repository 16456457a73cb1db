import type { DriverModule } from '@libnetwork/driver-sdk'

/** A package whose drivers are trusted, because the embedding package chose it by name and place. */
export interface TrustedPackage {
  /** npm name. */
  readonly name: string
  /** A file URL or path below which the package is looked up: usually `import.meta.url` of who depends on it. */
  readonly from: string
}

/** Where drivers come from, and which of them may run. */
export interface DriverDiscoveryOptions {
  /** Drivers passed as objects, for bundlers and tests. They win over packages. */
  readonly use?: readonly DriverModule[] | undefined
  /** Packages to look at beside the application's dependencies: npm names, or absolute folders. Naming one allows it. */
  readonly packages?: readonly string[] | undefined
  /** npm names of installed packages whose drivers may run with this process's rights. */
  readonly allow?: readonly string[] | undefined
  /** Drivers (`network/foo`) or packages that must not be used. */
  readonly disable?: readonly string[] | undefined
  /** Which package provides a driver that several have: `{ 'network/foo': 'package-name' }`. */
  readonly prefer?: Readonly<Record<string, string>> | undefined
  /** Packages of a library that embeds core. Applications use `packages` and `allow`. */
  readonly trusted?: readonly TrustedPackage[] | undefined
}
