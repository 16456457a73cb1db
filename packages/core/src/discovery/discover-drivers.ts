import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DRIVER_API_VERSION, isLibnetworkError, parseManifest, type DriverModule } from '@libnetwork/driver-sdk'
import satisfies from 'semver/functions/satisfies.js'
import type { DriverDiscoveryOptions } from './driver-options.ts'
import type { DriverRow } from './driver-row.ts'
import { pathOf, type HostApplication } from './host-application.ts'
import { locatePackage } from './locate-package.ts'
import { resolveEntry } from './resolve-entry.ts'

/** A row with what is needed to load the driver. */
export interface DriverCandidate {
  /** What users see. */
  readonly row: DriverRow
  /** The file to import, for a row that is ready. */
  readonly file?: string | undefined
  /** The driver, for one that was passed as an object. */
  readonly module?: DriverModule | undefined
}

interface PackageToRead {
  readonly name: string
  readonly root: string | undefined
  /** Why the package may run. Without it only `allow` lets it. */
  readonly trusted: boolean
  /** Whether it is an error that the package is no driver. */
  readonly expected: boolean
}

function packagesToRead(options: DriverDiscoveryOptions, application: HostApplication | undefined): PackageToRead[] {
  const found = new Map<string, PackageToRead>()
  const add = (name: string, root: string | undefined, trusted: boolean, expected: boolean): void => {
    const key = root ?? name
    const earlier = found.get(key)
    found.set(key, {
      name,
      root,
      trusted: trusted || earlier?.trusted === true,
      expected: expected || earlier?.expected === true,
    })
  }
  for (const { name, from } of options.trusted ?? [])
    add(name, locatePackage(name, dirname(pathOf(from))), true, true)
  for (const name of options.packages ?? []) {
    add(name, locatePackage(name, application?.root ?? process.cwd()), true, true)
  }
  for (const name of application?.dependencies ?? []) {
    const root = locatePackage(name, application?.root ?? '')
    if (root !== undefined) add(name, root, options.allow?.includes(name) === true, false)
  }
  return [...found.values()]
}

function brokenRow(source: PackageToRead, state: 'invalid' | 'missing', reason: string): DriverCandidate {
  const { name, root } = source
  return { row: { kind: 'unknown', name, aliases: [], package: name, root, capabilities: [], state, reason } }
}

function readPackage(source: PackageToRead, options: DriverDiscoveryOptions): DriverCandidate[] {
  const { root } = source
  if (root === undefined) {
    return [
      brokenRow(source, 'missing', `package ${source.name} is not installed; install it or take it from the options`),
    ]
  }
  const file = join(root, 'package.json')
  let packageJson: Record<string, unknown>
  try {
    packageJson = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    if (!source.expected) return []
    return [
      brokenRow(
        source,
        'invalid',
        `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      ),
    ]
  }
  if (packageJson['libnetwork'] === undefined) {
    return source.expected
      ? [brokenRow(source, 'invalid', `${file} has no "libnetwork" field, so it offers no driver`)]
      : []
  }
  const version = typeof packageJson['version'] === 'string' ? packageJson['version'] : undefined
  const name = typeof packageJson['name'] === 'string' ? packageJson['name'] : source.name
  try {
    return parseManifest(packageJson, file).drivers.map((driver) => {
      const entry = resolveEntry(root, packageJson, driver.entry)
      const verdict = ((): Pick<DriverRow, 'state' | 'reason'> => {
        const disabled = [name, `${driver.kind}/${driver.name}`].find((key) => options.disable?.includes(key))
        if (disabled !== undefined) return { state: 'disabled', reason: `drivers.disable names ${disabled}` }
        if (!source.trusted && options.allow?.includes(name) !== true) {
          return {
            state: 'not-allowed',
            reason: `add ${JSON.stringify(name)} to drivers.allow to run its code with your rights`,
          }
        }
        if (!satisfies(DRIVER_API_VERSION, driver.api, { includePrerelease: true })) {
          return {
            state: 'incompatible',
            reason: `it needs driver API ${driver.api}; this core offers ${DRIVER_API_VERSION}`,
          }
        }
        if (entry === undefined) {
          return {
            state: 'missing',
            reason: `${join(root, driver.entry)} does not exist inside the package; was it built?`,
          }
        }
        return { state: 'ready' }
      })()
      const row: DriverRow = {
        kind: driver.kind,
        name: driver.name,
        aliases: driver.aliases ?? [],
        package: name,
        version,
        root,
        api: driver.api,
        capabilities: driver.capabilities ?? [],
        ...verdict,
      }
      return { row, file: entry }
    })
  } catch (error) {
    if (!isLibnetworkError(error)) throw error
    return [brokenRow(source, 'invalid', error.message)]
  }
}

function markConflicts(
  candidates: readonly DriverCandidate[],
  prefer: Readonly<Record<string, string>>,
): DriverCandidate[] {
  const nameOf = ({ row }: DriverCandidate): string => `${row.kind}/${row.name}`
  const rivalsOf = (candidate: DriverCandidate): DriverCandidate[] =>
    candidates.filter((other) => other.row.state === 'ready' && nameOf(other) === nameOf(candidate))
  return candidates.map((candidate) => {
    const { row } = candidate
    if (row.state !== 'ready' || candidate.module !== undefined) return candidate
    const rivals = rivalsOf(candidate)
    if (rivals.length < 2) return candidate
    const key = nameOf(candidate)
    if (rivals.some((rival) => rival.module !== undefined)) {
      return {
        row: { ...row, state: 'disabled', reason: 'a driver passed as an object in drivers.use takes its place' },
      }
    }
    const preferred = prefer[key]
    if (preferred === row.package) return candidate
    if (preferred !== undefined && rivals.some((rival) => rival.row.package === preferred)) {
      return { row: { ...row, state: 'disabled', reason: `drivers.prefer chooses ${preferred} for ${key}` } }
    }
    const packages = rivals.map((rival) => rival.row.package ?? '').join(' and ')
    return {
      row: { ...row, state: 'conflict', reason: `${packages} both provide ${key}; set drivers.prefer["${key}"]` },
    }
  })
}

/**
 * Looks at every package that may offer drivers, by its package.json alone: no code of theirs is imported. A problem in one
 * package is a row of its own and harms no other.
 */
export function discoverDrivers(
  options: DriverDiscoveryOptions,
  application: HostApplication | undefined,
): readonly DriverCandidate[] {
  const passed = (options.use ?? []).map((module): DriverCandidate => ({
    row: { kind: module.kind, name: module.name, aliases: [], api: module.api, capabilities: [], state: 'ready' },
    module,
  }))
  const packaged = packagesToRead(options, application).flatMap((source) => readPackage(source, options))
  return markConflicts([...passed, ...packaged], options.prefer ?? {})
}
