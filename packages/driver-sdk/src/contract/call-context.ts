import type { HostNetwork } from '../host/host-network.ts'
import type { Clock } from './clock.ts'
import type { Logger } from './logger.ts'
import type { StateScope } from './state-scope.ts'

/** What every verb of every driver gets beside its request. The only place where live objects cross the contract. */
export interface CallContext {
  /** Fires when the caller gives up or the verb's deadline passes. Check it between steps. */
  readonly signal: AbortSignal
  /** The driver's own logger. */
  readonly logger: Logger
  /** Time. */
  readonly clock: Clock
  /**
   * The host's network namespace. Drivers touch the kernel through nothing else, so that a planning controller can run
   * the same verbs against a host that records and never writes.
   */
  readonly host: HostNetwork
  /** The driver's own room in the store. */
  readonly state: StateScope
}
