import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SDK = fileURLToPath(new URL('../../../driver-sdk', import.meta.url))

/** What a package of the fixture says and does. */
export interface FixturePackage {
  /** The manifest; anything, since it may be wrong. */
  readonly manifest?: unknown
  /** Text of `driver.js`. Default: a driver of the name `fixture`. */
  readonly code?: string
  /** More fields of its package.json. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** A driver's code: a network driver without options, which says when it was imported. */
export function driverCode(name: string, kind = 'network'): string {
  return `
globalThis.importedDrivers = [...(globalThis.importedDrivers ?? []), '${name}']
const made = { kind: '${kind}', name: '${name}', scope: 'local', capabilities: [] }
export default { [Symbol.for('@libnetwork/driver')]: 1, kind: '${kind}', name: '${name}', api: '0.1.0', create: () => made }
`
}

/** One entry of a manifest. */
export function entry(name: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { kind: 'network', name, entry: './driver.js', api: '^0.1.0', scope: 'local', ...more }
}

/** The names of the drivers whose code has been imported. */
export function importedDrivers(): readonly string[] {
  return (globalThis as { importedDrivers?: readonly string[] }).importedDrivers ?? []
}

/** An application in a folder of its own, with packages installed as npm does it. */
export class FixtureApplication {
  readonly root: string = realpathSync(mkdtempSync(join(tmpdir(), 'application-')))

  constructor(packages: Readonly<Record<string, FixturePackage>>) {
    const names = Object.keys(packages)
    this.write(
      'package.json',
      JSON.stringify({ name: 'application', dependencies: Object.fromEntries(names.map((name) => [name, '*'])) }),
    )
    this.write('main.js', '')
    mkdirSync(join(this.root, 'node_modules/@libnetwork'), { recursive: true })
    symlinkSync(SDK, join(this.root, 'node_modules/@libnetwork/driver-sdk'))
    for (const [name, { manifest, code, more }] of Object.entries(packages)) {
      const content = {
        name,
        version: '1.2.3',
        type: 'module',
        ...(manifest !== undefined && { libnetwork: manifest }),
        ...more,
      }
      this.write(`node_modules/${name}/package.json`, JSON.stringify(content))
      this.write(`node_modules/${name}/driver.js`, code ?? driverCode('fixture'))
    }
  }

  /** Path of a file inside. */
  path(file: string): string {
    return join(this.root, file)
  }

  /** Writes a file inside. */
  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), text)
  }

  /** Removes all of it. */
  remove(): void {
    rmSync(this.root, { recursive: true })
  }
}
