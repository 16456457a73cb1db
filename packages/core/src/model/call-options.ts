import { invalidArgument } from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { check, signalSchema } from './argument-checks.ts'

/** Options of a verb that needs nothing else. */
export interface CallOptions {
  /** Gives up. */
  readonly signal?: AbortSignal | undefined
}

const callOptionsSchema = v.strictObject({ signal: v.optional(signalSchema) })

/**
 * The signal of a verb's options.
 *
 * @throws `ERR_INVALID_ARGUMENT` for anything but {@link CallOptions}
 */
export function checkSignal(operation: string, options: CallOptions): AbortSignal | undefined {
  const shape = check(callOptionsSchema, options, '')
  if (!('value' in shape)) throw invalidArgument(operation, shape.problems)
  return shape.value.signal
}
