import type { ErrorKind } from './error-kind.ts'
import { type ErrorDetails, LibnetworkError } from './libnetwork-error.ts'

/** One row of an error table. */
export interface ErrorDefinition {
  /** The sort of failure that this code stands for. */
  readonly kind: ErrorKind
  /** When the error is thrown, in one sentence. Printed in the documentation. */
  readonly summary: string
}

/** A package's error table: every code that it throws. */
export type ErrorTable = Readonly<Record<`ERR_${string}`, ErrorDefinition>>

/** What the thrower adds to a table's row. */
export interface ThrownErrorInit {
  /** Facts about this failure. */
  readonly details?: ErrorDetails | undefined
  /** What the reader can do about it. */
  readonly hint?: string | undefined
  /** The failure underneath. */
  readonly cause?: unknown
  /** Every failure of an operation that went on over errors. */
  readonly errors?: readonly unknown[] | undefined
}

/** Makes errors of one package's table. */
export interface ErrorFactory<Code extends string> {
  /** Makes (does not throw) the error of this code. */
  (code: Code, message: string, init?: ThrownErrorInit): LibnetworkError
}

/**
 * Turns an error table into the function that makes its errors. A code outside the table does not compile.
 *
 * @example
 * ```ts
 * export const POOL_ERRORS = { ERR_POOL_EXHAUSTED: { kind: 'unavailable', summary: 'Every address is taken.' } } as const
 * export const poolError = defineErrors(POOL_ERRORS)
 * throw poolError('ERR_POOL_EXHAUSTED', '10.0.0.0/30: all 2 addresses are taken')
 * ```
 */
export function defineErrors<Code extends `ERR_${string}`>(
  table: Readonly<Record<Code, ErrorDefinition>>,
): ErrorFactory<Code> {
  return (code, message, init = {}) => new LibnetworkError(message, { code, kind: table[code].kind, ...init })
}
