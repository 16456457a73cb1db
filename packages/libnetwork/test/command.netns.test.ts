import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function libnetwork(...args: string[]): Answer {
  const result = spawnSync(process.execPath, [...process.execArgv, CLI, ...args], {
    encoding: 'utf8',
    timeout: 25_000,
  })
  return { code: result.status, stdout: result.stdout, stderr: result.stderr }
}

describe('libnetwork demo', () => {
  it('shows who reaches whom, and that nothing is left', () => {
    const { code, stdout, stderr } = libnetwork('demo')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const text of ['network front', 'network back', 'does not reach', 'hello from app', 'Nothing is left']) {
      expect(stdout).toContain(text)
    }
  })

  it('prints JSON', () => {
    const { code, stdout } = libnetwork('demo', '--json')
    const report = JSON.parse(stdout) as {
      readonly reachability: readonly { readonly reached: boolean; readonly expected: boolean }[]
      readonly leftOver: readonly string[]
      readonly asExpected: boolean
    }
    expect(code).toBe(0)
    expect(report.asExpected).toBe(true)
    expect(report.leftOver).toEqual([])
    expect(report.reachability.some(({ reached }) => reached)).toBe(true)
    expect(report.reachability.some(({ reached }) => !reached)).toBe(true)
    expect(report.reachability.every(({ reached, expected }) => reached === expected)).toBe(true)
  })
})

describe('libnetwork drivers', () => {
  it('lists the built-in drivers, as text and as JSON', () => {
    const { code, stdout } = libnetwork('drivers')
    expect(code).toBe(0)
    for (const name of ['bridge, simplebridge', 'host', 'null, none', 'default', 'linux'])
      expect(stdout).toContain(name)
    const rows = JSON.parse(libnetwork('drivers', '--json').stdout) as readonly {
      readonly kind: string
      readonly state: string
    }[]
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['ipam', 'network', 'network', 'network', 'sandbox'])
    expect(rows.every(({ state }) => state === 'ready')).toBe(true)
  })

  it('shows a third-party driver of an application, and why it may not run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'application-'))
    const manifest = {
      manifest: 1,
      drivers: [{ kind: 'network', name: 'mesh', entry: './x.js', api: '^0.1.0', scope: 'local' }],
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { mesh: '1' } }))
    mkdirSync(join(folder, 'node_modules/mesh'), { recursive: true })
    writeFileSync(
      join(folder, 'node_modules/mesh/package.json'),
      JSON.stringify({ name: 'mesh', version: '1.0.0', libnetwork: manifest }),
    )
    writeFileSync(join(folder, 'node_modules/mesh/x.js'), '')
    const { code, stdout } = libnetwork('drivers', '--from', folder)
    rmSync(folder, { recursive: true })
    expect(code).toBe(0)
    expect(stdout).toMatch(/mesh\s+mesh\s+1\.0\.0\s+\^0\.1\.0\s+not-allowed/)
  })
})

describe('libnetwork plan', () => {
  it('prints commands, as text and as JSON', () => {
    const { code, stdout } = libnetwork(
      'plan',
      'blue',
      'web',
      '--subnet',
      '10.7.0.0/24',
      '--address',
      '10.7.0.9',
      '-o',
      'mtu=1400',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('type bridge')
    expect(stdout).toContain('mtu 1400')
    expect(stdout).toContain('10.7.0.9/24')
    const json = JSON.parse(libnetwork('plan', 'blue', '--json').stdout) as {
      readonly commands: string[]
      readonly steps: unknown[]
    }
    expect(json.commands.length).toBeGreaterThan(2)
    expect(json.steps.length).toBeGreaterThan(2)
  })

  it('needs no rights', () => {
    // Without any capability, in this namespace.
    const dropped = spawnSync(
      'setpriv',
      [
        '--bounding-set=-all',
        '--inh-caps=-all',
        '--',
        process.execPath,
        ...process.execArgv,
        CLI,
        'plan',
        'blue',
        'web',
      ],
      { encoding: 'utf8' },
    )
    expect({ code: dropped.status, stderr: dropped.stderr }).toEqual({ code: 0, stderr: '' })
    expect(dropped.stdout).toContain('type bridge')
  })
})

describe('failures', () => {
  it.each([
    [['plan', 'a b'], 64, 'ERR_INVALID_ARGUMENT'],
    [['plan', 'blue', '--subnet', '10.0.0.1/24'], 64, 'ERR_INVALID_ARGUMENT'],
    [['plan', 'blue', '-o', 'colour=blue'], 64, 'ERR_INVALID_ARGUMENT'],
    [['plan', 'blue', '-o', 'nonsense'], 64, 'ERR_INVALID_ARGUMENT'],
    [['plan', 'blue', '-d', 'nobody'], 1, 'ERR_DRIVER_NOT_FOUND'],
    [['drivers', '--from', '/nowhere/at/all'], 64, 'ERR_HOST_APPLICATION'],
  ] as const)('%j exits with %i and says %s', (args, code, name) => {
    const text = libnetwork(...args)
    expect(text.code).toBe(code)
    expect(text.stdout).toBe('')
    expect(text.stderr).toContain(name)
    expect(text.stderr).not.toContain('    at ')
    const json = libnetwork(...args, '--json')
    expect(json.code).toBe(code)
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: name } })
  })

  it('an unknown command is refused', () => {
    expect(libnetwork('dance').code).not.toBe(0)
    expect(libnetwork('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(libnetwork('--help').stdout).toContain('plan')
  })
})
