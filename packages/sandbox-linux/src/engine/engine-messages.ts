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

/** An answer, on its way back. */
export type EngineAnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorJson }
