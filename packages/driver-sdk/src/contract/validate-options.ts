import { commonError } from '../errors/common-errors.ts'
import type { JsonValue } from '../errors/libnetwork-error.ts'
import type { OptionsSchema } from './options-schema.ts'

/** One thing that is wrong with a request. */
export interface Problem {
  readonly [key: string]: JsonValue | undefined
  /** Where, as a path with dots: `options.mtu`. */
  readonly path: string
  /** What is wrong with it, and what is allowed. */
  readonly message: string
}

/**
 * One error for all problems of a request.
 *
 * @param operation - what would have been done, such as `create network "blue"`
 * @param problems - at least one
 */
export function invalidArgument(operation: string, problems: readonly Problem[]): Error {
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return commonError('ERR_INVALID_ARGUMENT', `${operation}: ${text}`, { details: { problems } })
}

/**
 * The problems of options according to a schema, or what the schema made of them.
 *
 * @param schema - the driver's schema
 * @param value - what the caller gave; `undefined` counts as `{}`
 * @param path - prefix of the problems' paths, such as `options`
 */
export async function checkOptions<Options>(
  schema: OptionsSchema<Options>,
  value: unknown,
  path: string,
): Promise<{ readonly value: Options } | { readonly problems: readonly Problem[] }> {
  const result = await schema['~standard'].validate(value ?? {})
  if (result.issues === undefined) return { value: result.value }
  return {
    problems: result.issues.map((issue) => ({
      path: [path, ...(issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step))].join('.'),
      message: issue.message,
    })),
  }
}

/**
 * Validates options with a driver's schema.
 *
 * @param schema - the driver's schema
 * @param value - what the caller gave; `undefined` counts as `{}`
 * @param operation - what would have been done, for the error's message
 * @throws `ERR_INVALID_ARGUMENT` with all problems in `details.problems`
 */
export async function validateOptions<Options>(
  schema: OptionsSchema<Options>,
  value: unknown,
  operation: string,
): Promise<Options> {
  const result = await checkOptions(schema, value, 'options')
  if ('problems' in result) throw invalidArgument(operation, result.problems)
  return result.value
}
