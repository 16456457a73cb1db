import { type ChildProcess, spawn as spawnProcess, type SpawnOptions } from 'node:child_process'
import { commonError, invalidArgument, type Problem } from '@libnetwork/driver-sdk'
import { syscallError } from '../sys/syscall-error.ts'
import { strerror } from '../sys/syscalls.ts'
import { plainObject } from './check-arguments.ts'
import { enterInside, type InsideNamespace } from './inside-namespace.ts'

/**
 * Starts a program inside a namespace: `child_process.spawn` with Node's own options and defaults. Node forks before
 * `spawn` returns, and the child keeps the namespace of the thread that forked it; this process is back outside by then.
 *
 * Only the network is another. `/sys` is the host's, so what lists `/sys/class/net` there (not `ip`, which asks the
 * kernel) sees the host's interfaces; a program that needs its own mounts it in a mount namespace of its own.
 * As with Node's, a program that cannot be started is reported by the child's `error` event.
 *
 * @throws `ERR_INVALID_ARGUMENT`; `ERR_SYSCALL` if the kernel refuses to fork
 */
export function spawn(
  inside: InsideNamespace,
  command: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): ChildProcess {
  const operation = `spawn in ${inside.path}`
  checkCommand(operation, command, args, options)
  return enterInside(inside, operation, () => {
    try {
      return spawnProcess(command, args, options)
    } catch (error) {
      throw spawnError(operation, command, error)
    }
  })
}

function checkCommand(operation: string, command: unknown, args: unknown, options: unknown): void {
  const problems: Problem[] = []
  if (!isArgument(command) || command === '') {
    problems.push({ path: 'command', message: 'must be a text that is not empty and has no NUL' })
  }
  if (!Array.isArray(args) || !args.every(isArgument)) {
    problems.push({ path: 'args', message: 'must be an array of texts without NUL' })
  }
  const object = plainObject(options)
  if ('problem' in object) problems.push({ path: 'options', message: object.problem })
  if (problems.length > 0) throw invalidArgument(operation, problems)
}

function isArgument(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0')
}

/** What `child_process.spawn` throws: a system error, or a TypeError about its options. */
function spawnError(operation: string, command: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number') {
    const errno = 'code' in cause ? String(cause.code) : 'EIO'
    return syscallError({ syscall: 'spawn', errno, text: strerror(-cause.errno), subject: command, cause })
  }
  return commonError('ERR_INVALID_ARGUMENT', `${operation}: ${message}`, { cause })
}
