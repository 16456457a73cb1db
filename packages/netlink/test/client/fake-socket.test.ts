// The client on a socket without a kernel: what a kernel does seldom, and what it never does.
import { describe, expect, it } from 'vitest'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { newLink, openRouteEvents, openRouteSocket, setLink } from '../../src/index.ts'
import { fakeSocket } from '../../src/testing/index.ts'
import { capturedBodies } from '../fixtures/captured.ts'

const NLM_F_DUMP_INTR = 0x10
const RTM_NEWLINK = 16
const [EPERM, EEXIST, EOPNOTSUPP] = [1, 17, 95]

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

const links = capturedBodies('link').map((body) => ({ type: RTM_NEWLINK, body }))

describe('a listing', () => {
  it('is read again while the kernel says that it changed meanwhile', async () => {
    let dumps = 0
    const socket = openRouteSocket({
      socket: fakeSocket(() => {
        dumps++
        return links.map((link) => ({ ...link, flags: dumps < 3 ? NLM_F_DUMP_INTR : 0 }))
      }),
    })
    expect((await socket.links.list()).map(({ name }) => name)).toContain('br0')
    expect(dumps).toBe(3)
  })

  it('that changes each time is an error', async () => {
    const socket = openRouteSocket({
      socket: fakeSocket(() => links.map((link) => ({ ...link, flags: NLM_F_DUMP_INTR }))),
    })
    const error = await failure(socket.links.list())
    expect(isLibnetworkError(error, 'ERR_NETLINK_DUMP_INTERRUPTED') && error.kind).toBe('unavailable')
  })
})

describe('an error of the kernel', () => {
  it.each([
    [EPERM, 'EPERM', 'forbidden'],
    [EEXIST, 'EEXIST', 'exists'],
    [EOPNOTSUPP, 'EOPNOTSUPP', 'unsupported'],
  ])('%i has its name, operation and subject, and the kernel’s own text', async (errno, name, kind) => {
    const socket = openRouteSocket({ socket: fakeSocket(() => [{ errno, extack: 'Because of the weather' }]) })
    const error = await failure(socket.links.add({ name: 'x0', info: { kind: 'dummy' } }))
    if (!isLibnetworkError(error, 'ERR_NETLINK')) throw new Error('another error')
    expect(error.kind).toBe(kind)
    expect(error.details).toMatchObject({ errno: name, operation: 'link add', subject: 'x0' })
    expect(error.message).toMatch(new RegExp(`^link add x0: ${name} \\(.+\\)`))
    expect(error.message).toContain('Because of the weather')
  })

  it('in a batch stands at the place of its request', async () => {
    let count = 0
    const fake = fakeSocket(() => (++count === 2 ? [{ errno: EEXIST }] : []))
    const socket = openRouteSocket({ socket: fake })
    const { errors, firstError } = await socket.batch([
      newLink({ name: 'a', info: { kind: 'dummy' } }),
      newLink({ name: 'b', info: { kind: 'dummy' } }),
      setLink({ name: 'c' }, { up: true }),
    ])
    expect(errors.map((error) => error?.details['errno'])).toEqual([undefined, 'EEXIST', undefined])
    expect(firstError).toBe(errors[1])
    // One datagram, and an acknowledgement for the last alone.
    expect(fake.sent.map(({ flags }) => flags & 4)).toEqual([0, 0, 4])
  })
})

describe('a socket', () => {
  it('that fails ends what is on its way, and goes on', async () => {
    const fake = fakeSocket(() => [])
    const socket = openRouteSocket({ socket: fake })
    const waiting = failure(socket.links.list())
    await Promise.resolve()
    fake.fail(Object.assign(new Error('buffer'), { code: 'ENOBUFS' }))
    expect(isLibnetworkError(await waiting, 'ERR_NETLINK_SOCKET')).toBe(true)
    expect(await socket.links.list()).toEqual([])
  })

  it('that is closed ends what is on its way, and refuses what comes', async () => {
    const fake = fakeSocket(() => [])
    const socket = openRouteSocket({ socket: fake })
    const waiting = failure(socket.links.list())
    await Promise.resolve()
    socket.close()
    socket.close()
    expect(isLibnetworkError(await waiting, 'ERR_CLOSED')).toBe(true)
    expect(isLibnetworkError(await failure(socket.links.list()), 'ERR_CLOSED')).toBe(true)
    expect(fake.closed).toBe(true)
  })

  it('sends nothing when the signal has fired', async () => {
    const fake = fakeSocket()
    const socket = openRouteSocket({ socket: fake })
    const error = await failure(socket.links.list({}, { signal: AbortSignal.abort() }))
    expect(isLibnetworkError(error, 'ERR_ABORTED')).toBe(true)
    expect(fake.sent).toEqual([])
  })

  it('asks one thing after the other', async () => {
    const fake = fakeSocket((request) => (request.type === 18 ? links : []))
    const socket = openRouteSocket({ socket: fake })
    const [one, two, three] = await Promise.all([socket.links.list(), socket.addresses.list(), socket.links.list()])
    expect([one.length, two.length, three.length]).toEqual([links.length, 0, links.length])
  })
})

describe('events', () => {
  it('come in order until they are closed', async () => {
    const fake = fakeSocket()
    const events = openRouteEvents({ groups: ['link'], socket: fake })
    fake.deliver(links)
    const names: string[] = []
    for await (const event of events) {
      if (event.type === 'link.new') names.push(event.link.name)
      if (names.length === links.length) break
    }
    expect(names).toContain('vx0')
    expect(fake.closed).toBe(true)
  })

  it('end with the signal', async () => {
    const stop = new AbortController()
    const fake = fakeSocket()
    const events = openRouteEvents({ groups: ['link', 'ipv4-address'], socket: fake, signal: stop.signal })
    expect(fake.groups.length).toBe(2)
    const reading = (async () => {
      let count = 0
      for await (const _ of events) count++
      return count
    })()
    stop.abort()
    expect(await reading).toBe(0)
    expect(fake.closed).toBe(true)
  })

  it('end for each of several that wait', async () => {
    const events = openRouteEvents({ groups: ['link'], socket: fakeSocket() })
    const read = async (): Promise<number> => {
      let count = 0
      for await (const _ of events) count++
      return count
    }
    const reading = [read(), read(), read()]
    await new Promise((resolve) => setImmediate(resolve))
    events.close()
    expect(await Promise.all(reading)).toEqual([0, 0, 0])
  })

  it('are closed only once, and kept from the opening on', async () => {
    const fake = fakeSocket()
    const events = openRouteEvents({ groups: ['link'], socket: fake })
    fake.deliver(links.slice(0, 2))
    fake.fail(Object.assign(new Error('buffer'), { code: 'ENOBUFS' }))
    await new Promise((resolve) => setImmediate(resolve))
    events.close()
    events.close()
    const types: string[] = []
    for await (const event of events) types.push(event.type)
    expect(types.sort()).toEqual(['link.new', 'link.new', 'lost'])
  })
})
