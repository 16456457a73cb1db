import { defineErrors, type ErrorFactory } from './define-errors.ts'

/** The codes that every package may throw. */
export const COMMON_ERRORS = {
  ERR_INVALID_ARGUMENT: { kind: 'invalid', summary: 'An argument or option has the wrong type, format or name.' },
  ERR_ABORTED: { kind: 'aborted', summary: "The caller's AbortSignal fired before the operation was finished." },
  ERR_TIMEOUT: { kind: 'timeout', summary: 'The operation was not finished within its deadline.' },
  ERR_CLOSED: { kind: 'unavailable', summary: 'The object was closed before this call.' },
  ERR_UNSUPPORTED: { kind: 'unsupported', summary: 'This driver, provider or kernel cannot do what was asked.' },
  ERR_OBJECT_CONFLICT: {
    kind: 'conflict',
    summary: 'The id was created with another request, or there is no room for another.',
  },
  ERR_OBJECT_NOT_FOUND: {
    kind: 'not-found',
    summary: 'No network or endpoint of this id was created in the driver.',
  },
  ERR_TEARDOWN: { kind: 'internal', summary: 'A tear-down went on over errors; `errors` has all of them.' },
  ERR_INTERNAL: { kind: 'internal', summary: 'Something that must not happen did. Please report it.' },
} as const

/** Makes an error of {@link COMMON_ERRORS}. */
export const commonError: ErrorFactory<keyof typeof COMMON_ERRORS> = defineErrors(COMMON_ERRORS)

/**
 * Throws `ERR_ABORTED` if the signal has fired. Called between the steps of every verb.
 *
 * @param signal - the caller's signal, if there is one
 * @param operation - what would have been done, such as `create network "blue"`
 */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted) {
    throw commonError('ERR_ABORTED', `${operation}: aborted`, { cause: signal.reason })
  }
}

/**
 * One error for a tear-down that went on over errors: nothing for none, the error itself for one, `ERR_TEARDOWN` with
 * all of them for several.
 */
export function teardownError(operation: string, errors: readonly unknown[]): unknown {
  if (errors.length < 2) return errors[0]
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)))
  return commonError('ERR_TEARDOWN', `${operation}: ${errors.length} steps failed: ${messages.join('; ')}`, {
    errors,
  })
}
