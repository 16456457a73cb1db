import { concurrencyCases } from './network/concurrency-cases.ts'
import { declarationCases } from './network/declaration-cases.ts'
import { DriverBench, type NetworkDriverCase } from './network/driver-bench.ts'
import { endpointCases } from './network/endpoint-cases.ts'
import { interruptionCases } from './network/interruption-cases.ts'
import { joinCases } from './network/join-cases.ts'
import { networkCases } from './network/network-cases.ts'
import { optionsCases } from './network/options-cases.ts'
import { moduleOf, type NetworkDriverSubject } from './network/subject.ts'
import type { ConformanceRunner } from './runner.ts'

const GROUPS: Readonly<Record<string, readonly NetworkDriverCase[]>> = {
  declaration: declarationCases,
  options: optionsCases,
  networks: networkCases,
  endpoints: endpointCases,
  'join and leave': joinCases,
  interruptions: interruptionCases,
  'many at once': concurrencyCases,
}

/**
 * Declares the cases that every network driver must pass, in the caller's test runner. The driver's capabilities decide what
 * is asked of it; what it has not declared it must not do. Each case has a host and a state of its own and ends by
 * deleting everything and comparing both with what was there before. Nothing needs privileges unless the subject brings a
 * context with a real host.
 *
 * @param runner - `describe` and `it` of vitest, `node:test` or any other runner
 * @param subject - the driver, and what it cannot do without
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { networkDriverConformance } from '@libnetwork/driver-sdk/conformance'
 * import driver from './driver.js'
 *
 * networkDriverConformance({ describe, it }, { driver, wrongOptions: { network: { mtu: 'big' } } })
 * ```
 */
export function networkDriverConformance(runner: ConformanceRunner, subject: NetworkDriverSubject): void {
  runner.describe(`network driver "${moduleOf(subject).name}"`, () => {
    for (const [group, cases] of Object.entries(GROUPS)) {
      runner.describe(group, () => {
        for (const { name, run } of cases) runner.it(name, () => DriverBench.run(subject, run))
      })
    }
  })
}
