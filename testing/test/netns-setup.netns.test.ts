import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly { readonly title: string; readonly failureMessages: readonly string[] }[]
  }[]
}

let report: Report

// Both at once: each waits for what it has left to go away.
beforeAll(() => {
  const { stdout } = spawnSync(process.execPath, [vitest, 'run', '--root', fixtures, '--reporter=json'], {
    encoding: 'utf8',
  })
  report = JSON.parse(stdout)
})

/** What each test of a fixture failed with, and the file as a whole. */
function resultOf(fixture: string): { readonly tests: Record<string, string>; readonly file: string } {
  const file = report.testResults.find(({ name }) => name.includes(fixture))
  const tests = file?.assertionResults.map(({ title, failureMessages }) => [title, failureMessages.join('\n')])
  return { tests: Object.fromEntries(tests ?? []), file: file?.message ?? '' }
}

it('fails exactly the tests that leave something behind', () => {
  expect(resultOf('leaky').tests).toEqual({
    'leaves the fixture': '',
    'cleans up in a hook': '',
    'cleans up when it is finished': '',
    'leaves a bridge': expect.stringContaining('\n+ links: left0'),
    'fails by itself and leaves a bridge': expect.not.stringContaining('links'),
    'is not blamed for the others': '',
  })
})

it('compares before and after the file where its tests build on each other', () => {
  const { tests, file } = resultOf('per-file')
  expect(tests).toEqual({ 'makes a bridge for the next test': '', 'deletes the bridge of the test before': '' })
  expect(file).toContain('\n+ links: left0')
  expect(file).not.toContain('shared0')
})
