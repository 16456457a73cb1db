// Runs Vitest in private namespaces, so that no test can touch the machine: `node scripts/test.mjs [Vitest's arguments]`,
// in the root folder for all packages and in a package's folder for that package. With --soak: the long tests instead.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Set for the second start of this program, in the namespaces. */
const INSIDE = 'LIBNETWORK_TEST_INSIDE'
/** Tells vitest.base.ts to run the long tests. */
const SOAK = 'LIBNETWORK_TEST_SOAK'
const AS_ROOT = ['--net', '--mount']
const AS_USER = ['--user', '--map-root-user', ...AS_ROOT]

/** The settings that can forbid user namespaces, each with the value that does. */
const SETTINGS = {
  'user.max_user_namespaces': '0',
  'user.max_net_namespaces': '0',
  'kernel.unprivileged_userns_clone': '0',
  'kernel.apparmor_restrict_unprivileged_userns': '1',
}

/** @type {(message: string) => never} */
function fail(message) {
  console.error(message)
  process.exit(1)
}

/** @type {(name: string) => string | undefined} */
function sysctl(name) {
  const file = join('/proc/sys', name.replaceAll('.', '/'))
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** @type {(answer: string) => never} */
function namespacesForbidden(answer) {
  const settings = Object.entries(SETTINGS).filter(([name, forbidding]) => sysctl(name) === forbidding)
  fail(
    [
      'The tests run in namespaces of their own, and this machine does not allow them.',
      `  ${answer}`,
      ...settings.map(([name, value]) => `  Forbidden by the sysctl ${name} = ${value}`),
      settings.length > 0
        ? 'Change that setting, or run the tests as root.'
        : 'Run the tests as root, outside of containers that take CAP_SYS_ADMIN away.',
    ].join('\n'),
  )
}

/**
 * The arguments with which `unshare` works here.
 *
 * @returns {string[]}
 */
function namespaceArguments() {
  let answer = ''
  for (const args of process.getuid?.() === 0 ? [AS_ROOT, AS_USER] : [AS_USER]) {
    const result = spawnSync('unshare', [...args, 'true'], { encoding: 'utf8' })
    if (result.error) fail('The tests need the program unshare (Debian package: util-linux).')
    if (result.status === 0) return args
    answer = `unshare ${args.join(' ')}: ${result.stderr.trim()}`
  }
  namespacesForbidden(answer)
}

/** @type {(command: string, args: string[]) => never} */
function run(command, args) {
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } })
  if (result.error) fail(`${command}: ${result.error.message}`)
  process.exit(result.status ?? 1)
}

const args = process.argv.slice(2).filter((arg) => arg !== '--soak')
if (process.argv.includes('--soak')) process.env[SOAK] = '1'
if (process.env[INSIDE] === undefined) {
  const self = fileURLToPath(import.meta.url)
  run('unshare', [...namespaceArguments(), process.execPath, self, ...args])
} else {
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run'], { encoding: 'utf8' })
  if (mount.status !== 0) fail(`A private /run could not be mounted: ${mount.error?.message ?? mount.stderr}`)
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'))
  run(process.execPath, [join(vitest, 'vitest.mjs'), 'run', ...args])
}
