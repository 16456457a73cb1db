import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import type { ProjectConfig } from 'vitest/node'
import { namespacePool } from './testing/namespace-pool.ts'

// Workspace packages resolve to their sources, so that no test needs a build.
const conditions = ['@libnetwork/source', 'node', 'import', 'default']

/** Where CI wants Vitest's report. */
const report = process.env['LIBNETWORK_TEST_REPORT']

/** Set by `npm run test:soak`: the long tests are run, and only they. */
const soak = process.env['LIBNETWORK_TEST_SOAK'] === '1'

const shared = {
  environment: 'node',
  exclude: ['**/node_modules/**', '**/dist/**', ...(soak ? [] : ['**/*.soak.*'])],
  // What the test's process hands down to Workers and to `child_process.fork`: TypeScript, and the same sources.
  execArgv: [
    '--import',
    new URL('./scripts/typescript.mjs', import.meta.url).href,
    '--conditions=@libnetwork/source',
  ],
} satisfies ProjectConfig

function jsonReport(outputFile: string): ['json', { outputFile: string }] {
  return ['json', { outputFile }]
}

const tests = soak ? '**/test/**/*.soak' : '**/test/**/*'
const netns = `${tests}.netns.test.ts`

/** The configuration of every package and of the root; only the folder differs in which Vitest is started. */
const config: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    maxWorkers: availableParallelism(),
    reporters: [
      'default',
      fileURLToPath(new URL('./testing/skip-reporter.ts', import.meta.url)),
      ...(report === undefined ? [] : [jsonReport(report)]),
    ],
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          pool: 'forks',
          include: [`${tests}.test.ts`],
          exclude: [...shared.exclude, netns],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'netns',
          pool: namespacePool(),
          include: [netns],
          setupFiles: [fileURLToPath(new URL('./testing/netns-setup.ts', import.meta.url))],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
}

export default config
