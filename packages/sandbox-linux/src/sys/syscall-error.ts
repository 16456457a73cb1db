import { constants } from 'node:os'
import { type ErrorKind, LibnetworkError } from '@libnetwork/driver-sdk'

/** What an errno says about the request. Those that are missing mean that something is used up or does not answer. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  EPERM: 'forbidden',
  EACCES: 'forbidden',
  EROFS: 'forbidden',
  ENOENT: 'not-found',
  ENODEV: 'not-found',
  ESRCH: 'not-found',
  EEXIST: 'exists',
  EINVAL: 'invalid',
  EADDRNOTAVAIL: 'invalid',
  ENAMETOOLONG: 'invalid',
  ENOTDIR: 'invalid',
  EISDIR: 'invalid',
  ELOOP: 'invalid',
  EBUSY: 'conflict',
  EADDRINUSE: 'conflict',
  ETIMEDOUT: 'timeout',
  ENOSYS: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  EAFNOSUPPORT: 'unsupported',
  EPROTONOSUPPORT: 'unsupported',
  EBADF: 'internal',
  EFAULT: 'internal',
  ENOTSOCK: 'internal',
}

/** Of two names for one number the kernel's documentation uses these. */
const PREFERRED: ReadonlySet<string> = new Set(['EAGAIN', 'EOPNOTSUPP'])

const NAMES = new Map<number, string>()
for (const [name, number] of Object.entries(constants.errno)) {
  if (!NAMES.has(number) || PREFERRED.has(name)) NAMES.set(number, name)
}

/** The name of an errno, such as `EPERM`; `errno 133` for one that Node has no name for. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`
}

/** What is known about a system call that failed. */
export interface SyscallFailure {
  /** The call, such as `setns`. */
  readonly syscall: string
  /** The errno's name, such as `EPERM`. */
  readonly errno: string
  /** The kernel's own text for the errno, such as `Operation not permitted`. */
  readonly text: string
  /** What the call was made on: a path, an interface, an address. */
  readonly subject: string
  /** The failure underneath, if Node reported it. */
  readonly cause?: unknown
}

/** The error of a system call: `ERR_SYSCALL`, of the kind that its errno stands for. */
export function syscallError({ syscall, errno, text, subject, cause }: SyscallFailure): LibnetworkError {
  const on = subject === '' ? '' : ` ${subject}`
  return new LibnetworkError(`${syscall}${on}: ${errno} (${text})`, {
    code: 'ERR_SYSCALL',
    kind: KINDS[errno] ?? 'unavailable',
    details: { syscall, errno, subject },
    cause,
  })
}
