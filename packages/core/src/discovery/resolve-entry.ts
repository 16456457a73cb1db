import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'

interface PackageJson {
  readonly name?: unknown
  readonly exports?: unknown
}

function mentions(target: unknown, entry: string): boolean {
  if (target === entry) return true
  return (
    typeof target === 'object' && target !== null && Object.values(target).some((value) => mentions(value, entry))
  )
}

/**
 * The file of a driver's entry. Where the package exports the entry under a name, Node's own resolution of that name
 * decides, so that export conditions apply; otherwise the path counts as it is.
 *
 * @param root - the package's real folder
 * @param packageJson - its package.json
 * @param entry - the manifest's entry, `./…`
 * @returns an absolute real path inside `root`, or `undefined` when there is no such file
 */
export function resolveEntry(root: string, packageJson: PackageJson, entry: string): string | undefined {
  const { name, exports } = packageJson
  let file = join(root, entry)
  if (typeof name === 'string' && typeof exports === 'object' && exports !== null) {
    const subpath = Object.entries(exports).find(([, target]) => mentions(target, entry))?.[0]
    if (subpath?.startsWith('.')) {
      try {
        file = createRequire(join(root, 'package.json')).resolve(name + subpath.slice(1))
      } catch {
        // Not there yet, as in a package that was not built: reported by its path.
      }
    }
  }
  if (!existsSync(file)) return undefined
  const real = realpathSync(file)
  return real.startsWith(root + sep) ? real : undefined
}
