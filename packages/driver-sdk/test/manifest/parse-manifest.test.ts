import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLibnetworkError, parseManifest, type LibnetworkError } from '../../src/index.ts'

const driver = {
  kind: 'network',
  name: 'bridge',
  aliases: ['simplebridge'],
  entry: './dist/driver.js',
  api: '^1.0.0',
  scope: 'local',
  capabilities: ['ipv6', 'ports', 'internal'],
  requires: { platform: 'linux', kernel: '5.10', caps: ['NET_ADMIN'], modules: ['bridge'], commands: ['nft'] },
  options: './dist/options.schema.json',
}
const packageWith = (...drivers: unknown[]): unknown => ({ name: 'x', libnetwork: { manifest: 1, drivers } })

function refusal(packageJson: unknown): LibnetworkError {
  try {
    parseManifest(packageJson, '/app/package.json')
  } catch (error) {
    if (isLibnetworkError(error, 'ERR_DRIVER_MANIFEST')) return error
    throw error
  }
  throw new Error('the manifest was accepted')
}

function problemPaths(packageJson: unknown): readonly string[] {
  const { problems } = refusal(packageJson).details as { problems: readonly { path: string }[] }
  return problems.map(({ path }) => path)
}

describe('parseManifest', () => {
  it('reads a driver with everything', () => {
    expect(parseManifest(packageWith(driver), 'package.json')).toEqual({ drivers: [driver] })
  })

  it('reads a driver with what is required alone', () => {
    const small = { kind: 'store', name: 's', entry: './s.js', api: '*' }
    expect(parseManifest(packageWith(small), 'package.json')).toEqual({ drivers: [small] })
  })

  it.each(['driver-bridge', 'driver-host', 'driver-null', 'ipallocator', 'sandbox-linux'])(
    'reads the manifest of %s',
    (name) => {
      const file = new URL(`../../../${name}/package.json`, import.meta.url)
      expect(parseManifest(JSON.parse(readFileSync(file, 'utf8')), file.pathname).drivers).toHaveLength(1)
    },
  )

  it.each(['^1.0.0', '~1.2', '>=1.0.0 <3', '1.x || 2.x', '1.0.0 - 2.0.0', '*', '1.2.3-rc.1', '>= 1.2'])(
    'accepts the range %j',
    (api) => {
      expect(parseManifest(packageWith({ ...driver, api }), 'p').drivers[0]?.api).toBe(api)
    },
  )

  it.each<[string, unknown, string[]]>([
    ['no object', null, ['libnetwork']],
    ['an array', [], ['libnetwork']],
    ['no field', { name: 'x' }, ['libnetwork']],
    ['a field that is no object', { libnetwork: 'yes' }, ['libnetwork']],
    ['a later version', { libnetwork: { manifest: 2, drivers: [driver] } }, ['libnetwork.manifest']],
    ['no version', { libnetwork: { drivers: [driver] } }, ['libnetwork.manifest']],
    ['no drivers', { libnetwork: { manifest: 1 } }, ['libnetwork.drivers']],
    ['an empty list', { libnetwork: { manifest: 1, drivers: [] } }, ['libnetwork.drivers']],
    ['an unknown key', { libnetwork: { manifest: 1, drivers: [driver], driver } }, ['libnetwork.driver']],
    ['a driver that is text', packageWith('bridge'), ['libnetwork.drivers[0]']],
    ['an unknown kind', packageWith({ ...driver, kind: 'dns' }), ['libnetwork.drivers[0].kind']],
    ['an unknown key of a driver', packageWith({ ...driver, main: 'x' }), ['libnetwork.drivers[0].main']],
    ['a capital in a name', packageWith({ ...driver, name: 'Bridge' }), ['libnetwork.drivers[0].name']],
    ['a name that is too long', packageWith({ ...driver, name: 'a'.repeat(33) }), ['libnetwork.drivers[0].name']],
    ['a name with a newline', packageWith({ ...driver, name: 'bridge\n' }), ['libnetwork.drivers[0].name']],
    ['a wrong alias', packageWith({ ...driver, aliases: ['ok', '..'] }), ['libnetwork.drivers[0].aliases[1]']],
    ['an absolute entry', packageWith({ ...driver, entry: '/bin/x.js' }), ['libnetwork.drivers[0].entry']],
    ['a bare entry', packageWith({ ...driver, entry: 'dist/x.js' }), ['libnetwork.drivers[0].entry']],
    ['an entry that leaves', packageWith({ ...driver, entry: './a/../../x.js' }), ['libnetwork.drivers[0].entry']],
    ['an entry with NUL', packageWith({ ...driver, entry: './x\0.js' }), ['libnetwork.drivers[0].entry']],
    ['an API that is no range', packageWith({ ...driver, api: 'latest' }), ['libnetwork.drivers[0].api']],
    ['an unknown scope', packageWith({ ...driver, scope: 'swarm' }), ['libnetwork.drivers[0].scope']],
    [
      'a capability of another kind',
      packageWith({ ...driver, capabilities: ['ipv6', 'replay'] }),
      ['libnetwork.drivers[0].capabilities[1]'],
    ],
    [
      'an unknown requirement',
      packageWith({ ...driver, requires: { root: true } }),
      ['libnetwork.drivers[0].requires.root'],
    ],
    [
      'options outside the package',
      packageWith({ ...driver, options: '../o.json' }),
      ['libnetwork.drivers[0].options'],
    ],
    ['a name twice', packageWith(driver, { ...driver, aliases: [] }), ['libnetwork.drivers[1]']],
    [
      'an alias that is a name',
      packageWith(driver, { ...driver, name: 'b', aliases: ['bridge'] }),
      ['libnetwork.drivers[1]'],
    ],
    [
      'two mistakes',
      packageWith({ ...driver, kind: 'x', scope: 1 }),
      ['libnetwork.drivers[0].kind', 'libnetwork.drivers[0].scope'],
    ],
  ])('refuses %s', (_title, packageJson, paths) => {
    expect(problemPaths(packageJson)).toEqual(expect.arrayContaining(paths))
  })

  it('allows one name for two kinds', () => {
    expect(
      parseManifest(packageWith(driver, { ...driver, kind: 'ipam', capabilities: [] }), 'p').drivers,
    ).toHaveLength(2)
  })

  it('names the file and says what is understood', () => {
    const error = refusal({ libnetwork: { manifest: 7, drivers: [{ ...driver, kind: 'dns' }] } })
    expect(error.kind).toBe('invalid')
    expect(error.message).toContain('/app/package.json')
    expect(error.message).toContain('understands 1')
    expect(error.message).toContain('"network", "ipam", "sandbox", "store"')
  })

  it('never throws anything else, and accepts nothing that escapes the package', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true })
    const near = fc.record(
      {
        kind: fc.oneof(fc.constantFrom('network', 'ipam'), anything),
        name: fc.oneof(fc.string(), anything),
        entry: fc.oneof(fc.string(), fc.constantFrom('./x.js', './../x', '../x', './a/..'), anything),
        api: fc.oneof(fc.constant('^1.0.0'), anything),
        capabilities: anything,
        requires: anything,
      },
      { requiredKeys: [] },
    )
    const manifest = fc.record({
      manifest: fc.constantFrom<unknown>(1, 2, '1'),
      drivers: fc.oneof(fc.array(near), anything),
    })
    fc.assert(
      fc.property(fc.oneof(fc.record({ libnetwork: fc.oneof(manifest, anything) }), anything), (packageJson) => {
        try {
          for (const { entry, name } of parseManifest(packageJson, 'p').drivers) {
            expect(entry).toMatch(/^\.\//)
            expect(entry.split('/')).not.toContain('..')
            expect(name).toMatch(/^[a-z][a-z0-9-]{0,31}$/)
          }
        } catch (error) {
          expect(isLibnetworkError(error, 'ERR_DRIVER_MANIFEST')).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
