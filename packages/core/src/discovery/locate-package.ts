import { existsSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

/**
 * The real folder of a package, found by walking up `node_modules` from a folder. Works for npm, pnpm and workspace links,
 * and does not depend on the package's `exports`.
 *
 * @param name - npm name, or an absolute folder
 * @param from - the folder where the search begins
 */
export function locatePackage(name: string, from: string): string | undefined {
  if (isAbsolute(name)) return existsSync(join(name, 'package.json')) ? realpathSync(name) : undefined
  let folder = from
  for (;;) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}
