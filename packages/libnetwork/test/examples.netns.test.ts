import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const EXAMPLE = /<!-- example[^>]*-->\s*```ts\n([\s\S]*?)```/g

/** Runs a program of TypeScript in this namespace, and gives what it printed. It throws if the program fails. */
function run(file: string): string {
  return execFileSync(process.execPath, [...process.execArgv, file], {
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: 25_000,
  })
}

describe('examples', () => {
  it('readme.ts: one sandbox reaches the server in another', () => {
    expect(run(join(ROOT, 'examples/readme.ts'))).toBe('172.17.0.2/16 answers: hello\n')
  })

  it("seed-readme.ts: the original's own steps give connectivity", () => {
    expect(run(join(ROOT, 'examples/seed-readme.ts'))).toBe('172.17.0.2/16 through 172.17.0.1: hello\n')
  })
})

const readmes = [
  join(ROOT, 'README.md'),
  join(ROOT, 'docs/driver-authors.md'),
  ...readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'README.md')),
]

describe.each(readmes)('the example of %s', (readme) => {
  const programs = [...readFileSync(readme, 'utf8').matchAll(EXAMPLE)].map(([, program = '']) => program)

  it('is there', () => {
    expect(programs.length).toBeGreaterThan(0)
  })

  it.each(programs.map((program, index) => [index + 1, program] as const))('%i runs', (_number, program) => {
    // Beside the package, so that its imports resolve as those of a user of the package do.
    const folder = mkdtempSync(join(dirname(readme), '.example-'))
    try {
      const file = join(folder, `${basename(dirname(readme))}.ts`)
      writeFileSync(file, program)
      expect(() => run(file)).not.toThrow()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
