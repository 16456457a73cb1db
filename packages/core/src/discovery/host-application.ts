import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coreError } from '../errors.ts'

/** The application whose dependencies are searched for drivers. */
export interface HostApplication {
  /** Folder of its package.json. */
  readonly root: string
  /** npm names of its dependencies, optional ones included. */
  readonly dependencies: readonly string[]
}

/** A path from a file URL or a path. */
export function pathOf(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : resolve(location)
}

function nearestPackageFolder(start: string): string | undefined {
  let folder = existsSync(start) && statSync(start).isDirectory() ? start : dirname(start)
  for (;;) {
    if (existsSync(join(folder, 'package.json'))) return folder
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}

function dependencyNames(packageFile: string): string[] {
  const content: unknown = JSON.parse(readFileSync(packageFile, 'utf8'))
  if (typeof content !== 'object' || content === null) return []
  const fields = ['dependencies', 'optionalDependencies']
  const names = Object.entries(content).flatMap(([field, value]) =>
    fields.includes(field) && typeof value === 'object' && value !== null ? Object.keys(value as object) : [],
  )
  return [...new Set(names)]
}

/**
 * Finds the host application: the package that `from` lies in, else the package of the running main script unless that
 * lies inside `node_modules`.
 *
 * @param from - file URL or path inside the application, usually its `import.meta.url`
 * @param mainScript - path of the main script, usually `process.argv[1]`
 * @returns `undefined` when `from` was not given and the main script does not tell
 * @throws `ERR_HOST_APPLICATION` when no package.json is above `from`, or it cannot be read
 */
export function findHostApplication(
  from: string | undefined,
  mainScript: string | undefined,
): HostApplication | undefined {
  let start: string
  if (from !== undefined) start = pathOf(from)
  else {
    if (mainScript === undefined || !existsSync(mainScript)) return undefined
    start = realpathSync(mainScript)
    if (start.split(sep).includes('node_modules')) return undefined
  }
  const root = nearestPackageFolder(start)
  if (root === undefined) {
    if (from === undefined) return undefined
    throw coreError('ERR_HOST_APPLICATION', `createController: no package.json above ${start}`, {
      details: { from: start },
      hint: 'Pass `from: import.meta.url` of a file inside your application.',
    })
  }
  const packageFile = join(root, 'package.json')
  try {
    return { root, dependencies: dependencyNames(packageFile) }
  } catch (cause) {
    throw coreError('ERR_HOST_APPLICATION', `createController: ${packageFile} cannot be read as JSON`, {
      details: { from: start },
      cause,
    })
  }
}
