import { spawn as spawnOutside, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProcesses } from '../../src/inside/processes.ts'
import { spawn } from '../../src/inside/spawn.ts'
import { localPorts, ownNamespace, TestNamespace } from '../fixtures/namespace.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'

let inside: TestNamespace

beforeEach(() => {
  inside = new TestNamespace()
})

afterEach(() => inside.close())

async function outputOf(child: ChildProcess): Promise<string> {
  const [output] = await Promise.all([child.stdout === null ? '' : text(child.stdout), once(child, 'exit')])
  return output
}

describe('spawn', () => {
  it('starts a program that is inside, with the interfaces of the namespace only', async () => {
    const child = spawn(inside, 'cat', ['/proc/self/net/dev'])
    expect(await outputOf(child)).toBe(inside.enter(() => readFileSync('/proc/thread-self/net/dev', 'utf8')))
    expect(child.exitCode).toBe(0)
    const namespace = await outputOf(spawn(inside, 'readlink', ['/proc/self/ns/net']))
    expect(namespace.trim()).toBe(inside.enter(ownNamespace))
  })

  it('leaves this process outside: its thread, its later children and its later sockets', async () => {
    const own = ownNamespace()
    spawn(inside, 'true')
    expect(ownNamespace()).toBe(own)
    expect((await outputOf(spawnOutside('readlink', ['/proc/self/ns/net']))).trim()).toBe(own)
    const server = createServer().listen(0)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(localPorts('tcp', 'tcp6')).toContain(port)
    expect(inside.enter(() => localPorts('tcp', 'tcp6'))).not.toContain(port)
    server.close()
  })

  it("takes Node's own options and leaves their defaults alone", async () => {
    const child = spawn(inside, 'sh', ['-c', 'echo "$PWD $GREETING"; cat; exit 7'], {
      cwd: '/usr',
      env: { ...process.env, GREETING: 'hello' },
    })
    child.stdin?.end('through stdin')
    expect(await outputOf(child)).toBe('/usr hello\nthrough stdin')
    expect(child.exitCode).toBe(7)
    const controller = new AbortController()
    const sleeper = spawn(inside, 'sleep', ['100'], { signal: controller.signal })
    const failed = once(sleeper, 'error')
    controller.abort()
    const [error] = await failed
    expect(error.name).toBe('AbortError')
  })

  it('reports a program that cannot be started by the error event, as Node does', async () => {
    const [error] = await once(spawn(inside, '/nonexistent'), 'error')
    expect(error).toMatchObject({ code: 'ENOENT', path: '/nonexistent' })
  })

  it('throws when the kernel refuses to start it, and is back', () => {
    const own = ownNamespace()
    expect(() => spawn(inside, 'true', ['x'.repeat(200_000)])).toThrow(
      expect.objectContaining({
        code: 'ERR_SYSCALL',
        details: { syscall: 'spawn', errno: 'E2BIG', subject: 'true' },
        cause: expect.objectContaining({ code: 'E2BIG' }),
      }),
    )
    expect(ownNamespace()).toBe(own)
  })

  it.each([
    ['', [], {}, ['command']],
    ['a\0b', [], {}, ['command']],
    [7, 'x', [], ['command', 'args', 'options']],
    ['true', [7], {}, ['args']],
    ['true', ['a\0b'], {}, ['args']],
    ['true', [], null, ['options']],
  ])('refuses %j %j %j', (command, args, options, paths) => {
    expect(() => spawn(inside, command as never, args as never, options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        details: { problems: paths.map((path) => expect.objectContaining({ path })) },
      }),
    )
  })

  it('refuses options that Node refuses', () => {
    expect(() => spawn(inside, 'true', [], { cwd: 7 as never })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        cause: expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
      }),
    )
  })

  it('leaves no descriptor behind', async () => {
    await once(spawn(inside, 'true'), 'close')
    const before = openDescriptors()
    for (let round = 0; round < 20; round++) await once(spawn(inside, 'true'), 'close')
    expect(openDescriptors()).toBe(before)
  })
})

describe('findProcesses', () => {
  it('finds who lives in the namespace, with the command', async () => {
    expect(findProcesses(inside.identity)).toEqual([])
    const sleeper = spawn(inside, 'sleep', ['100'])
    await once(sleeper, 'spawn')
    expect(findProcesses(inside.identity)).toEqual([{ pid: sleeper.pid, command: 'sleep 100' }])
    sleeper.kill()
    await once(sleeper, 'exit')
    expect(findProcesses(inside.identity)).toEqual([])
  })

  it('finds this process in its own namespace', () => {
    const { dev, ino } = statSync('/proc/thread-self/ns/net')
    expect(findProcesses(`${dev}:${ino}`).map(({ pid }) => pid)).toContain(process.pid)
  })
})
