// Looks at every package as npm would publish it: publint and arethetypeswrong on its tarball, and what is in it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'check-packages-'))
/** What every tarball must have. */
const REQUIRED = ['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']

/** @type {(command: string, args: string[], cwd?: string) => { ok: boolean, text: string, stdout: string }} */
function run(command, args, cwd = root) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8' })
  return {
    ok: result.status === 0,
    text: `${result.stdout}${result.stderr}${result.error?.message ?? ''}`,
    stdout: result.stdout,
  }
}

/** @type {(name: string) => string[]} */
function problemsOf(name) {
  const packed = run('npm', ['pack', '--json', '--pack-destination', folder], join(root, 'packages', name))
  if (!packed.ok) return [`npm pack: ${packed.text}`]
  const answer = JSON.parse(packed.stdout)
  // npm 12 answers an object by name, the ones before it a list.
  const [{ filename, files }] = /** @type {[{ filename: string, files: { path: string }[] }]} */ (
    Object.values(answer)
  )
  const tarball = join(folder, filename)
  const paths = files.map(({ path }) => path)
  const problems = REQUIRED.filter((path) => !paths.includes(path)).map(
    (path) => `${path} is missing from the tarball`,
  )
  problems.push(
    ...paths.filter((path) => /(^|\/)test\//.test(path)).map((path) => `${path} does not belong into the tarball`),
  )
  const lint = run('npx', ['publint', tarball, '--strict'])
  if (!lint.ok) problems.push(lint.text)
  const types = run('npx', ['attw', tarball, '--profile', 'esm-only', '--no-emoji', '--quiet'])
  if (!types.ok) problems.push(run('npx', ['attw', tarball, '--profile', 'esm-only', '--no-emoji']).text)
  return problems
}

let failed = false
try {
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    if (manifest.private === true) continue
    const problems = problemsOf(name)
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${manifest.name}`)
    for (const problem of problems) console.log(problem)
    failed ||= problems.length > 0
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failed ? 1 : 0
