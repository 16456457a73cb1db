import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { commonError } from '@libnetwork/driver-sdk'

/** Settings that forbid user namespaces, with the value that does. */
const FORBIDDING: readonly (readonly [file: string, value: string, name: string])[] = [
  ['/proc/sys/kernel/unprivileged_userns_clone', '0', 'kernel.unprivileged_userns_clone'],
  ['/proc/sys/user/max_user_namespaces', '0', 'user.max_user_namespaces'],
  ['/proc/sys/user/max_net_namespaces', '0', 'user.max_net_namespaces'],
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1', 'kernel.apparmor_restrict_unprivileged_userns'],
]

function guilty(): string | undefined {
  for (const [file, value, name] of FORBIDDING) {
    try {
      if (readFileSync(file, 'utf8').trim() === value) return `${name} = ${value}`
    } catch {
      // This kernel has no such setting.
    }
  }
  return undefined
}

/** Arguments of util-linux `unshare` for namespaces of one's own: network and mounts, and users where not root. */
function unshareArguments(): readonly string[] {
  return process.geteuid?.() === 0 ? ['--net', '--mount'] : ['--user', '--map-root-user', '--net', '--mount']
}

/**
 * Runs this program again with other arguments, inside namespaces of its own, so that nothing on the machine changes.
 *
 * @returns the exit code
 * @throws `ERR_UNSUPPORTED` that names what forbids it
 */
export async function runInPrivateNamespaces(args: readonly string[]): Promise<number> {
  const flags = unshareArguments()
  const trial = spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' })
  if (trial.error !== undefined) {
    throw commonError('ERR_UNSUPPORTED', `make private namespaces: unshare: ${trial.error.message}`, {
      hint: 'Install util-linux, which has the command unshare.',
    })
  }
  if (trial.status !== 0) {
    const setting = guilty()
    throw commonError('ERR_UNSUPPORTED', `make private namespaces: ${trial.stderr.trim()}`, {
      hint:
        setting === undefined
          ? 'Run as root, or where the kernel permits user namespaces.'
          : `The setting ${setting} forbids them; change it, or run as root.`,
    })
  }
  const [script = ''] = process.argv.slice(1)
  const child = spawn('unshare', [...flags, process.execPath, ...process.execArgv, script, ...args], {
    stdio: 'inherit',
  })
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)))
  })
}
