import { existsSync, readFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Set by CI: a skipped test fails the run, except for the gaps that {@link GAPS} lists. */
const STRICT = process.env['LIBNETWORK_REQUIRE_WITNESSES'] === '1'
const GAPS = new URL('../.ci/kernel-gaps', import.meta.url)

/** A test that was skipped by hand, or by a filter of the command line. */
const UNEXPLAINED = '[no reason given]'

/** The features of `.ci/kernel-gaps`: the first word of each line; `#` begins a comment. */
function allowedGaps(): string[] {
  if (!existsSync(GAPS)) return []
  const text = readFileSync(GAPS, 'utf8').replace(/#.*$/gm, '')
  return text.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
}

interface Skip {
  readonly name: string
  readonly why: string
}

function skips(modules: readonly TestModule[]): Skip[] {
  return modules.flatMap((module) =>
    [...module.children.allTests('skipped')].map((test) => {
      const result = test.result()
      const title = `${test.fullName} ${result.state === 'skipped' ? (result.note ?? '') : ''}`
      const why = /\[(?:not installed|gap)[^\]]*\]/.exec(title)?.[0] ?? UNEXPLAINED
      return { name: `${module.relativeModuleId} > ${test.fullName}`, why }
    }),
  )
}

/** Counts the skipped tests by what they lacked, and judges them when asked to. */
export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = skips(modules)
    const counts = new Map<string, number>()
    for (const { why } of skipped) counts.set(why, (counts.get(why) ?? 0) + 1)
    for (const [why, count] of counts) if (why !== UNEXPLAINED) console.log(`Skipped: ${count} tests ${why}`)
    if (!STRICT) return
    const gaps = allowedGaps().map((feature) => `[gap:${feature}]`)
    const refused = skipped.filter(({ why }) => !gaps.includes(why))
    if (refused.length === 0) return
    console.error('Skips are forbidden here, except for the features that .ci/kernel-gaps lists:')
    for (const { name, why } of refused) console.error(`  ${name} ${why}`)
    process.exitCode = 1
  }
}
