import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commonError } from '@libnetwork/driver-sdk'

/**
 * The file of a sysctl below `net`. `/proc/sys/net` shows the namespace of the thread that opens it, so these functions are
 * synchronous.
 *
 * @param key - with slashes or dots between its parts: `ipv4/ip_forward`. Names of links may have dots: use slashes then.
 */
function fileOf(key: string): string {
  const parts = key.includes('/') ? key.split('/') : key.split('.')
  if (parts.some((part) => part === '' || part === '.' || part === '..') || key.includes('\0')) {
    throw commonError('ERR_INVALID_ARGUMENT', `sysctl ${JSON.stringify(key)}: is no name of a sysctl below net`)
  }
  return join('/proc/sys/net', ...parts)
}

function errorOf(operation: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = { ENOENT: 'ERR_UNSUPPORTED', EINVAL: 'ERR_INVALID_ARGUMENT' } as const
  const message = cause instanceof Error ? cause.message : String(cause)
  return commonError(code in known ? known[code as keyof typeof known] : 'ERR_INTERNAL', `${operation}: ${message}`, {
    cause,
  })
}

/** The value of a sysctl in the namespace of the calling thread, or `undefined` where the kernel has none of that name. */
export function readSysctl(key: string): string | undefined {
  const file = fileOf(key)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw errorOf(`sysctl read ${key}`, cause)
  }
}

/** Writes a sysctl in the namespace of the calling thread, unless it has the value. Returns the value that it had. */
export function writeSysctl(key: string, value: string): string | undefined {
  const before = readSysctl(key)
  if (before === value) return before
  try {
    writeFileSync(fileOf(key), value)
  } catch (cause) {
    throw errorOf(`sysctl write ${key}=${value}`, cause)
  }
  return before
}
