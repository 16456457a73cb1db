/**
 * What sort of failure an error is, apart from its exact code. The set is closed, so a caller can map every error to an
 * HTTP status or an exit code without knowing the package that threw it.
 *
 * - `invalid`: the request itself is wrong (type, format, unknown option). Repeating it cannot help.
 * - `not-found`: the object that the request names does not exist.
 * - `exists`: the object that the request would make exists already.
 * - `conflict`: the request is well-formed, but clashes with the present state (an overlapping subnet, an active endpoint).
 * - `forbidden`: policy or the kernel's permissions refuse it.
 * - `unavailable`: a part that is needed does not answer or is exhausted. It may work later.
 * - `timeout`: a deadline passed.
 * - `aborted`: the caller's AbortSignal fired.
 * - `unsupported`: this driver, provider or kernel cannot do it at all.
 * - `internal`: a broken promise of our own or of a driver.
 */
export type ErrorKind =
  | 'invalid'
  | 'not-found'
  | 'exists'
  | 'conflict'
  | 'forbidden'
  | 'unavailable'
  | 'timeout'
  | 'aborted'
  | 'unsupported'
  | 'internal'

/** Every {@link ErrorKind}, for validation and for exhaustive tables. */
export const ERROR_KINDS: readonly ErrorKind[] = [
  'invalid',
  'not-found',
  'exists',
  'conflict',
  'forbidden',
  'unavailable',
  'timeout',
  'aborted',
  'unsupported',
  'internal',
]
