import assert from 'node:assert/strict'
import type { DriverOptions } from '../../contract/network-driver.ts'
import type { OptionsSchema } from '../../contract/options-schema.ts'
import { checkOptions } from '../../contract/validate-options.ts'
import { assertPlainJson } from './assertions.ts'
import type { DriverBench, NetworkDriverCase } from './driver-bench.ts'
import { UNKNOWN_OPTION } from './sample-requests.ts'

interface SchemaOf {
  readonly schema: OptionsSchema<DriverOptions>
  readonly good: DriverOptions
  readonly wrong: DriverOptions
}

function networkSchema({ driver, subject }: DriverBench): SchemaOf {
  const good = subject.network?.(0).options ?? {}
  return { schema: driver.networkOptions, good, wrong: subject.wrongOptions?.network ?? {} }
}

function endpointSchema({ driver, subject }: DriverBench): SchemaOf {
  const good = subject.endpoint?.(0).options ?? {}
  return { schema: driver.endpointOptions, good, wrong: subject.wrongOptions?.endpoint ?? {} }
}

/** Checks that the schema refuses a value, and that one of its problems names the key. */
async function assertKeyRefused(
  schema: OptionsSchema<DriverOptions>,
  value: DriverOptions,
  key: string,
): Promise<void> {
  const result = await checkOptions(schema, value, 'options')
  if (!('problems' in result)) assert.fail(`option "${key}" of ${JSON.stringify(value)} must be refused`)
  // A schema library may name an unknown key in the path or in the message.
  const named = result.problems.some(({ path, message }) => path.split('.').includes(key) || message.includes(key))
  assert.ok(named, `the problems must name the option "${key}": ${JSON.stringify(result.problems)}`)
}

function casesOf(what: string, of: (bench: DriverBench) => SchemaOf): readonly NetworkDriverCase[] {
  return [
    {
      name: `${what} options: what the schema returns is plain JSON`,
      run: async (bench) => {
        const { schema, good } = of(bench)
        const result = await checkOptions(schema, good, 'options')
        assert.ok('value' in result, `${JSON.stringify(good)} must be accepted`)
        assertPlainJson(`${what} options`, result.value)
      },
    },
    {
      name: `${what} options: an unknown key is refused by name`,
      run: async (bench) => {
        const { schema, good } = of(bench)
        for (const key of Object.keys(UNKNOWN_OPTION))
          await assertKeyRefused(schema, { ...good, ...UNKNOWN_OPTION }, key)
      },
    },
    {
      name: `${what} options: wrong types are refused by name`,
      run: async (bench) => {
        const { schema, good, wrong } = of(bench)
        for (const value of ['text', 1, true, ['text']]) {
          const result = await checkOptions(schema, value, 'options')
          assert.ok('problems' in result, `options ${JSON.stringify(value)} must be refused`)
        }
        for (const [key, value] of Object.entries(wrong))
          await assertKeyRefused(schema, { ...good, [key]: value }, key)
      },
    },
  ]
}

/** What the schemas refuse. */
export const optionsCases: readonly NetworkDriverCase[] = [
  ...casesOf('network', networkSchema),
  ...casesOf('endpoint', endpointSchema),
]
