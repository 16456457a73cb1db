import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createConnection } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/inside/connect.ts'
import { listen } from '../../src/inside/listen.ts'
import { O_RDONLY } from '../../src/sys/constants.ts'
import { close, open } from '../../src/sys/syscalls.ts'
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

async function echoServer(options: Parameters<typeof listen>[1]): Promise<Server> {
  const server = await listen(inside, options)
  return server.on('connection', (socket) => socket.on('error', () => {}).pipe(socket))
}

async function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question)
  const [answer] = await once(socket, 'data')
  return String(answer)
}

function syscallFailure(syscall: string, errno: string, kind: string): unknown {
  return expect.objectContaining({ code: 'ERR_SYSCALL', kind, details: expect.objectContaining({ syscall, errno }) })
}

describe('listen', () => {
  it('gives a server that is inside, and only there', async () => {
    const own = ownNamespace()
    const server = await echoServer({ port: 0 })
    const port = portOf(server)
    expect(server.address()).toEqual({ address: '::', family: 'IPv6', port: expect.any(Number) })
    expect(inside.enter(() => localPorts('tcp6'))).toContain(port)
    expect(localPorts('tcp', 'tcp6')).not.toContain(port)
    expect(ownNamespace()).toBe(own)
  })

  it.skipIf(spawnSync('ss', ['-V']).error !== undefined)(
    'is not shown by the ss of the host (witness: ss)',
    async () => {
      const server = await echoServer({ port: 0 })
      const listening = (): string => execFileSync('ss', ['-ltnH'], { encoding: 'utf8' })
      expect(listening()).not.toContain(`:${portOf(server)}`)
      expect(inside.enter(listening)).toContain(`:${portOf(server)}`)
    },
  )

  it('serves IPv4 and IPv6 by default, to connections from inside', async () => {
    const server = await echoServer({ port: 0 })
    for (const host of ['127.0.0.1', '::1']) {
      const socket = await connect(inside, { host, port: portOf(server) })
      expect(await ask(socket, `hello ${host}`)).toBe(`hello ${host}`)
    }
    expect(inside.sockets.size).toBe(5) // the server, two connections, and their two ends here
  })

  it('is not reached from the host', async () => {
    const server = await echoServer({ port: 0 })
    const stranger = createConnection({ host: '127.0.0.1', port: portOf(server) })
    const [error] = await once(stranger, 'error')
    expect(['ECONNREFUSED', 'ENETUNREACH']).toContain(error.code)
  })

  it.each(['127.0.0.1', '::1', '0.0.0.0'])('listens on %s', async (host) => {
    const server = await echoServer({ port: 0, host })
    expect(server.address()).toMatchObject({ address: host })
    const socket = await connect(inside, { host: host === '0.0.0.0' ? '127.0.0.1' : host, port: portOf(server) })
    expect(await ask(socket, 'hello')).toBe('hello')
  })

  it('takes both families on :: whatever the sysctl bindv6only says', async () => {
    inside.enter(() => writeFileSync('/proc/sys/net/ipv6/bindv6only', '1'))
    const server = await echoServer({ port: 0, host: '::' })
    const socket = await connect(inside, { host: '127.0.0.1', port: portOf(server) })
    expect(await ask(socket, 'hello')).toBe('hello')
  })

  it('serves IPv4 where IPv6 is off', async () => {
    inside.enter(() => writeFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1'))
    const server = await echoServer({ port: 0 })
    const socket = await connect(inside, { host: '127.0.0.1', port: portOf(server) })
    expect(await ask(socket, 'hello')).toBe('hello')
  })

  it('hands the backlog to the kernel and the server options to Node', async () => {
    const server = await listen(inside, {
      port: 0,
      backlog: 7,
      server: { pauseOnConnect: true, allowHalfOpen: true },
    })
    expect(server).toMatchObject({ pauseOnConnect: true, allowHalfOpen: true })
    if (spawnSync('ss', ['-V']).error === undefined) {
      // ss shows a listener's backlog as its Send-Q.
      const line = inside.enter(() => execFileSync('ss', ['-ltnH'], { encoding: 'utf8' }))
      expect(line.trim().split(/\s+/)[2]).toBe('7')
    }
  })

  it('refuses a port in use, which another namespace may use at the same time', async () => {
    const port = portOf(await listen(inside, { port: 0 }))
    await expect(listen(inside, { port })).rejects.toThrow(syscallFailure('bind', 'EADDRINUSE', 'conflict'))
    const other = new TestNamespace()
    expect(portOf(await listen(other, { port }))).toBe(port)
    await other.close()
  })

  it('takes a port again whose connections are still in TIME-WAIT', async () => {
    const server = await listen(inside, { port: 0, host: '127.0.0.1' })
    const port = portOf(server)
    server.on('connection', (accepted) => accepted.end())
    const socket = await connect(inside, { host: '127.0.0.1', port })
    await once(socket.resume(), 'close')
    server.close()
    await once(server, 'close')
    expect(inside.enter(() => localPorts('tcp'))).toContain(port) // that of the connection
    expect(portOf(await listen(inside, { port, host: '127.0.0.1' }))).toBe(port)
  })

  it('refuses an address that is not there', async () => {
    const failure = syscallFailure('bind', 'EADDRNOTAVAIL', 'invalid')
    await expect(listen(inside, { port: 80, host: '10.9.9.9' })).rejects.toThrow(failure)
    await expect(listen(inside, { port: 80, host: 'fd00::1' })).rejects.toThrow(failure)
  })

  it('binds to an interface by the zone of the address', async () => {
    await expect(listen(inside, { port: 80, host: 'fe80::1%eth9' })).rejects.toThrow(
      syscallFailure('setsockopt', 'ENODEV', 'not-found'),
    )
    expect((await listen(inside, { port: 0, host: '::1%lo' })).address()).toMatchObject({ address: '::1' })
  })

  it.each([
    [{ port: -1 }, ['port']],
    [{ port: 65_536 }, ['port']],
    [{ port: 1.5 }, ['port']],
    [{ port: '80' }, ['port']],
    [{}, ['port']],
    [{ port: 0, host: 'localhost' }, ['host']],
    [{ port: 0, host: '' }, ['host']],
    [{ port: 0, host: '10.0.0.1/24' }, ['host']],
    [{ port: 0, host: '127.0.0.1%lo' }, ['host']],
    [{ port: 0, host: 'fe80::1%' }, ['host']],
    [{ port: 0, host: 'fe80::1%a/b' }, ['host']],
    [{ port: 0, host: `fe80::1%${'x'.repeat(16)}` }, ['host']],
    [{ port: 0, backlog: 0 }, ['backlog']],
    [{ port: 0, server: [] }, ['server']],
    [{ port: 0, path: '/tmp/socket' }, ['path']],
    [{ port: NaN, host: 7, backlog: '9' }, ['port', 'host', 'backlog']],
    [null, ['options']],
    ['80', ['options']],
  ])('refuses %j', async (options, paths) => {
    const before = openDescriptors()
    const refused = listen(inside, options as never)
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      details: { problems: paths.map((path) => expect.objectContaining({ path })) },
    })
    expect(openDescriptors()).toBe(before)
  })

  it('refuses server options that Node refuses', async () => {
    await expect(listen(inside, { port: 0, server: { highWaterMark: 'much' as never } })).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    )
  })

  it('closes its descriptor once: a file that gets the number afterwards stays open', async () => {
    const server = await listen(inside, { port: 0 })
    const number = readdirSync('/proc/self/fd').find((fd) => isListener(fd))
    server.close()
    const guards = [open('/proc/self/status', O_RDONLY)]
    while (!guards.includes(Number(number)) && guards.length < 64) guards.push(open('/proc/self/status', O_RDONLY))
    expect(guards).toContain(Number(number))
    await once(server, 'close')
    await setImmediate()
    expect(readlinkSync(`/proc/self/fd/${number}`)).toBe(`/proc/${process.pid}/status`)
    guards.forEach(close)
  })

  it('leaves no descriptor behind', async () => {
    const cycle = async (): Promise<void> => {
      const server = await listen(inside, { port: 0 })
      server.close()
      await once(server, 'close')
      await expect(listen(inside, { port: 80, host: '10.9.9.9' })).rejects.toThrow()
    }
    await cycle()
    const before = openDescriptors()
    for (let round = 0; round < 200; round++) await cycle()
    expect(openDescriptors()).toBe(before)
    expect(inside.sockets.size).toBe(0)
  })
})

/** Whether a descriptor of this process is an IPv6 TCP socket of the namespace. */
function isListener(fd: string): boolean {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]
    return (
      inode !== undefined &&
      inside.enter(() => readFileSync('/proc/thread-self/net/tcp6', 'utf8')).includes(` ${inode} `)
    )
  } catch {
    return false // The descriptor of the listing.
  }
}
