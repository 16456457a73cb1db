import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindUdp } from '../../src/inside/bind-udp.ts'
import { localPorts, ownNamespace, TestNamespace } from '../fixtures/namespace.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'

let inside: TestNamespace

beforeEach(() => {
  inside = new TestNamespace()
})

afterEach(() => inside.close())

async function receive(socket: Socket): Promise<{ text: string; from: string; port: number }> {
  const [message, { address, port }] = await once(socket, 'message')
  return { text: String(message), from: address, port }
}

describe('bindUdp', () => {
  it('gives a socket that is inside, and only there', () => {
    const own = ownNamespace()
    const socket = bindUdp(inside, { port: 0 })
    const { address, family, port } = socket.address()
    expect({ address, family }).toEqual({ address: '0.0.0.0', family: 'IPv4' })
    expect(inside.enter(() => localPorts('udp'))).toContain(port)
    expect(localPorts('udp', 'udp6')).not.toContain(port)
    expect(ownNamespace()).toBe(own)
  })

  it.each(['127.0.0.1', '::1'])('sends and receives on %s', async (host) => {
    const [one, other] = [bindUdp(inside, { port: 0, host }), bindUdp(inside, { port: 0, host })]
    one.send('question', other.address().port, host)
    expect(await receive(other)).toEqual({ text: 'question', from: host, port: one.address().port })
    other.send('answer', one.address().port, host)
    expect(await receive(one)).toEqual({ text: 'answer', from: host, port: other.address().port })
  })

  it('takes both families on ::', async () => {
    const socket = bindUdp(inside, { port: 0, host: '::' })
    expect(socket.address()).toMatchObject({ address: '::', family: 'IPv6' })
    const ipv4 = bindUdp(inside, { port: 0 })
    ipv4.send('question', socket.address().port, '127.0.0.1')
    const { from, port } = await receive(socket)
    expect({ from, port }).toEqual({ from: '::ffff:127.0.0.1', port: ipv4.address().port })
    socket.send('answer', port, from)
    expect(await receive(ipv4)).toMatchObject({ text: 'answer', from: '127.0.0.1' })
  })

  it('receives nothing from the host, but does from inside', async () => {
    const socket = bindUdp(inside, { port: 0 })
    const stranger = createSocket('udp4')
    stranger.on('error', () => {})
    stranger.send('from the host', socket.address().port, '127.0.0.1', () => stranger.close())
    await once(stranger, 'close')
    bindUdp(inside, { port: 0 }).send('from inside', socket.address().port, '127.0.0.1')
    expect(await receive(socket)).toMatchObject({ text: 'from inside' })
  })

  it('refuses a port in use and an address that is not there', () => {
    const { port } = bindUdp(inside, { port: 0 }).address()
    expect(() => bindUdp(inside, { port })).toThrow(
      expect.objectContaining({
        code: 'ERR_SYSCALL',
        kind: 'conflict',
        details: expect.objectContaining({ errno: 'EADDRINUSE' }),
      }),
    )
    expect(() => bindUdp(inside, { port: 0, host: '10.9.9.9' })).toThrow(
      expect.objectContaining({ kind: 'invalid', details: expect.objectContaining({ errno: 'EADDRNOTAVAIL' }) }),
    )
  })

  it.each([
    [{}, ['port']],
    [{ port: 65_536, host: 'localhost' }, ['port', 'host']],
    [{ port: 53, type: 'udp4' }, ['type']],
    [undefined, ['options']],
  ])('refuses %j', (options, paths) => {
    expect(() => bindUdp(inside, options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        details: { problems: paths.map((path) => expect.objectContaining({ path })) },
      }),
    )
  })

  it('leaves no descriptor behind', async () => {
    const cycle = async (): Promise<void> => {
      const socket = bindUdp(inside, { port: 0 })
      socket.close()
      await once(socket, 'close')
      expect(() => bindUdp(inside, { port: 80, host: '10.9.9.9' })).toThrow()
    }
    await cycle()
    const before = openDescriptors()
    for (let round = 0; round < 200; round++) await cycle()
    expect(openDescriptors()).toBe(before)
    expect(inside.sockets.size).toBe(0)
  })
})
