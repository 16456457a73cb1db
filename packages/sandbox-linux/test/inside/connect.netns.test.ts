import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/inside/connect.ts'
import { listen } from '../../src/inside/listen.ts'
import { spawn } from '../../src/inside/spawn.ts'
import { localPorts, ownNamespace, TestNamespace } from '../fixtures/namespace.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'

let inside: TestNamespace

beforeEach(() => {
  inside = new TestNamespace()
})

afterEach(() => inside.close())

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function syscallFailure(errno: string, kind: string): unknown {
  return expect.objectContaining({
    code: 'ERR_SYSCALL',
    kind,
    details: expect.objectContaining({ syscall: 'connect', errno }),
    cause: expect.objectContaining({ code: errno }),
  })
}

/** A route into nowhere: a neighbour that never answers, so that a connection attempt stays pending. */
async function addSilentNeighbour(): Promise<string> {
  const script =
    'ip link add quiet0 type veth peer name quiet1 && ip link set quiet1 up && ip link set quiet0 up && ' +
    'ip addr add 192.0.2.1/24 dev quiet0 && ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:99 dev quiet0'
  const [code] = await once(spawn(inside, 'sh', ['-c', script], { stdio: 'inherit' }), 'exit')
  expect(code).toBe(0)
  return '192.0.2.2'
}

describe('connect', () => {
  it.each(['127.0.0.1', '::1'])('gives a connection that starts inside: %s', async (host) => {
    const own = ownNamespace()
    const server = await listen(inside, { port: 0, host })
    server.on('connection', (accepted) => accepted.pipe(accepted))
    const socket = await connect(inside, { host, port: portOf(server) })
    expect(socket).toMatchObject({
      remoteAddress: host,
      remotePort: portOf(server),
      localAddress: host,
      connecting: false,
    })
    expect(inside.enter(() => localPorts('tcp', 'tcp6'))).toContain(socket.localPort)
    expect(localPorts('tcp', 'tcp6')).not.toContain(socket.localPort)
    const question = 'x'.repeat(1_000_000)
    let answer = ''
    socket.on('data', (data) => (answer += String(data)))
    socket.end(question)
    await once(socket, 'close')
    expect(answer).toBe(question)
    expect(ownNamespace()).toBe(own)
  })

  it('does not reach servers of the host', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = portOf(server)
    await expect(connect(inside, { host: '127.0.0.1', port })).rejects.toThrow(
      syscallFailure('ECONNREFUSED', 'unavailable'),
    )
    server.close()
  })

  it.each([
    ['127.0.0.1', 'ECONNREFUSED', 'unavailable'],
    ['192.0.2.1', 'ENETUNREACH', 'unavailable'],
    ['fe80::1', 'EINVAL', 'invalid'],
    ['fe80::1%lo', 'ENETUNREACH', 'unavailable'],
  ])('says why %s cannot be reached: %s', async (host, errno, kind) => {
    await expect(connect(inside, { host, port: 9 })).rejects.toThrow(syscallFailure(errno, kind))
    expect(inside.sockets.size).toBe(0)
  })

  it('gives up when the signal fires, before or during the attempt', async () => {
    const reason = new Error('enough')
    const aborted = expect.objectContaining({ code: 'ERR_ABORTED', kind: 'aborted', cause: reason })
    await expect(connect(inside, { host: '127.0.0.1', port: 9, signal: AbortSignal.abort(reason) })).rejects.toThrow(
      aborted,
    )
    const host = await addSilentNeighbour()
    const before = openDescriptors()
    const controller = new AbortController()
    const attempt = connect(inside, { host, port: 9, signal: controller.signal })
    setTimeout(() => controller.abort(reason), 20)
    await expect(attempt).rejects.toThrow(aborted)
    expect(openDescriptors()).toBe(before)
  })

  it('leaves the connection alone when the signal fires later', async () => {
    const server = await listen(inside, { port: 0 })
    const controller = new AbortController()
    const socket = await connect(inside, { host: '::1', port: portOf(server), signal: controller.signal })
    controller.abort()
    expect(socket.destroyed).toBe(false)
  })

  it('ends when the sandbox is destroyed meanwhile', async () => {
    const host = await addSilentNeighbour()
    const attempt = connect(inside, { host, port: 9 })
    setTimeout(() => void inside.sockets.closeAll(), 20)
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  it.each([
    [{ host: '127.0.0.1', port: 0 }, ['port']],
    [{ host: 'localhost', port: 80 }, ['host']],
    [{ port: 80 }, ['host']],
    [{ host: '127.0.0.1', port: 80, signal: {} }, ['signal']],
    [{ host: '127.0.0.1', port: 80, localAddress: '127.0.0.1' }, ['localAddress']],
  ])('refuses %j', async (options, paths) => {
    await expect(connect(inside, options as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      details: { problems: paths.map((path) => expect.objectContaining({ path })) },
    })
  })

  it('leaves no descriptor behind, whether it succeeds or not', async () => {
    const server = await listen(inside, { port: 0 })
    server.on('connection', (accepted) => accepted.resume().on('end', () => accepted.end()))
    const cycle = async (): Promise<void> => {
      const socket = await connect(inside, { host: '127.0.0.1', port: portOf(server) })
      await once(socket.resume().end(), 'close')
      await expect(connect(inside, { host: '127.0.0.1', port: 9 })).rejects.toThrow()
    }
    const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
    await cycle()
    await settled()
    const before = openDescriptors()
    for (let round = 0; round < 200; round++) await cycle()
    await settled()
    expect(openDescriptors()).toBe(before)
    expect(inside.sockets.size).toBe(1)
  })
})
