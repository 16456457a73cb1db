// The last line of CI: `node scripts/ci-summary.mjs <folder>`. The folder has one line `<step> <exit code>` for each step in
// the file `steps`, and Vitest's report of each test step as `<step>.json`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * The counts of Vitest's report. A file that could not even be loaded has no tests, and is one failure.
 *
 * @type {(file: string) => Counts}
 */
function countsOf(file) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
   *   testResults: { status: string, assertionResults: { status: string }[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

const folder = process.argv[2] ?? 'test-results'
const total = { passed: 0, failed: 0, skipped: 0 }
for (const line of readFileSync(join(folder, 'steps'), 'utf8').trim().split('\n')) {
  const [step = '', exitCode = ''] = line.split(' ')
  const report = join(folder, `${step}.json`)
  const counts = existsSync(report) ? countsOf(report) : { passed: 0, failed: 0, skipped: 0 }
  // A step can fail without a failed test: a forbidden skip, an error outside of any test, no report at all.
  const failed = counts.failed === 0 && exitCode !== '0' ? 1 : counts.failed
  if (failed > 0) console.log(`Failed: ${step} (${failed})`)
  total.passed += counts.passed
  total.failed += failed
  total.skipped += counts.skipped
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
