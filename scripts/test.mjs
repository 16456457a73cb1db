// Runs Vitest in private namespaces, so that no test can touch the machine: `node scripts/test.mjs [Vitest's arguments]`,
// in the root folder for all packages and in a package's folder for that package.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const INSIDE = 'LIBNETWORK_TEST_INSIDE'
const AS_ROOT = ['--net', '--mount']
const AS_USER = ['--user', '--map-root-user', ...AS_ROOT]

/** The settings that forbid user namespaces, each with the test that says so. */
const SETTINGS = [
  ['user.max_user_namespaces', (value) => value === '0'],
  ['kernel.unprivileged_userns_clone', (value) => value === '0'],
  ['kernel.apparmor_restrict_unprivileged_userns', (value) => value === '1'],
]

function fail(message) {
  console.error(message)
  process.exit(1)
}

function forbiddingSettings() {
  return SETTINGS.flatMap(([name, forbids]) => {
    try {
      const value = readFileSync(join('/proc/sys', name.replaceAll('.', '/')), 'utf8').trim()
      return forbids(value) ? [`${name} = ${value}`] : []
    } catch {
      return [] // This kernel has no such setting.
    }
  })
}

/** The arguments of `unshare` that work here. */
function namespaceArguments() {
  const wanted = process.getuid() === 0 ? [AS_ROOT, AS_USER] : [AS_USER]
  let answer = ''
  for (const args of wanted) {
    const result = spawnSync('unshare', [...args, 'true'], { encoding: 'utf8' })
    if (result.error?.code === 'ENOENT') {
      fail('The tests need the program unshare (Debian package: util-linux).')
    }
    if (result.status === 0) return args
    answer = (result.error?.message ?? result.stderr).trim()
  }
  const settings = forbiddingSettings()
  fail(
    [
      'The tests run in namespaces of their own, and this machine does not allow them.',
      `  unshare ${wanted.at(-1).join(' ')}: ${answer}`,
      ...settings.map((setting) => `  Forbidden by the sysctl ${setting}`),
      settings.length > 0
        ? 'Change that setting, or run the tests as root.'
        : 'Run the tests as root, outside a container that takes CAP_SYS_ADMIN away.',
    ].join('\n'),
  )
}

function run(command, args, env) {
  const result = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (result.error) fail(`${command}: ${result.error.message}`)
  process.exit(result.status ?? 1)
}

const args = process.argv.slice(2)
if (process.env[INSIDE] === undefined) {
  const self = fileURLToPath(import.meta.url)
  run('unshare', [...namespaceArguments(), process.execPath, self, ...args], { [INSIDE]: '1' })
} else {
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run'], { encoding: 'utf8' })
  if (mount.status !== 0) fail(`A private /run could not be mounted: ${mount.error?.message ?? mount.stderr}`)
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'))
  run(process.execPath, [join(vitest, 'vitest.mjs'), 'run', ...args])
}
