/** The two functions of a test runner that a conformance suite needs: those of vitest, `node:test`, jest and others fit. */
export interface ConformanceRunner {
  /** Groups cases. Must call the function at once. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Declares a case, which fails by rejecting. */
  readonly it: (name: string, body: () => Promise<void>) => unknown
}
