import { tracingChannel } from 'node:diagnostics_channel'
import type { JsonValue } from '@libnetwork/driver-sdk'

/** What a subscriber of the tracing channel `libnetwork:operation` gets. */
export interface TracedOperation {
  /** The verb: `network.create`, `endpoint.join`, ... */
  readonly operation: string
  /** What it is done to. */
  readonly subject: Readonly<Record<string, JsonValue | undefined>>
}

const channel = tracingChannel<TracedOperation>('libnetwork:operation')

/** Runs a verb, told to the subscribers of the tracing channel `tracing:libnetwork:operation:*`. */
export function traced<Result>(
  operation: string,
  subject: TracedOperation['subject'],
  task: () => Promise<Result>,
): Promise<Result> {
  return channel.tracePromise(task, { operation, subject })
}
