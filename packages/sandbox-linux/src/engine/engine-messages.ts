import type { ErrorJson } from '@libnetwork/driver-sdk'
import type { EngineCall } from './engine-calls.ts'

/** What the Worker is started with. */
export interface EngineWorkerData {
  /** Where the marks of owners are. */
  readonly stateFolder: string
}

/** A call, on its way to the Worker. */
export interface EngineRequestMessage {
  /** Tells the answers apart. */
  readonly id: number
  /** What to do. */
  readonly call: EngineCall
  /** With what. */
  readonly argument: unknown
}

/** What is said to the Worker: to do something, or to close its sockets and end. */
export type EngineMessage = EngineRequestMessage | 'close'

/** An answer, on its way back. */
export type EngineAnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorJson }
  /** The thread is about to end, because of this. */
  | { readonly crash: ErrorJson }
