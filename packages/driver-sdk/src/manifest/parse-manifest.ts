import * as v from 'valibot'
import type { Problem } from '../contract/validate-options.ts'
import { manifestError } from './manifest-errors.ts'
import type { Manifest, ManifestDriver } from './manifest-driver.ts'
import { manifestSchema } from './manifest-schema.ts'

/** Where in the package.json, as JavaScript would write it: `libnetwork.drivers[0].entry`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).reduce(
    (text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    'libnetwork',
  )
}

/** Names, with the aliases, that two drivers of one kind of the same manifest share. */
function duplicates(drivers: readonly ManifestDriver[]): readonly Problem[] {
  const seen = new Set<string>()
  return drivers.flatMap((driver, index) =>
    [driver.name, ...(driver.aliases ?? [])].flatMap((name) => {
      const key = `${driver.kind}/${name}`
      if (!seen.has(key)) {
        seen.add(key)
        return []
      }
      return [{ path: `libnetwork.drivers[${index}]`, message: `${key} is declared twice` }]
    }),
  )
}

/**
 * Reads the drivers that a package offers from its package.json, without importing any of its code.
 *
 * @param packageJson - the parsed package.json
 * @param where - the file's path, for the error's message
 * @throws `ERR_DRIVER_MANIFEST` with all problems in `details.problems`; nothing else
 */
export function parseManifest(packageJson: unknown, where: string): Manifest {
  const field =
    typeof packageJson === 'object' && packageJson !== null && Object.hasOwn(packageJson, 'libnetwork')
      ? (packageJson as { readonly libnetwork?: unknown }).libnetwork
      : undefined
  if (field === undefined) {
    throw manifestError('ERR_DRIVER_MANIFEST', `${where}: there is no "libnetwork" field`, {
      details: { file: where, problems: [{ path: 'libnetwork', message: 'is missing' }] },
      hint: 'Add "libnetwork": { "manifest": 1, "drivers": [...] }.',
    })
  }
  const result = v.safeParse(manifestSchema, field)
  const problems = result.success
    ? duplicates(result.output.drivers)
    : result.issues.map((issue): Problem => ({ path: pathOf(issue), message: issue.message }))
  if (result.success && problems.length === 0) return { drivers: result.output.drivers }
  const text = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw manifestError('ERR_DRIVER_MANIFEST', `${where}: ${text}`, { details: { file: where, problems } })
}
