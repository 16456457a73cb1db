import { LibnetworkError } from '../../errors/libnetwork-error.ts'

const ERRNOS = {
  EACCES: ['forbidden', 'Permission denied'],
  EADDRNOTAVAIL: ['not-found', 'Cannot assign requested address'],
  EEXIST: ['exists', 'File exists'],
  EINVAL: ['invalid', 'Invalid argument'],
  ENETDOWN: ['conflict', 'Network is down'],
  ENETUNREACH: ['conflict', 'Network is unreachable'],
  ENODEV: ['not-found', 'No such device'],
  ENOENT: ['not-found', 'No such file or directory'],
  EOPNOTSUPP: ['unsupported', 'Operation not supported'],
  ERANGE: ['invalid', 'Numerical result out of range'],
  EXFULL: ['unavailable', 'Exchange full'],
} as const

/** The error by which a host reports that its kernel refused a request, in the form that the real ones have. */
export function kernelRefusal(operation: string, subject: string, errno: keyof typeof ERRNOS): LibnetworkError {
  const [kind, text] = ERRNOS[errno]
  return new LibnetworkError(`${operation} ${subject}: ${errno} (${text})`, {
    code: 'ERR_NETLINK',
    kind,
    details: { errno, operation, subject },
  })
}
