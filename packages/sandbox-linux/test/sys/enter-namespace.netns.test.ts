import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enterNamespace, newNamespace } from '../../src/sys/enter-namespace.ts'
import { close, open } from '../../src/sys/syscalls.ts'
import { ownNamespace, TestNamespace } from '../fixtures/namespace.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'
import { TYPESCRIPT, typescriptWorker } from '../fixtures/typescript-worker.ts'

let outside: string
let inside: TestNamespace

beforeAll(() => {
  outside = ownNamespace()
  inside = new TestNamespace()
})

afterAll(() => inside.close())

/** How a process ended, and what it printed. */
interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
}

/** Runs a fixture as a process of its own. */
function run(fixture: string, flags: readonly string[], argument: string): Promise<Ended> {
  const file = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url))
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...flags, file, argument], (_error, out) =>
      resolve({ code: child.exitCode, signal: child.signalCode, out }),
    )
  })
}

describe('enterNamespace', () => {
  it('runs the callback inside, returns its result, and is back afterwards', () => {
    const seen = enterNamespace(inside.fd, ownNamespace)
    expect(seen).not.toBe(outside)
    expect(ownNamespace()).toBe(outside)
    expect(enterNamespace(inside.fd, ownNamespace)).toBe(seen)
  })

  it('is back after the callback has thrown', () => {
    const error = new Error('of the callback')
    expect(() =>
      enterNamespace(inside.fd, () => {
        throw error
      }),
    ).toThrow(error)
    expect(ownNamespace()).toBe(outside)
  })

  it('refuses a callback that returns a promise, and is back; the promise may fail', async () => {
    const refused = expect.objectContaining({ code: 'ERR_NAMESPACE_CALLBACK_ASYNC', kind: 'internal' })
    expect(() => enterNamespace(inside.fd, () => Promise.reject(new Error('later')))).toThrow(refused)
    expect(() => newNamespace(() => Promise.resolve())).toThrow(refused)
    await new Promise(setImmediate)
    expect(ownNamespace()).toBe(outside)
  })

  it('refuses what is no namespace, without calling', () => {
    let calls = 0
    const callback = (): number => calls++
    const file = open('/proc/self/status', 0)
    expect(() => enterNamespace(9999, callback)).toThrow(
      expect.objectContaining({
        code: 'ERR_SYSCALL',
        details: { syscall: 'setns', errno: 'EBADF', subject: 'fd 9999' },
      }),
    )
    expect(() => enterNamespace(file, callback, 'status')).toThrow(
      expect.objectContaining({ kind: 'invalid', details: { syscall: 'setns', errno: 'EINVAL', subject: 'status' } }),
    )
    close(file)
    expect(calls).toBe(0)
    expect(ownNamespace()).toBe(outside)
  })

  it('takes the calling thread alone', () => {
    const threads = inside.enter(() =>
      readdirSync('/proc/self/task').map((thread) => readlinkSync(`/proc/self/task/${thread}/ns/net`)),
    )
    expect(threads.length).toBeGreaterThan(1)
    expect(threads.filter((namespace) => namespace !== outside)).toHaveLength(1)
  })

  it('goes back step by step when nested', () => {
    const other = new TestNamespace()
    const seen = inside.enter(() => [ownNamespace(), other.enter(ownNamespace), ownNamespace()])
    expect(new Set([outside, ...seen]).size).toBe(3)
    expect(seen[2]).toBe(seen[0])
    close(other.fd)
  })

  it('leaves no descriptor behind', () => {
    const before = openDescriptors()
    for (let round = 0; round < 500; round++) {
      inside.enter(() => round)
      newNamespace((namespace) => namespace)
      expect(() => enterNamespace(9999, () => 0)).toThrow()
    }
    expect(openDescriptors()).toBe(before)
  })

  it('property: whatever is entered and thrown, each level finds itself where it was', () => {
    const other = new TestNamespace()
    const steps = fc.array(
      fc.record({ where: fc.constantFrom('inside', 'other', 'new', 'invalid'), fails: fc.boolean() }),
      { maxLength: 6 },
    )
    const descend = (path: readonly { where: string; fails: boolean }[]): void => {
      const [step, ...rest] = path
      if (step === undefined) return
      const here = ownNamespace()
      const callback = (): void => {
        descend(rest)
        if (step.fails) throw new Error('of the callback')
      }
      try {
        if (step.where === 'new') newNamespace(callback)
        else enterNamespace(step.where === 'inside' ? inside.fd : step.where === 'other' ? other.fd : 9999, callback)
      } catch {
        // What is thrown is the other tests' matter.
      }
      expect(ownNamespace()).toBe(here)
    }
    fc.assert(
      fc.property(steps, (path) => {
        descend(path)
        expect(ownNamespace()).toBe(outside)
      }),
      { numRuns: 200 },
    )
    close(other.fd)
  })
})

describe('newNamespace', () => {
  it('gives a fresh namespace with loopback alone', () => {
    const before = enterNamespace(inside.fd, ownNamespace)
    const [fresh, interfaces] = newNamespace((namespace) => [
      readlinkSync(`/proc/self/fd/${namespace}`),
      readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2, -1),
    ])
    expect([outside, before]).not.toContain(fresh)
    expect(interfaces).toEqual([expect.stringMatching(/^\s*lo:/)])
    expect(ownNamespace()).toBe(outside)
  })
})

describe('threads', () => {
  it('a Worker enters while the main thread stays outside', async () => {
    const worker = typescriptWorker('entering-worker.ts', inside.fd)
    const [seen] = await once(worker, 'message')
    expect(seen).toEqual({ before: outside, inside: inside.enter(ownNamespace), after: outside })
    expect(ownNamespace()).toBe(outside)
    await worker.terminate()
  })

  it('libuv starts its pool outside, even if a Worker that enters is the first to need it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'enter-namespace-'))
    await build({
      entry: [fileURLToPath(new URL('../../src/sys/enter-namespace.ts', import.meta.url))],
      format: 'cjs',
      outDir: folder,
      config: false,
      silent: true,
      noExternal: [/^@libnetwork/],
      // koffi is found from where the compiled file would look, were it in this package.
      esbuildOptions: (options) => {
        options.conditions = ['@libnetwork/source']
        options.define = { 'import.meta.url': JSON.stringify(import.meta.url) }
      },
    })
    const { out } = await run('first-pool-user.cjs', [], join(folder, 'enter-namespace.cjs'))
    rmSync(folder, { recursive: true })
    expect(JSON.parse(out)).toEqual({ pool: outside, main: outside, startedByEntry: true })
  })

  it.each(['main', 'worker'])('a thread that cannot go back ends the process: %s', async (thread) => {
    const { code, signal, out } = await run('cannot-go-back.ts', TYPESCRIPT, thread)
    expect({ code, signal, out }).toEqual({ code: null, signal: 'SIGABRT', out: 'inside\n' })
  })
})
