// The original's acceptance cases of its root package, named after them, and its defects that show there.
import { createController, type Controller, type Network } from 'libnetwork'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const DRIVER = 'simplebridge'

let controller: Controller

beforeEach(async () => {
  controller = await createController({ from: import.meta.url })
})

afterEach(async () => {
  await controller.close()
})

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  expect(isLibnetworkError(await rejection(promise), code)).toBe(true)
}

async function testNetwork(): Promise<Network> {
  return await controller.createNetwork('testnetwork', { driver: DRIVER })
}

function links(): string[] {
  const rows = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2)
  return rows.map((row) => row.split(':')[0]?.trim() ?? '').filter((name) => name !== '')
}

describe('libnetwork_test.go', () => {
  it('TestSimplebridge', async () => {
    const network = await controller.createNetwork('testnetwork', {
      driver: DRIVER,
      options: { bridgeName: 'dockertest0', forwarding: 'enable' },
      subnets: [
        { subnet: '192.168.100.0/24', gateway: '192.168.100.1', range: '192.168.100.0/28' },
        { subnet: 'fe90::/96', gateway: 'fe90::1' },
      ],
    })
    const endpoint = await network.createEndpoint('testep')
    await endpoint.delete()
    await network.delete()
  })

  it('TestUnknownDriver', async () => {
    await expectCode(controller.createNetwork('testnetwork', { driver: 'unknowndriver' }), 'ERR_DRIVER_NOT_FOUND')
  })

  it('TestNilDriver and TestNoInitDriver', async () => {
    for (const driver of [null, {}]) {
      // What the compiler refuses comes from JavaScript.
      const options = JSON.parse(JSON.stringify({ driver })) as { driver: string }
      await expectCode(controller.createNetwork('testnetwork', options), 'ERR_INVALID_ARGUMENT')
    }
  })

  it('TestDuplicateNetwork', async () => {
    const network = await testNetwork()
    await expectCode(testNetwork(), 'ERR_NETWORK_EXISTS')
    await network.delete()
  })

  it('TestNetworkName, TestNetworkType and TestNetworkID', async () => {
    const network = await testNetwork()
    expect(network.name).toBe('testnetwork')
    expect(network.driver).toBe('bridge')
    expect(network.id).toMatch(/^[0-9a-f]{64}$/)
    await network.delete()
  })

  it('TestDeleteNetworkWithActiveEndpoints', async () => {
    const network = await testNetwork()
    const endpoint = await network.createEndpoint('testep')
    await expectCode(network.delete(), 'ERR_NETWORK_IN_USE')
    await endpoint.delete()
    await network.delete()
  })

  it('TestUnknownNetwork', async () => {
    const network = await testNetwork()
    await network.delete()
    await expectCode(network.delete(), 'ERR_NETWORK_NOT_FOUND')
  })

  it('TestUnknownEndpoint', async () => {
    const network = await testNetwork()
    const endpoint = await network.createEndpoint('testep')
    await endpoint.delete()
    await expectCode(endpoint.delete(), 'ERR_ENDPOINT_NOT_FOUND')
    await network.delete()
  })
})

describe('drivers/bridge, what is the allocator here', () => {
  it('TestSetupFixedCIDRv4: endpoints get their addresses from the range', async () => {
    const network = await controller.createNetwork('testnetwork', {
      subnets: [{ subnet: '192.168.0.0/16', gateway: '192.168.1.1', range: '192.168.2.0/24' }],
    })
    const endpoint = await network.createEndpoint('testep')
    expect(endpoint.addresses).toEqual(['192.168.2.1/16'])
    await endpoint.delete()
    await network.delete()
  })

  it('TestSetupBadFixedCIDRv4: a range outside of the subnet is refused', async () => {
    const subnets = [{ subnet: '192.168.1.0/24', gateway: '192.168.1.1', range: '192.168.2.0/24' }]
    await expectCode(controller.createNetwork('testnetwork', { subnets }), 'ERR_INVALID_ARGUMENT')
  })

  it('TestSetupFixedCIDRv6: of IPv6 too', async () => {
    const network = await controller.createNetwork('testnetwork', {
      ipv4: false,
      subnets: [{ subnet: '2002:db8::/48', gateway: '2002:db8::ffff', range: '2002:db8::/64' }],
    })
    const endpoint = await network.createEndpoint('testep')
    expect(endpoint.addresses).toEqual(['2002:db8::1/48'])
    await endpoint.delete()
    await network.delete()
  })

  it('TestSetupBridgeIPv4Auto: without a wish the first predefined subnet is taken', async () => {
    const network = await testNetwork()
    expect((await network.inspect()).subnets).toMatchObject([{ subnet: '172.17.0.0/16', gateway: '172.17.0.1/16' }])
    await network.delete()
  })
})

describe("the original's defects", () => {
  it('DEFECT-01: of two networks of one name made at once, one is refused', async () => {
    const results = await Promise.allSettled([testNetwork(), testNetwork(), testNetwork()])
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const refused = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
    expect(made.length).toBe(1)
    expect(refused.every((error) => isLibnetworkError(error, 'ERR_NETWORK_EXISTS'))).toBe(true)
    await made[0]?.delete()
  })

  it('DEFECT-03: the IPv6 range is where endpoints get their addresses from', async () => {
    const network = await controller.createNetwork('testnetwork', {
      subnets: [{ subnet: 'fd00:7::/64', range: 'fd00:7::aaaa:0/112' }],
    })
    const endpoint = await network.createEndpoint('testep')
    expect(endpoint.addresses.filter((address) => address.startsWith('fd00:7::aaaa:'))).toHaveLength(1)
    await endpoint.delete()
    await network.delete()
  })

  it('DEFECT-06: a creation that fails leaves neither device nor pool, and can be tried again', async () => {
    const before = links()
    const subnets = [{ subnet: '10.7.0.0/24' }]
    const failing = controller.createNetwork('testnetwork', {
      subnets,
      options: { bridgeName: 'ln-first', mtu: 1200 },
      ipv6: true,
    })
    await expectCode(failing, 'ERR_BRIDGE_MTU')
    expect(links()).toEqual(before)
    const network = await controller.createNetwork('testnetwork', { subnets, options: { bridgeName: 'ln-first' } })
    await network.delete()
  })

  it('DEFECT-09: a pool is chosen that does not clash with the routes of the host', async () => {
    const host = await controller.createNetwork('first', { subnets: [{ subnet: '172.17.0.0/16' }] })
    const network = await testNetwork()
    const { subnets } = await network.inspect()
    expect(subnets[0]?.subnet).not.toBe('172.17.0.0/16')
    await network.delete()
    await host.delete()
  })

  it('DEFECT-14 and DEFECT-15: deleting a network takes its own bridge alone', async () => {
    const [one, two] = [await controller.createNetwork('one'), await controller.createNetwork('two')]
    const bridge = (await two.inspect()).driverState['bridgeName'] as string
    await one.delete()
    expect(links()).toContain(bridge)
    await two.delete()
    expect(links()).not.toContain(bridge)
  })

  it('DEFECT-16: no endpoint gets the address of the gateway', async () => {
    const network = await controller.createNetwork('testnetwork', {
      subnets: [{ subnet: '10.7.0.0/29' }, { subnet: 'fd07::/125' }],
    })
    const endpoints = await Promise.all([1, 2, 3, 4, 5].map((number) => network.createEndpoint(`ep${number}`)))
    const addresses = endpoints.flatMap((endpoint) => endpoint.addresses)
    expect(addresses).not.toContain('10.7.0.1/29')
    expect(addresses).not.toContain('fd07::1/125')
    expect(new Set(addresses).size).toBe(10)
    for (const endpoint of endpoints) await endpoint.delete()
    await network.delete()
  })

  it('DEFECT-17: when one family has no address left, that of the other is given back', async () => {
    const network = await controller.createNetwork('testnetwork', {
      subnets: [{ subnet: '10.7.0.0/24' }, { subnet: 'fd07::/127' }],
    })
    const first = await network.createEndpoint('first')
    const before = await network.inspect()
    const error = await rejection(network.createEndpoint('second'))
    expect(isLibnetworkError(error) && error.kind).toBe('unavailable')
    expect(await network.inspect()).toEqual(before)
    await first.delete()
    await network.delete()
  })

  it('DEFECT-18: an endpoint that leaves takes its veth pair with it', async () => {
    const network = await testNetwork()
    const before = links()
    const sandbox = await controller.createSandbox()
    const endpoint = await network.createEndpoint('testep')
    await endpoint.join(sandbox)
    expect(links().length).toBe(before.length + 1)
    await endpoint.leave()
    expect(links()).toEqual(before)
    await endpoint.delete()
    await sandbox.delete()
    await network.delete()
  })

  it('DEFECT-19: endpoints made while their network is deleted are made or refused, and nothing else', async () => {
    const network = await testNetwork()
    const [deleted, ...made] = await Promise.allSettled([
      network.delete(),
      ...[1, 2, 3, 4].map((number) => network.createEndpoint(`ep${number}`)),
    ])
    for (const result of made) {
      if (result.status === 'rejected') expect(isLibnetworkError(result.reason, 'ERR_NETWORK_NOT_FOUND')).toBe(true)
    }
    if (deleted.status === 'rejected') {
      expect(isLibnetworkError(deleted.reason, 'ERR_NETWORK_IN_USE')).toBe(true)
      for (const endpoint of await network.listEndpoints()) await endpoint.delete()
      await network.delete()
    }
    expect(await controller.listNetworks()).toEqual([])
  })

  it('DEFECT-26, DEFECT-27 and DEFECT-28: the steps work, with IPv6, and change the sandbox alone', async () => {
    const network = await controller.createNetwork('testnetwork', { ipv6: true })
    // Without the counters of use, which change by themselves.
    const ipv6Routes = (): string =>
      readFileSync('/proc/self/net/ipv6_route', 'utf8').replace(
        / [0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{8}(?= +\S+$)/gm,
        '',
      )
    const routes = (): string => readFileSync('/proc/self/net/route', 'utf8') + ipv6Routes()
    const sandbox = await controller.createSandbox()
    const endpoint = await network.createEndpoint('testep', { sandbox })
    const { interfaces = [], gateway = null, gatewayIPv6 = null } = endpoint.sandboxInfo ?? {}
    expect(interfaces.length).toBe(1)
    for (const each of interfaces) await sandbox.addInterface(each)
    const before = routes()
    await sandbox.setGateway(gateway)
    await sandbox.setGatewayIPv6(gatewayIPv6)
    expect(routes()).toBe(before)
    expect((await sandbox.interfaces())[0]?.addresses).toEqual(endpoint.addresses)
    const inspected = await endpoint.inspect()
    expect(inspected.sandbox?.gatewayFor).toEqual(['ipv4', 'ipv6'])
    for (const host of [gateway, gatewayIPv6]) {
      const server = createServer((socket) => socket.end('hello'))
      await new Promise<void>((resolve) => server.listen(0, host ?? '', resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      let text = ''
      for await (const chunk of await sandbox.connect({ host: host ?? '', port })) text += String(chunk)
      expect(text).toBe('hello')
      server.close()
    }
    await sandbox.delete()
    await endpoint.delete()
    await network.delete()
  })

  it('DEFECT-20: every error can be printed', async () => {
    const errors = [
      await rejection(controller.getNetwork('nobody')),
      await rejection(controller.createNetwork('a b')),
      await rejection(controller.createNetwork('x', { driver: 'nobody' })),
    ]
    for (const error of errors) {
      expect(String(error).length).toBeGreaterThan(10)
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: expect.any(String) as string })
    }
  })
})
