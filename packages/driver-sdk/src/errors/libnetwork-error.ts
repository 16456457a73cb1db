import type { ErrorKind } from './error-kind.ts'

/** The brand's key in the global symbol registry, so that errors of two copies of this package recognise each other. */
const BRAND: unique symbol = Symbol.for('@libnetwork/error')

/** A value that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

/** Facts about a failure for programs to read: names, numbers, paths. JSON only, so that they cross process borders. */
export type ErrorDetails = Readonly<Record<string, JsonValue | undefined>>

/** What {@link LibnetworkError} is made of, beside its message. */
export interface LibnetworkErrorInit {
  /** Stable identifier, `ERR_<AREA>_<WHAT>`. Programs compare this, never the message. */
  readonly code: string
  /** The sort of failure. */
  readonly kind: ErrorKind
  /** Facts about the failure. */
  readonly details?: ErrorDetails | undefined
  /** One sentence that says what the reader can do about it. */
  readonly hint?: string | undefined
  /** The failure underneath. */
  readonly cause?: unknown
  /** Every failure of an operation that went on over errors, as tear-downs do. */
  readonly errors?: readonly unknown[] | undefined
}

/**
 * The one error class of all packages.
 *
 * The message says what was tried, on what, and what was found; {@link hint} says what to do. Do not test for it with
 * `instanceof`: two copies of the package may be installed. Use {@link isLibnetworkError}.
 */
export class LibnetworkError extends Error {
  override readonly name: string = 'LibnetworkError'
  /** Stable identifier, `ERR_<AREA>_<WHAT>`. */
  readonly code: string
  /** The sort of failure. */
  readonly kind: ErrorKind
  /** Facts about the failure, JSON only. */
  readonly details: ErrorDetails
  /** What the reader can do about it, where that is known. */
  readonly hint: string | undefined
  /** Every failure of an operation that went on over errors; empty for a single failure. */
  readonly errors: readonly unknown[]

  constructor(message: string, init: LibnetworkErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause })
    this.code = init.code
    this.kind = init.kind
    this.details = init.details ?? {}
    this.hint = init.hint
    this.errors = init.errors ?? []
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** The error as plain JSON, as it crosses threads and processes; {@link errorFromJson} reads it back. */
  toJSON(): ErrorJson {
    return errorToJson(this)
  }
}

/** An error as plain JSON. */
export interface ErrorJson {
  readonly [key: string]: JsonValue | undefined
  /** The message, without the hint. */
  readonly message: string
  /** Stable identifier. `ERR_INTERNAL` for an error that is not ours. */
  readonly code: string
  /** The sort of failure. `internal` for an error that is not ours. */
  readonly kind: ErrorKind
  /** Facts about the failure. */
  readonly details?: ErrorDetails
  /** What the reader can do about it. */
  readonly hint?: string
  /** The failure underneath. */
  readonly cause?: ErrorJson
  /** The failures of an operation that went on over errors. */
  readonly errors?: readonly ErrorJson[]
}

/**
 * Whether a value is one of our errors, whichever copy of the package made it.
 *
 * @param value - anything, usually what a `catch` clause got
 * @param code - if given, the error must carry this code as well
 */
export function isLibnetworkError(value: unknown, code?: string): value is LibnetworkError {
  return (
    typeof value === 'object' &&
    value !== null &&
    BRAND in value &&
    (code === undefined || ('code' in value && value.code === code))
  )
}

/** Any thrown value as plain JSON. Errors that are not ours become `ERR_INTERNAL` of kind `internal`. */
export function errorToJson(error: unknown): ErrorJson {
  if (!isLibnetworkError(error)) {
    const cause = error instanceof Error && error.cause !== undefined ? errorToJson(error.cause) : undefined
    return {
      message: error instanceof Error ? error.message : String(error),
      code: 'ERR_INTERNAL',
      kind: 'internal',
      ...(cause && { cause }),
    }
  }
  return {
    message: error.message,
    code: error.code,
    kind: error.kind,
    ...(Object.keys(error.details).length > 0 && { details: error.details }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.cause !== undefined && { cause: errorToJson(error.cause) }),
    ...(error.errors.length > 0 && { errors: error.errors.map(errorToJson) }),
  }
}

/** The error that {@link errorToJson} wrote down. */
export function errorFromJson(json: ErrorJson): LibnetworkError {
  return new LibnetworkError(json.message, {
    code: json.code,
    kind: json.kind,
    details: json.details,
    hint: json.hint,
    cause: json.cause && errorFromJson(json.cause),
    errors: json.errors?.map(errorFromJson),
  })
}
