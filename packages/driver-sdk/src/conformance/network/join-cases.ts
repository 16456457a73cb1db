import assert from 'node:assert/strict'
import { parseAddress } from '../../address/address-text.ts'
import { parseCidr } from '../../address/cidr.ts'
import type { DriverEndpoint } from '../../contract/network-driver.ts'
import type { SandboxInfo } from '../../contract/sandbox-info.ts'
import { assertPlainJson, assertRefused, assertSameAnswer } from './assertions.ts'
import type { NetworkDriverCase } from './driver-bench.ts'

/** What the kernel allows for a link's name. */
const LINK_NAME = /^[^\s/:]{1,15}$/

function assertDescribes({ interfaces, gateway, gatewayIPv6 }: SandboxInfo, endpoint: DriverEndpoint): void {
  for (const { source, name, addresses, macAddress } of interfaces) {
    const hostName = source.kind === 'veth' ? source.host.name : source.kind === 'existing' ? source.name : undefined
    for (const each of [name, hostName]) if (each !== undefined) assert.match(each, LINK_NAME, 'name of a link')
    for (const address of addresses) assert.ok(parseCidr(address), `address "${address}" is not CIDR text`)
    if (endpoint.macAddress !== undefined && interfaces.length === 1) {
      assert.equal(macAddress, endpoint.macAddress, 'the MAC address that createEndpoint answered')
    }
  }
  const described = interfaces.flatMap(({ addresses }) => addresses)
  for (const address of endpoint.addresses) {
    assert.ok(described.includes(address), `address ${address} of the endpoint is on none of the interfaces`)
  }
  if (gateway !== undefined) assert.equal(parseAddress(gateway)?.family, 'ipv4', `gateway "${gateway}"`)
  if (gatewayIPv6 !== undefined)
    assert.equal(parseAddress(gatewayIPv6)?.family, 'ipv6', `gatewayIPv6 "${gatewayIPv6}"`)
}

/** What `join` describes, and what is left of it. */
export const joinCases: readonly NetworkDriverCase[] = [
  {
    name: 'join describes the endpoint in plain JSON, and acts on the host only with acting-join',
    run: async (bench) => {
      const { driver, context } = bench
      const network = await bench.createdNetwork()
      const request = bench.joinRequest(await bench.createdEndpoint(network))
      const acts = driver.capabilities.includes('acting-join')
      const join = async (): Promise<SandboxInfo> => {
        const answer = await driver.join(request, context)
        assertPlainJson('join', answer)
        return answer.info
      }
      const info = acts ? await join() : await bench.hostUnchanged('join without acting-join', join)
      if (driver.capabilities.includes('host-sandbox')) {
        assert.deepEqual(info.interfaces, [], 'a driver with host-sandbox describes no interfaces')
      }
      if (driver.capabilities.includes('addresses')) assertDescribes(info, request.endpoint)
      if (!acts) {
        const ready = info.interfaces.some(({ source }) => source.kind === 'ready')
        assert.ok(!ready, 'a "ready" interface needs acting-join')
      }
    },
  },
  {
    name: 'join again changes nothing and answers the same',
    run: async (bench) => {
      const { request, answer } = await bench.joinedEndpoint(await bench.createdNetwork())
      const again = await bench.unchanged('join again', () => bench.driver.join(request, bench.context))
      assertSameAnswer('join again', again, answer)
    },
  },
  {
    name: 'join of an unknown network or endpoint is not-found and changes nothing',
    run: async (bench) => {
      const unknown = await bench.network()
      const request = bench.joinRequest({ network: unknown, endpoint: await bench.endpoint(unknown) })
      await bench.unchanged('join of an unknown network', () =>
        assertRefused('not-found', 'join of an unknown network', () => bench.driver.join(request, bench.context)),
      )
      const network = await bench.createdNetwork()
      await bench.unchanged('join of an unknown endpoint', () =>
        assertRefused('not-found', 'join of an unknown endpoint', () =>
          bench.driver.join({ ...request, network }, bench.context),
        ),
      )
    },
  },
  {
    name: 'leave undoes join, succeeds again, and the endpoint can join anew',
    run: async (bench) => {
      const { driver, context } = bench
      const network = await bench.createdNetwork()
      await bench.createdEndpoint(network)
      const before = await bench.traces()
      const { request, answer } = await bench.joinedEndpoint(network)
      await driver.leave(request, context)
      assert.deepEqual(await bench.traces(), before, 'host and state after leave')
      await bench.unchanged('leave again', () => driver.leave(request, context))
      assertSameAnswer('join after leave', await driver.join(request, context), answer)
    },
  },
  {
    name: 'leave of an unknown network or endpoint succeeds and changes nothing',
    run: async (bench) => {
      const unknown = await bench.network()
      const request = bench.joinRequest({ network: unknown, endpoint: await bench.endpoint(unknown) })
      await bench.unchanged('leave of an unknown network', () => bench.driver.leave(request, bench.context))
      const network = await bench.createdNetwork()
      await bench.unchanged('leave of an unknown endpoint', () =>
        bench.driver.leave({ ...request, network }, bench.context),
      )
    },
  },
  {
    name: 'an internal network has no gateway, where the driver has internal networks',
    run: async (bench) => {
      const internal = bench.driver.capabilities.includes('internal')
      const { answer } = await bench.joinedEndpoint(await bench.createdNetwork(0, { internal }))
      if (!internal) return
      assert.equal(answer.info.gateway, undefined, 'gateway of an internal network')
      assert.equal(answer.info.gatewayIPv6, undefined, 'gatewayIPv6 of an internal network')
    },
  },
  {
    name: 'describeEndpoint and reconcile, where declared, change nothing where nothing is wrong',
    run: async (bench) => {
      const { driver, context } = bench
      const { request } = await bench.joinedEndpoint(await bench.createdNetwork())
      const { network, endpoint } = request
      const described = await bench.unchanged('describeEndpoint', async () =>
        driver.describeEndpoint?.({ network, endpoint }, context),
      )
      assert.equal(described !== undefined, driver.capabilities.includes('describe'), 'an answer of describeEndpoint')
      for (const repair of [false, true]) {
        const networks = [{ network, endpoints: [endpoint] }]
        const compared = await bench.unchanged('reconcile', async () =>
          driver.reconcile?.({ networks, repair }, context),
        )
        assert.equal(compared !== undefined, driver.capabilities.includes('reconcile'), 'an answer of reconcile')
        assert.deepEqual(compared?.differences ?? [], [], 'differences where there are none')
      }
      assertPlainJson('describeEndpoint', described ?? {})
    },
  },
]
