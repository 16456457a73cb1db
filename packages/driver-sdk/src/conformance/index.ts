/**
 * Conformance suites for drivers, and a host in memory to test them on without privileges. The test runner is a parameter:
 * vitest's, `node:test`'s or any other's `describe` and `it`.
 *
 * @packageDocumentation
 */
export { memoryHost, type MemoryHost } from './memory/memory-host.ts'
export { memoryState, type MemoryStateOptions } from './memory/memory-state.ts'
export type { NetworkDriverSubject } from './network/subject.ts'
export { networkDriverConformance } from './network-driver.ts'
export type { ConformanceRunner } from './runner.ts'
export { testContext } from './test-context.ts'
