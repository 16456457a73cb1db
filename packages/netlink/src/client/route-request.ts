import { commonError } from '@libnetwork/driver-sdk'
import type { RequestDescription } from '../errors.ts'
import type { MessageWriter } from '../wire/message-writer.ts'

/** One request to the kernel, ready to be sent alone or in a batch. Made by {@link newLink} and its like. */
export interface RouteRequest extends RequestDescription {
  /** `RTM_*`. */
  readonly type: number
  /** `NLM_F_*`, `NLM_F_REQUEST` and `NLM_F_ACK` apart. */
  readonly flags: number
  /** Writes what follows the message's header. */
  write(writer: MessageWriter): void
}

/**
 * Refuses a request with problems before anything is sent.
 *
 * @throws `ERR_INVALID_ARGUMENT` with all of them
 */
export function assertNoProblems(description: RequestDescription, problems: readonly string[]): void {
  if (problems.length === 0) return
  const { operation, subject } = description
  throw commonError('ERR_INVALID_ARGUMENT', `${operation} ${subject}: ${problems.join('; ')}`, {
    details: { operation, subject, problems },
  })
}
