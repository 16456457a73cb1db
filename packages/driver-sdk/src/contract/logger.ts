import type { JsonValue } from '../errors/libnetwork-error.ts'

/** Facts that go with a log line. */
export type LogFields = Readonly<Record<string, JsonValue | undefined>>

/** Where libraries and drivers write what happens. Injected by the application; silent by default. */
export interface Logger {
  /** Steps that only a developer of the driver wants to see. */
  debug(message: string, fields?: LogFields): void
  /** What an operator may want to know. */
  info(message: string, fields?: LogFields): void
  /** Something is not as it should be; the operation went on. */
  warn(message: string, fields?: LogFields): void
  /** Something failed that no caller will be told of otherwise. */
  error(message: string, fields?: LogFields): void
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
