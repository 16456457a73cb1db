import { constants } from 'node:os'
import {
  defineErrors,
  LibnetworkError,
  type ErrorDefinition,
  type ErrorFactory,
  type ErrorKind,
} from '@libnetwork/driver-sdk'
import { errnoText } from './socket/libc.ts'

/** Every code that this package throws, beside the common ones. */
export const NETLINK_ERRORS: {
  readonly [Code in 'ERR_NETLINK' | 'ERR_NETLINK_DUMP_INTERRUPTED' | 'ERR_NETLINK_SOCKET']: ErrorDefinition
} = {
  ERR_NETLINK: {
    kind: 'internal',
    summary: 'The kernel refused a request. The kind follows the errno, which is in `details`.',
  },
  ERR_NETLINK_DUMP_INTERRUPTED: {
    kind: 'unavailable',
    summary: 'What was listed kept changing while it was read, however often it was tried.',
  },
  ERR_NETLINK_SOCKET: { kind: 'unavailable', summary: 'The netlink socket could not be opened, or failed.' },
}

/** Makes an error of {@link NETLINK_ERRORS}. */
export const netlinkError: ErrorFactory<keyof typeof NETLINK_ERRORS> = defineErrors(NETLINK_ERRORS)

const KINDS: Readonly<Record<string, ErrorKind>> = {
  EEXIST: 'exists',
  ENOENT: 'not-found',
  ENODEV: 'not-found',
  ESRCH: 'not-found',
  EADDRNOTAVAIL: 'not-found',
  EPERM: 'forbidden',
  EACCES: 'forbidden',
  EINVAL: 'invalid',
  ERANGE: 'invalid',
  ENAMETOOLONG: 'invalid',
  EAFNOSUPPORT: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  EPROTONOSUPPORT: 'unsupported',
  EBUSY: 'conflict',
  ELOOP: 'conflict',
  ENETUNREACH: 'conflict',
  EHOSTUNREACH: 'conflict',
  ENETDOWN: 'conflict',
  ENOBUFS: 'unavailable',
  ENOMEM: 'unavailable',
  EAGAIN: 'unavailable',
  ENFILE: 'unavailable',
  EMFILE: 'unavailable',
  EXFULL: 'unavailable',
}

const NAMES: ReadonlyMap<number, string> = new Map([
  ...Object.entries(constants.errno).map(([name, errno]): [number, string] => [errno, name]),
  // <asm-generic/errno.h>, unknown to Node: a bridge that has all its ports.
  [54, 'EXFULL'],
])

/** Name of an errno number: `EEXIST`. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`
}

/** What was asked of the kernel, for the error's reader. */
export interface RequestDescription {
  /** `link add`, `route delete`, ... as `ip` calls them. */
  readonly operation: string
  /** What it was done to: a name, an address. */
  readonly subject: string
}

/**
 * The error for a request that the kernel refused: `link add veth12ab: EEXIST (File exists): <the kernel's text>`.
 *
 * @param errno - positive
 * @param extack - the kernel's extended acknowledgement, where it gave one
 */
export function kernelError(
  { operation, subject }: RequestDescription,
  errno: number,
  extack: string | undefined,
): LibnetworkError {
  const name = errnoName(errno)
  const more = extack === undefined ? '' : `: ${extack}`
  return new LibnetworkError(`${operation} ${subject}: ${name} (${errnoText(errno)})${more}`, {
    code: 'ERR_NETLINK',
    kind: KINDS[name] ?? 'internal',
    details: { errno: name, operation, subject, ...(extack !== undefined && { extack }) },
    hint: name === 'EPERM' ? 'Run as root, or inside a user namespace of your own.' : undefined,
  })
}
