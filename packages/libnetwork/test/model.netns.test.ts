import { createController, type Controller, type ControllerEvent, type Endpoint } from 'libnetwork'
import { execFileSync } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWith, ip, itWith, witness } from '../../../testing/witness.ts'

let controller: Controller

beforeEach(async () => {
  controller = await createController({ from: import.meta.url, name: 'model' })
})

afterEach(async () => {
  for (const sandbox of await controller.listSandboxes()) await sandbox.delete()
  for (const network of await controller.listNetworks()) {
    for (const endpoint of await network.listEndpoints()) await endpoint.delete()
    await network.delete()
  }
  await controller.close()
})

function code(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error as { code?: unknown }).code,
  )
}

describe('look-ups', () => {
  it('go by name, id and the beginning of an id', async () => {
    const network = await controller.createNetwork('blue')
    const endpoint = await network.createEndpoint('web')
    const sandbox = await controller.createSandbox()
    for (const reference of ['blue', network.id, network.id.slice(0, 8)]) {
      expect((await controller.getNetwork(reference)).id).toBe(network.id)
    }
    for (const reference of ['web', endpoint.id, endpoint.id.slice(0, 8)]) {
      expect((await network.getEndpoint(reference)).id).toBe(endpoint.id)
    }
    for (const reference of [sandbox.key, sandbox.id, sandbox.id.slice(0, 8)]) {
      expect((await controller.getSandbox(reference)).id).toBe(sandbox.id)
    }
  })

  it('refuse the beginning of several ids, and prefer a name to an id', async () => {
    const networks = await Promise.all(
      Array.from({ length: 17 }, (_, index) => controller.createNetwork(`n${index}`)),
    )
    const digits = networks.map(({ id }) => id.slice(0, 1))
    const twice = digits.find((digit, index) => digits.indexOf(digit) !== index) ?? ''
    expect(await code(controller.getNetwork(twice))).toBe('ERR_AMBIGUOUS_ID')
    const named = await controller.createNetwork(networks[0]?.id.slice(0, 5) ?? '')
    expect((await controller.getNetwork(named.name)).id).toBe(named.id)
  })

  it('do not find an endpoint of another network', async () => {
    const [blue, red] = [await controller.createNetwork('blue'), await controller.createNetwork('red')]
    const endpoint = await blue.createEndpoint('web')
    expect(await code(red.getEndpoint(endpoint.id))).toBe('ERR_ENDPOINT_NOT_FOUND')
    expect(await code(red.getEndpoint('web'))).toBe('ERR_ENDPOINT_NOT_FOUND')
  })
})

describe('lists', () => {
  it('come oldest first and go by label, name, driver and id', async () => {
    const blue = await controller.createNetwork('blue', { labels: { tier: 'front', team: 'a' } })
    const red = await controller.createNetwork('red', { labels: { tier: 'back' } })
    const none = await controller.createNetwork('none', { driver: 'null' })
    const names = async (filter?: Parameters<Controller['listNetworks']>[0]): Promise<readonly string[]> =>
      (await controller.listNetworks(filter)).map(({ name }) => name)
    expect(await names()).toEqual(['blue', 'red', 'none'])
    expect(await names({ labels: { tier: 'front' } })).toEqual(['blue'])
    expect(await names({ labels: { tier: true } })).toEqual(['blue', 'red'])
    expect(await names({ labels: { tier: true, team: 'b' } })).toEqual([])
    expect(await names({ driver: 'null' })).toEqual(['none'])
    expect(await names({ name: 'red' })).toEqual(['red'])
    expect(await names({ id: blue.id.slice(0, 10) })).toEqual(['blue'])
    await red.createEndpoint('one', { labels: { role: 'db' } })
    await red.createEndpoint('two')
    expect((await red.listEndpoints({ labels: { role: 'db' } })).map(({ name }) => name)).toEqual(['one'])
    expect((await red.listEndpoints({ name: 'two' })).map(({ name }) => name)).toEqual(['two'])
    const sandbox = await controller.createSandbox({ labels: { owner: 'ci' } })
    await controller.createSandbox()
    expect((await controller.listSandboxes({ labels: { owner: 'ci' } })).map(({ id }) => id)).toEqual([sandbox.id])
    expect((await none.inspect()).labels).toEqual({})
  })
})

describe('inspection', () => {
  it('is plain JSON and tells what is there', async () => {
    const network = await controller.createNetwork('blue', {
      subnets: [
        { subnet: '10.8.0.0/24', range: '10.8.0.128/25', gateway: '10.8.0.254', auxiliary: { router: '10.8.0.9' } },
      ],
      labels: { tier: 'front' },
      options: { mtu: 1400 },
    })
    const endpoint = await network.createEndpoint('web', { labels: { role: 'web' } })
    const sandbox = await controller.createSandbox({ labels: { owner: 'ci' } })
    await endpoint.join(sandbox, { priority: 5 })
    const all = [await network.inspect(), await endpoint.inspect(), await sandbox.inspect()] as const
    expect(JSON.parse(JSON.stringify(all))).toEqual(JSON.parse(JSON.stringify(all)))
    expect(all[0]).toMatchObject({
      name: 'blue',
      driver: 'bridge',
      ipam: 'default',
      internal: false,
      options: { mtu: 1400 },
      labels: { tier: 'front' },
      subnets: [{ subnet: '10.8.0.0/24', gateway: '10.8.0.254/24', auxiliary: { router: '10.8.0.9' } }],
      endpoints: [{ id: endpoint.id, name: 'web', sandbox: sandbox.key }],
    })
    expect(all[1]).toMatchObject({
      addresses: [expect.stringMatching(/^10\.8\.0\.1\d\d\/24$/)],
      labels: { role: 'web' },
      sandbox: { id: sandbox.id, interfaces: ['eth0'], priority: 5, gatewayFor: ['ipv4'] },
      facts: { mtu: 1400, hostEnd: `lnv${endpoint.id.slice(0, 12)}` },
    })
    expect(all[2]).toMatchObject({
      key: sandbox.key,
      owned: true,
      host: false,
      labels: { owner: 'ci' },
      endpoints: [{ id: endpoint.id, name: 'web', networkId: network.id, interfaces: ['eth0'] }],
      gatewayEndpoint: endpoint.id,
    })
  })

  itWith('ip', 'statistics are those of the interface', async () => {
    const network = await controller.createNetwork('blue')
    const endpoint = await network.createEndpoint('web')
    const sandbox = await controller.createSandbox()
    await endpoint.join(sandbox)
    const socket = await sandbox.bindUdp({ port: 0 })
    for (let round = 0; round < 5; round++)
      await new Promise((resolve) => socket.send('x'.repeat(100), 9, '172.17.0.1', resolve))
    socket.close()
    const text = witness('ip')?.(['-j', '-s', 'link', 'show', 'dev', 'eth0'], { namespace: sandbox.key }) ?? '[]'
    const statistics = await endpoint.statistics()
    const [link] = JSON.parse(text) as { stats64: Record<'rx' | 'tx', { bytes: number; packets: number }> }[]
    expect(Number(statistics.txBytes)).toBeGreaterThanOrEqual(500)
    expect(Number(statistics.txPackets) - (link?.stats64.tx.packets ?? 0)).toBeLessThan(3)
    expect(Object.values(statistics).every((value) => /^\d+$/.test(String(value)))).toBe(true)
  })
})

describeWith('ip', 'the gateway endpoint', () => {
  const routes = (key: string, family: 4 | 6): (readonly [string | undefined, string | undefined])[] =>
    ip('route', 'show default', { namespace: key, family }).map(({ gateway, dev }) => [gateway, dev])

  it('is the one of the highest priority, and among equals the first; it is handed over', async () => {
    const sandbox = await controller.createSandbox()
    const join = async (name: string, subnet: string, priority?: number): Promise<Endpoint> => {
      const network = await controller.createNetwork(name, { subnets: [{ subnet }] })
      const endpoint = await network.createEndpoint(name)
      await endpoint.join(sandbox, { priority })
      return endpoint
    }
    const first = await join('first', '10.1.0.0/24')
    expect(routes(sandbox.key, 4)).toEqual([['10.1.0.1', 'eth0']])
    const equal = await join('equal', '10.2.0.0/24')
    expect(routes(sandbox.key, 4)).toEqual([['10.1.0.1', 'eth0']])
    const higher = await join('higher', '10.3.0.0/24', 10)
    expect(routes(sandbox.key, 4)).toEqual([['10.3.0.1', 'eth2']])
    expect((await sandbox.inspect()).gatewayEndpoint).toBe(higher.id)
    await join('lower', '10.4.0.0/24', -1)
    expect(routes(sandbox.key, 4)).toEqual([['10.3.0.1', 'eth2']])
    await higher.leave()
    expect(routes(sandbox.key, 4)).toEqual([['10.1.0.1', 'eth0']])
    await first.leave()
    expect((await sandbox.inspect()).gatewayEndpoint).toBe(equal.id)
    expect(routes(sandbox.key, 4)).toEqual([['10.2.0.1', 'eth1']])
    await equal.leave()
    expect(routes(sandbox.key, 4)).toEqual([['10.4.0.1', 'eth3']])
  })

  it('is chosen for each family apart, and internal networks offer none', async () => {
    const sandbox = await controller.createSandbox()
    const internal = await controller.createNetwork('internal', { internal: true, ipv6: true })
    const four = await controller.createNetwork('four', { subnets: [{ subnet: '10.1.0.0/24' }] })
    const six = await controller.createNetwork('six', { ipv4: false, subnets: [{ subnet: 'fd01::/64' }] })
    for (const network of [internal, four, six]) await (await network.createEndpoint('x')).join(sandbox)
    expect(routes(sandbox.key, 4)).toEqual([['10.1.0.1', 'eth1']])
    expect(routes(sandbox.key, 6)).toEqual([['fd01::1', 'eth2']])
    const { gatewayEndpoint, gatewayEndpointIPv6 } = await sandbox.inspect()
    expect([gatewayEndpoint, gatewayEndpointIPv6]).toEqual([
      (await four.getEndpoint('x')).id,
      (await six.getEndpoint('x')).id,
    ])
  })
})

describe('events', () => {
  it('tell what happened, to iterators and listeners, in order', async () => {
    const seen: ControllerEvent[] = []
    const stop = new AbortController()
    const reading = (async () => {
      for await (const event of controller.events({ signal: stop.signal })) seen.push(event)
    })()
    const joined: string[] = []
    const off = controller.on('endpoint.joined', ({ endpoint }) => joined.push(endpoint))
    const network = await controller.createNetwork('blue')
    const sandbox = await controller.createSandbox()
    const endpoint = await network.createEndpoint('web')
    await endpoint.join(sandbox)
    off()
    await endpoint.leave()
    await endpoint.join(sandbox)
    await sandbox.delete()
    await endpoint.delete()
    await network.delete()
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await reading
    expect(seen.map(({ type }) => type)).toEqual([
      'network.created',
      'sandbox.created',
      'endpoint.created',
      'endpoint.joined',
      'sandbox.gateway',
      'sandbox.gateway',
      'endpoint.left',
      'endpoint.joined',
      'sandbox.gateway',
      'endpoint.left',
      'sandbox.deleted',
      'endpoint.deleted',
      'network.deleted',
    ])
    expect(seen.every(({ time }) => Math.abs(time - Date.now()) < 60_000)).toBe(true)
    expect(joined).toEqual([endpoint.id])
  })

  it('end with the controller, and operations are traced', async () => {
    const traced: unknown[] = []
    const start = 'tracing:libnetwork:operation:start'
    const listener = (message: unknown): void => void traced.push(message)
    subscribe(start, listener)
    const other = await createController({ from: import.meta.url })
    const reading = (async () => {
      const types: string[] = []
      for await (const { type } of other.events()) types.push(type)
      return types
    })()
    const network = await other.createNetwork('blue')
    await network.delete()
    await other.close()
    unsubscribe(start, listener)
    expect(await reading).toEqual(['network.created', 'network.deleted'])
    expect(traced).toMatchObject([
      { operation: 'network.create', subject: { name: 'blue' } },
      { operation: 'network.delete', subject: { network: network.id } },
    ])
  })
})

describe('sandboxes', () => {
  itWith('ip', 'of a process are used, and let go of', async () => {
    const endpoint = await (await controller.createNetwork('blue')).createEndpoint('web')
    const child = (await controller.createSandbox()).spawn('sleep', ['20'])
    const namespace = `/proc/${child.pid}/ns/net`
    const opened = await controller.createSandbox({ pid: child.pid })
    await endpoint.join(opened)
    expect(ip('link', 'show', { namespace }).map(({ ifname }) => ifname)).toEqual(['lo', 'eth0'])
    await opened.delete()
    expect(ip('link', 'show', { namespace }).map(({ ifname }) => ifname)).toEqual(['lo'])
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await exited
  })

  itWith('ip', 'that somebody else made are used, and let go of', async () => {
    const run = witness('ip')
    run?.(['netns', 'add', 'foreign'])
    const endpoint = await (await controller.createNetwork('blue')).createEndpoint('web')
    const foreign = await controller.createSandbox({ path: '/run/netns/foreign' })
    await endpoint.join(foreign)
    expect((await foreign.inspect()).owned).toBe(false)
    await foreign.delete()
    expect(run?.(['netns', 'list'])).toContain('foreign')
    run?.(['netns', 'delete', 'foreign'])
    // `ip netns add` shares the folder's mounts by binding it to itself.
    execFileSync('umount', ['/run/netns'])
  })

  it('of the host take endpoints of the driver host alone', async () => {
    const host = await controller.createSandbox({ host: true })
    const network = await controller.createNetwork('host', { driver: 'host' })
    const endpoint = await network.createEndpoint('x')
    await endpoint.join(host)
    expect((await endpoint.inspect()).sandbox?.interfaces).toEqual([])
    const bridged = await (await controller.createNetwork('blue')).createEndpoint('x')
    expect(await code(bridged.join(host))).toBe('ERR_UNSUPPORTED')
    const inside = await controller.createSandbox()
    await endpoint.leave()
    expect(await code(endpoint.join(inside))).toBe('ERR_UNSUPPORTED')
    expect(await code(controller.createNetwork('second', { driver: 'host' }))).toBe('ERR_OBJECT_CONFLICT')
  })

  it('on a network of the driver null have loopback alone', async () => {
    const sandbox = await controller.createSandbox()
    const endpoint = await (await controller.createNetwork('none', { driver: 'none' })).createEndpoint('x')
    await endpoint.join(sandbox)
    expect(await sandbox.interfaces()).toEqual([])
    const server = await sandbox.listen({ port: 80, host: '127.0.0.1' })
    server.on('connection', (socket) => socket.end('hello'))
    let text = ''
    for await (const chunk of await sandbox.connect({ host: '127.0.0.1', port: 80 })) text += String(chunk)
    expect(text).toBe('hello')
    server.close()
  })

  it('can be joined again at once by an endpoint whose sandbox was deleted', async () => {
    const network = await controller.createNetwork('blue')
    const endpoint = await network.createEndpoint('web')
    for (let round = 0; round < 3; round++) {
      const sandbox = await controller.createSandbox()
      await endpoint.join(sandbox)
      expect((await endpoint.inspect()).sandbox?.id).toBe(sandbox.id)
      await sandbox.delete()
    }
  })

  it('report the processes that survive them', async () => {
    const sandbox = await controller.createSandbox()
    const child = sandbox.spawn('sleep', ['20'])
    const { survivors } = await sandbox.delete()
    expect(survivors).toEqual([{ pid: child.pid, command: expect.stringContaining('sleep') as string }])
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await exited
    rmSync(sandbox.key, { force: true })
  })

  it('stay connected when the controller closes', async () => {
    const other = await createController({ from: import.meta.url })
    const network = await other.createNetwork('staying', {
      options: { bridgeName: 'staying' },
      subnets: [{ subnet: '10.9.0.0/24' }],
    })
    const sandbox = await other.createSandbox({ key: '/run/netns/staying' })
    await (await network.createEndpoint('x')).join(sandbox)
    await other.close()
    const opened = await controller.createSandbox({ path: '/run/netns/staying' })
    expect((await opened.interfaces()).map(({ addresses }) => addresses)).toEqual([['10.9.0.2/24']])
    await opened.delete()
    witness('ip')?.(['netns', 'delete', 'staying'])
    witness('ip')?.(['link', 'delete', 'staying'])
    rmSync('/run/libnetwork', { recursive: true })
  })
})
