import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindUdp } from '../../src/inside/bind-udp.ts'
import { connect } from '../../src/inside/connect.ts'
import { enterInside } from '../../src/inside/inside-namespace.ts'
import { InsideSockets } from '../../src/inside/inside-sockets.ts'
import { listen } from '../../src/inside/listen.ts'
import { spawn } from '../../src/inside/spawn.ts'
import { localPorts, TestNamespace } from '../fixtures/namespace.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'

let inside: TestNamespace

beforeEach(() => {
  inside = new TestNamespace()
})

afterEach(() => inside.close())

describe('InsideSockets', () => {
  it('closes every socket, so that the kernel has none left', async () => {
    const before = openDescriptors()
    const server = await listen(inside, { port: 0 })
    const accepted = once(server, 'connection')
    const client = await connect(inside, { host: '127.0.0.1', port: (server.address() as AddressInfo).port })
    const [peer] = await accepted
    bindUdp(inside, { port: 0 })
    bindUdp(inside, { port: 0, host: '::' })
    // Neither end reads: an orderly close would wait for this to arrive.
    client.on('error', () => {}).pause()
    peer.on('error', () => {}).pause()
    client.write(Buffer.alloc(10_000_000))
    expect(inside.sockets.size).toBe(5)
    await inside.sockets.closeAll()
    expect(inside.sockets.size).toBe(0)
    expect(openDescriptors()).toBe(before)
    expect(inside.enter(() => localPorts('tcp', 'tcp6', 'udp', 'udp6'))).toEqual([])
  })

  it.each([
    ['has just been ended', ''],
    ['has been ended with more to send than the other side takes', 'x'.repeat(10_000_000)],
  ])('closes a connection that %s', async (_case, rest) => {
    const server = await listen(inside, { port: 0 })
    const accepted = once(server, 'connection')
    const client = await connect(inside, { host: '127.0.0.1', port: (server.address() as AddressInfo).port })
    const [peer] = await accepted
    peer.pause()
    client.end(rest)
    await inside.sockets.closeAll()
    expect(inside.sockets.size).toBe(0)
    expect(inside.enter(() => localPorts('tcp', 'tcp6'))).toEqual([])
  })

  it('refuses everything afterwards, and may be closed again', async () => {
    const { path } = inside
    await inside.sockets.closeAll()
    await inside.sockets.closeAll()
    const refused = expect.objectContaining({ code: 'ERR_CLOSED', kind: 'unavailable' })
    await expect(listen(inside, { port: 0 })).rejects.toThrow(refused)
    await expect(connect(inside, { host: '127.0.0.1', port: 9 })).rejects.toThrow(refused)
    expect(() => bindUdp(inside, { port: 0 })).toThrow(refused)
    expect(() => spawn(inside, 'true')).toThrow(refused)
    expect(spawn({ path, sockets: new InsideSockets(path) }, 'true').pid).toBeGreaterThan(0)
  })

  it('forgets sockets that their users close', async () => {
    const server = await listen(inside, { port: 0 })
    const udp = bindUdp(inside, { port: 0 })
    server.close()
    udp.close()
    await Promise.all([once(server, 'close'), once(udp, 'close')])
    expect(inside.sockets.size).toBe(0)
  })

  it('waits for a server that its user is closing already', async () => {
    const server = await listen(inside, { port: 0 })
    const accepted = once(server, 'connection')
    const client = await connect(inside, { host: '::1', port: (server.address() as AddressInfo).port })
    const [peer] = await accepted
    client.on('error', () => {})
    peer.on('error', () => {})
    server.close()
    await inside.sockets.closeAll()
    expect(inside.sockets.size).toBe(0)
  })
})

describe('enterInside', () => {
  it('refuses a path that leads to another namespace now, or to none', () => {
    const { path } = inside
    const sockets = new InsideSockets(path)
    expect(() => enterInside({ path, identity: '0:0', sockets }, 'enter', () => 0)).toThrow(
      expect.objectContaining({ code: 'ERR_NAMESPACE_GONE', kind: 'not-found' }),
    )
    expect(() => enterInside({ path: '/nonexistent', sockets }, 'enter', () => 0)).toThrow(
      expect.objectContaining({ code: 'ERR_SYSCALL', kind: 'not-found' }),
    )
    expect(enterInside({ path, sockets }, 'enter', () => 7)).toBe(7)
  })
})
