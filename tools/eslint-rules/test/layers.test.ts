import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const eslint = new ESLint({ cwd: ROOT })

/** What the rule says of a file's text, as it stands in a package. */
async function findings(file: string, text: string): Promise<(string | undefined)[]> {
  const [result] = await eslint.lintText(text, { filePath: `${ROOT}packages/${file}` })
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'libnetwork/layers')
    .map(({ messageId }) => messageId)
}

describe('the rule of the layers', () => {
  it.each([
    ['the contract imports a mechanism', 'driver-sdk/src/index.ts', '@libnetwork/netlink', 'upwards'],
    ['a mechanism imports a higher one', 'netlink/src/index.ts', '@libnetwork/sandbox-linux', 'upwards'],
    ['a mechanism imports core', 'sandbox-linux/src/index.ts', '@libnetwork/core', 'upwards'],
    ['mechanisms import each other sideways', 'ipallocator/src/index.ts', '@libnetwork/sandbox-linux', 'upwards'],
    ['drivers import each other', 'driver-host/src/index.ts', '@libnetwork/driver-bridge', 'upwards'],
    ['a driver imports core', 'driver-bridge/src/index.ts', '@libnetwork/core', 'upwards'],
    ['core imports a driver', 'core/src/index.ts', '@libnetwork/driver-bridge/driver', 'upwards'],
    ['core imports an allocator', 'core/src/index.ts', '@libnetwork/ipallocator', 'contract'],
    ['core imports a sandbox provider', 'core/src/index.ts', '@libnetwork/sandbox-linux', 'contract'],
    ['core imports netlink', 'core/src/index.ts', '@libnetwork/netlink', 'contract'],
    ['anybody imports the umbrella', 'core/src/index.ts', 'libnetwork', 'upwards'],
    ['a path leads around the name', 'core/src/index.ts', '../../netlink/src/index.ts', 'around'],
  ])('is broken when %s', async (_title, file, specifier, messageId) => {
    expect(await findings(file, `import '${specifier}'\n`)).toEqual([messageId])
    expect(await findings(file, `export * from '${specifier}'\n`)).toEqual([messageId])
    expect(await findings(file, `export const load = (): Promise<unknown> => import('${specifier}')\n`)).toEqual([
      messageId,
    ])
    expect(await findings(file, `import type { Thing } from '${specifier}'\nexport type { Thing }\n`)).toEqual([
      messageId,
    ])
    expect(await findings(file, `export type Thing = import('${specifier}').Thing\n`)).toEqual([messageId])
  })

  it.each([
    ['core imports the contract', 'core/src/index.ts', '@libnetwork/driver-sdk'],
    ['a driver imports a mechanism', 'driver-bridge/src/index.ts', '@libnetwork/netlink'],
    ['a mechanism imports a lower one', 'sandbox-linux/src/index.ts', '@libnetwork/netlink'],
    ['the umbrella imports a driver', 'libnetwork/src/index.ts', '@libnetwork/driver-bridge'],
    ['somebody imports a library', 'core/src/index.ts', 'valibot'],
    ['a package imports its own files', 'core/src/index.ts', './errors.ts'],
  ])('is kept when %s', async (_title, file, specifier) => {
    expect(await findings(file, `import '${specifier}'\n`)).toEqual([])
  })
}, 60_000)
