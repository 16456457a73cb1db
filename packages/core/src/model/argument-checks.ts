import { inspect } from 'node:util'
import { invalidArgument, type Problem } from '@libnetwork/driver-sdk'
import * as v from 'valibot'

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/
const LABEL_KEY = /^[!-~]{1,128}$/

/** A value of any type as an error message shows it: short, on one line. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : inspect(value, { depth: 0, breakLength: Infinity, compact: true })
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** Whether a value can be the name of a network or endpoint. */
export function isName(value: string): boolean {
  return NAME.test(value) && !value.includes('..')
}

/** Names of networks and endpoints. */
export const nameSchema: v.GenericSchema<unknown, string> = v.pipe(
  v.string((issue) => `must be a text, got ${shown(issue.input)}`),
  v.check(
    isName,
    (issue) =>
      `${shown(issue.input)} is no name: allowed are 1 to 128 of a-z A-Z 0-9 _ . -, a letter or digit first, no ".."`,
  ),
)

/** Users' labels. */
export const labelsSchema: v.GenericSchema<unknown, Record<string, string>> = v.pipe(
  v.record(
    v.string(),
    v.string((issue) => `a label's value must be a text, got ${shown(issue.input)}`),
  ),
  v.check(
    (labels) => Object.keys(labels).every((key) => LABEL_KEY.test(key)),
    "a label's key must be 1 to 128 printable ASCII characters without blanks",
  ),
)

/** An AbortSignal. */
export const signalSchema: v.GenericSchema<unknown, AbortSignal> = v.custom<AbortSignal>(
  (value) => value instanceof AbortSignal,
  (issue) => `must be an AbortSignal, got ${shown(issue.input)}`,
)

/** Options of a driver: checked by the driver's own schema later. */
export const driverOptionsSchema: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = v.custom<
  Readonly<Record<string, unknown>>
>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  (issue) => `must be an object, got ${shown(issue.input)}`,
)

/** What a schema made of a value, or all problems with it. */
export function check<Output>(
  schema: v.GenericSchema<unknown, Output>,
  value: unknown,
  path: string,
): { readonly value: Output } | { readonly problems: readonly Problem[] } {
  const result = v.safeParse(schema, value)
  if (result.success) return { value: result.output }
  return {
    problems: result.issues.map((issue) => ({
      path: [path, ...(issue.path ?? []).map((step) => String(step.key))].filter((part) => part !== '').join('.'),
      message: issue.type === 'strict_object' ? 'is not known' : issue.message,
    })),
  }
}

/**
 * A name, id or beginning of an id, as the look-ups take it.
 *
 * @throws `ERR_INVALID_ARGUMENT` for anything but a text of 1 to 4095 bytes
 */
export function checkReference(operation: string, reference: unknown): string {
  if (typeof reference === 'string' && reference !== '' && Buffer.byteLength(reference) < 4096) return reference
  throw invalidArgument(operation, [
    { path: 'reference', message: `must be a name, an id or the beginning of an id, got ${shown(reference)}` },
  ])
}
