import type { CallContext } from '../contract/call-context.ts'
import { systemClock } from '../contract/clock.ts'
import { silentLogger } from '../contract/logger.ts'
import { memoryHost } from './memory/memory-host.ts'
import { memoryState } from './memory/memory-state.ts'

/**
 * A call context for tests of drivers: a signal that never fires, a silent logger, the machine's time, a fresh host and a
 * fresh state in memory.
 *
 * @param overrides - what the test brings itself
 */
export function testContext(overrides: Partial<CallContext> = {}): CallContext {
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    clock: systemClock,
    host: memoryHost(),
    state: memoryState(),
    ...overrides,
  }
}
