import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  deleteLink,
  loadKernelSockets,
  newAddress,
  newLink,
  openRouteEvents,
  openRouteSocket,
  setLink,
  type RouteSocket,
} from '../../src/index.ts'
import { describeWith, ip, itWith, witness } from '../../../../testing/witness.ts'

let socket: RouteSocket

beforeEach(() => {
  socket = openRouteSocket()
})

afterEach(async () => {
  for (const link of await socket.links.list()) {
    // Deleting one end of a pair deletes the other.
    if (link.name !== 'lo') await socket.links.delete({ name: link.name }).catch(() => undefined)
  }
  socket.close()
})

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}

async function addVeth(name: string): Promise<void> {
  await socket.links.add({ name, info: { kind: 'veth', peer: { name: `${name}p` } } })
}

describeWith('ip', 'what is made', () => {
  it('is what `ip` sees, and what is read is what `ip` says', async () => {
    await socket.links.add({
      name: 'br0',
      address: '02:42:00:00:00:01',
      group: 77,
      info: { kind: 'bridge', data: { forwardDelay: 0 } },
    })
    await socket.links.set({ name: 'br0' }, { alias: 'mine', up: true, mtu: 1400 })
    const { index } = await socket.links.get({ name: 'br0' })
    await socket.links.add({
      name: 'v0',
      master: index,
      info: { kind: 'veth', peer: { name: 'v1', address: '02:42:00:00:00:02' } },
    })
    await socket.links.set({ name: 'v0' }, { up: true, port: { isolated: true, hairpin: true } })
    await socket.links.set({ name: 'v1' }, { up: true })
    await socket.addresses.add({ index, address: '10.0.0.1/24' })
    await socket.addresses.add({ index, address: 'fd00::1/64', flags: 2 })
    await socket.routes.add({
      destination: '10.5.0.0/16',
      gateway: '10.0.0.5',
      index,
      metric: 9,
      metrics: { mtu: 1300 },
    })
    await socket.routes.add({
      destination: '10.6.0.0/16',
      nextHops: [
        { gateway: '10.0.0.5', index, weight: 3 },
        { gateway: '10.0.0.6', index, weight: 1 },
      ],
    })
    await socket.neighbours.add({ index, address: '10.0.0.7', mac: '02:42:00:00:00:07' })
    await socket.rules.add({ family: 'ipv4', from: '10.0.0.0/8', table: 300, priority: 77 })

    expect(ip('link', 'show dev br0')).toMatchObject([
      {
        address: '02:42:00:00:00:01',
        group: '77',
        ifalias: 'mine',
        mtu: 1400,
        linkinfo: { info_kind: 'bridge', info_data: { forward_delay: 0 } },
      },
    ])
    expect(ip('link', 'show dev v0')).toMatchObject([
      { master: 'br0', linkinfo: { info_slave_kind: 'bridge', info_slave_data: { isolated: true, hairpin: true } } },
    ])
    expect(ip('link', 'show dev v1')).toMatchObject([{ address: '02:42:00:00:00:02' }])
    const shown = ip('address', 'show dev br0')[0]?.addr_info?.map(({ local, prefixlen }) => `${local}/${prefixlen}`)
    expect(shown).toEqual(expect.arrayContaining(['10.0.0.1/24', 'fd00::1/64']))
    expect(ip('route')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ dst: '10.5.0.0/16', gateway: '10.0.0.5', metric: 9, protocol: 'static' }),
      ]),
    )
    expect(witness('ip')?.(['route', 'show', '10.6.0.0/16'])).toMatch(
      /nexthop via 10\.0\.0\.5 .*weight 3[\s\S]*nexthop via 10\.0\.0\.6 .*weight 1/,
    )
    expect(ip('neighbour', 'show dev br0')).toMatchObject([
      { dst: '10.0.0.7', lladdr: '02:42:00:00:00:07', state: ['PERMANENT'] },
    ])
    expect(witness('ip')?.(['rule', 'show', 'priority', '77'])).toContain('from 10.0.0.0/8 lookup 300')

    const routes = await socket.routes.list({ family: 'ipv4', table: 254 })
    expect(routes.map(({ destination }) => destination).sort()).toEqual(['10.0.0.0/24', '10.5.0.0/16', '10.6.0.0/16'])
    expect((await socket.links.list({ master: index })).map(({ name }) => name)).toEqual(['v0'])
    expect((await socket.links.list({ kind: 'bridge' })).map(({ name }) => name)).toEqual(['br0'])
    const statistics = await socket.links.statistics({ name: 'v1' })
    expect(Number(statistics.txPackets)).toBeGreaterThanOrEqual(0)

    await socket.rules.delete({ family: 'ipv4', from: '10.0.0.0/8', table: 300, priority: 77 })
    await socket.neighbours.delete({ index, address: '10.0.0.7', mac: '02:42:00:00:00:07' })
    await socket.routes.delete({ destination: '10.5.0.0/16', gateway: '10.0.0.5', index, metric: 9 })
    await socket.addresses.delete({ index, address: '10.0.0.1/24' })
    expect(ip('route', 'show')).toEqual([])
  })

  it.each(['bridge', 'private', 'vepa', 'passthru'] as const)('a macvlan of mode %s', async (mode) => {
    await addVeth('v0')
    const { index } = await socket.links.get({ name: 'v0' })
    await socket.links.add({ name: 'mv0', link: index, info: { kind: 'macvlan', data: { mode } } })
    expect(ip('link', 'show dev mv0')[0]?.linkinfo).toMatchObject({ info_kind: 'macvlan', info_data: { mode } })
  })

  it('a VXLAN device with forwarding entries', async () => {
    await socket.links.add({
      name: 'vx0',
      info: { kind: 'vxlan', data: { id: 42, local: '127.0.0.1', port: 4789, learning: false } },
    })
    const { index } = await socket.links.get({ name: 'vx0' })
    await socket.neighbours.add({ index, mac: '00:00:00:00:00:00', address: '127.0.0.9', fdb: 'self' })
    const entries = await socket.neighbours.list({ fdb: true, index })
    expect(entries).toMatchObject([{ mac: '00:00:00:00:00:00', address: '127.0.0.9' }])
    expect(ip('link', 'show dev vx0')[0]?.linkinfo?.info_data).toMatchObject({ id: 42, port: 4789, learning: false })
  })
})

describeWith('ip', 'a batch', () => {
  it('leaves a stranger with the name and the index of its own link unchanged', async () => {
    await addVeth('mine')
    const stranger = await socket.links.get({ name: 'mine' })
    const before = [ip('link', 'show'), ip('address', 'show')]
    const { errors } = await socket.batch([
      newLink({ name: 'mine', index: stranger.index, info: { kind: 'bridge' } }),
      newLink({ name: 'mine', info: { kind: 'veth', peer: { name: 'other' } } }),
      newLink({ name: 'other', index: stranger.index, info: { kind: 'bridge' } }),
    ])
    expect(errors.map((error) => error?.kind)).toEqual(['exists', 'exists', expect.stringMatching(/exists|conflict/)])
    expect([ip('link', 'show'), ip('address', 'show')]).toEqual(before)
  })

  it('goes on after a refusal, and says what became of each', async () => {
    const { errors, firstError } = await socket.batch([
      newLink({ name: 'a0', info: { kind: 'bridge' } }),
      newLink({ name: 'a0', info: { kind: 'bridge' } }),
      deleteLink({ name: 'nobody' }),
      setLink({ name: 'a0' }, { up: true }),
    ])
    expect(errors.map((error) => error?.details['errno'])).toEqual([undefined, 'EEXIST', 'ENODEV', undefined])
    expect(firstError).toBe(errors[1])
    expect(ip('link', 'show dev a0')[0]?.flags).toContain('UP')
  })

  it('may have 2,000 messages', async () => {
    await socket.links.add({ name: 'br0', info: { kind: 'bridge' } })
    const { index } = await socket.links.get({ name: 'br0' })
    const addresses = Array.from({ length: 2_000 }, (_, number) => `10.1.${number >> 8}.${number & 255}/32`)
    const { errors, firstError } = await socket.batch(addresses.map((address) => newAddress({ index, address })))
    expect(firstError).toBeUndefined()
    expect(errors.length).toBe(2_000)
    expect((await socket.addresses.list({ index })).map(({ address }) => address).sort()).toEqual(
      [...addresses].sort(),
    )
    const again = await socket.batch(addresses.map((address) => newAddress({ index, address })))
    expect(again.errors.every((error) => error?.kind === 'exists')).toBe(true)
  })
})

describe('an error of the kernel', () => {
  it("has the errno's name, the operation, the subject and the kernel's own text", async () => {
    const error = await failure(
      socket.links.add({ name: 'mv0', info: { kind: 'macvlan', data: { mode: 'bridge' } } }),
    )
    if (!isLibnetworkError(error, 'ERR_NETLINK')) throw new Error('another error')
    expect(error.details).toMatchObject({ operation: 'link add', subject: 'mv0' })
    expect(error.message).toMatch(/^link add mv0: E[A-Z]+ \(.+\)/)
    const route = await failure(socket.routes.add({ destination: '10.9.0.0/16', gateway: '10.9.9.9' }))
    if (!isLibnetworkError(route, 'ERR_NETLINK')) throw new Error('another error')
    expect(route.details).toMatchObject({ errno: 'ENETUNREACH', extack: 'Nexthop has invalid gateway' })
    expect(route.message).toContain('Nexthop has invalid gateway')
  })

  it.each([
    ['a name of 16 bytes', () => newLink({ name: 'x'.repeat(16), info: { kind: 'dummy' } })],
    ['an empty name', () => newLink({ name: '', info: { kind: 'dummy' } })],
    ['a name with a slash', () => newLink({ name: 'a/b', info: { kind: 'dummy' } })],
    ['a name with NUL', () => newLink({ name: 'a\0b', info: { kind: 'dummy' } })],
    ['a bad MAC address', () => newLink({ name: 'x', address: '02:42', info: { kind: 'dummy' } })],
    ['an MTU of 2^32', () => newLink({ name: 'x', mtu: 2 ** 32, info: { kind: 'dummy' } })],
    ['a negative index', () => newLink({ name: 'x', link: -1, info: { kind: 'dummy' } })],
    ['an alias of 256 bytes', () => setLink({ name: 'x' }, { alias: 'x'.repeat(256) })],
    ['an address without prefix', () => newAddress({ index: 1, address: '10.0.0.1' })],
    ['an address of words', () => newAddress({ index: 1, address: 'here/24' })],
    ['a prefix of 33', () => newAddress({ index: 1, address: '10.0.0.1/33' })],
  ])('is not waited for with %s', (_title, make) => {
    let error: unknown
    try {
      make()
    } catch (thrown) {
      error = thrown
    }
    expect(isLibnetworkError(error, 'ERR_INVALID_ARGUMENT')).toBe(true)
  })
})

describe('events', () => {
  it('of links, addresses and routes come as they happen', async () => {
    using events = openRouteEvents({ groups: ['link', 'ipv4-address', 'ipv4-route', 'neighbour'] })
    await socket.links.add({ name: 'br0', info: { kind: 'bridge' } })
    const { index } = await socket.links.get({ name: 'br0' })
    await socket.links.set({ name: 'br0' }, { up: true })
    await socket.addresses.add({ index, address: '10.0.0.1/24' })
    await socket.routes.add({ destination: '10.5.0.0/16', gateway: '10.0.0.5', index })
    await socket.links.delete({ name: 'br0' })
    const seen: string[] = []
    for await (const event of events) {
      if ('link' in event) seen.push(`${event.type} ${event.link.name}`)
      else if ('address' in event) seen.push(`${event.type} ${event.address.address}`)
      else if ('route' in event) seen.push(`${event.type} ${event.route.destination}`)
      if (event.type === 'link.deleted') break
    }
    const order = ['link.new br0', 'address.new 10.0.0.1/24', 'route.new 10.5.0.0/16', 'link.deleted br0']
    expect(
      seen.filter((text) => order.includes(text)).filter((text, place, all) => all.indexOf(text) === place),
    ).toEqual(order)
  })

  it('end when they are closed while somebody waits', async () => {
    const events = openRouteEvents({ groups: ['link'] })
    const reading = (async () => {
      for await (const _ of events) throw new Error('nothing happens here')
    })()
    await new Promise((resolve) => setImmediate(resolve))
    events.close()
    await reading
  })
})

describe('sockets', () => {
  it('leave no descriptor behind', async () => {
    const before = descriptors()
    for (let round = 0; round < 10; round++) {
      const many = Array.from({ length: 50 }, () => openRouteSocket())
      expect((await Promise.all(many.map((each) => each.links.get({ index: 1 })))).map(({ name }) => name)).toEqual(
        many.map(() => 'lo'),
      )
      for (const each of many) each.close()
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(descriptors()).toBe(before)
  })

  it('are disposable, and refuse everything once they are closed', async () => {
    let kept: RouteSocket
    {
      using temporary = openRouteSocket()
      kept = temporary
      expect((await temporary.links.get({ index: 1 })).name).toBe('lo')
    }
    expect(isLibnetworkError(await failure(kept.links.list()), 'ERR_CLOSED')).toBe(true)
    expect(isLibnetworkError(await failure(kept.batch([setLink({ index: 1 }, { up: true })])), 'ERR_CLOSED')).toBe(
      true,
    )
    kept.close()
  })

  itWith('ip', 'work in Workers, several at once, also when a Worker is ended with its socket open', async () => {
    loadKernelSockets()
    const code = `
      import { parentPort } from 'node:worker_threads'
      import { openRouteSocket } from '${new URL('../../src/index.ts', import.meta.url).href}'
      const socket = openRouteSocket()
      const names = (await socket.links.list()).map(({ name }) => name)
      setTimeout(() => parentPort.postMessage(names), 20)
      setInterval(() => undefined, 1000)
    `
    const answers = await Promise.all(
      [1, 2, 3, 4].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
            worker.once('message', (names: unknown) => void worker.terminate().then(() => resolve(names)))
            worker.once('error', reject)
          }),
      ),
    )
    expect(answers).toEqual([1, 2, 3, 4].map(() => ['lo']))
  })
})
