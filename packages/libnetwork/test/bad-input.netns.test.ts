import { createController, type Controller, type Endpoint, type Network, type Sandbox } from 'libnetwork'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelState } from '../../../testing/kernel-state.ts'

/** Values that are nothing that a function of this library asks for. */
const STRANGE: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 7],
  ['NaN', Number.NaN],
  ['a boolean', true],
  ['a bigint', 7n],
  ['a symbol', Symbol('x')],
  ['a function', () => 7],
  ['a list', [['x']]],
  ['an object without prototype', Object.create(null)],
]

const BAD_NAMES: readonly (readonly [string, unknown])[] = [
  ...STRANGE,
  ['undefined', undefined],
  ['an empty text', ''],
  ['129 letters', 'x'.repeat(129)],
  ['a slash', 'a/b'],
  ['NUL', 'a\0b'],
  ['a blank', 'a b'],
  ['a line feed', 'a\nb'],
  ['two dots', '..'],
  ['two dots inside', 'a..b'],
  ['a dot first', '.a'],
  ['a dash first', '-a'],
  ['an escape character', 'a\u001b[31m'],
  ['letters of another script', 'netzwerk-ü'],
]

const BAD_PATHS: readonly (readonly [string, unknown])[] = [
  ...STRANGE,
  ['an empty text', ''],
  ['a relative path', 'run/x'],
  ['the root', '/'],
  ['NUL', '/run/a\0b'],
  ['a line feed', '/run/a\nb'],
  ['two dots', '/run/netns/../x'],
  ['a part of 256 bytes', `/run/${'x'.repeat(256)}`],
  ['4,096 bytes', `/run${'/xxxxxxx'.repeat(512)}`],
]

const BAD_SUBNETS: readonly (readonly [string, unknown])[] = [
  ['no CIDR text', '10.0.0.0'],
  ['host bits', '10.0.0.1/24'],
  ['a prefix of 33', '10.0.0.0/33'],
  ['a negative prefix', '10.0.0.0/-1'],
  ['a prefix with a fraction', '10.0.0.0/24.5'],
  ['leading zeros', '010.0.0.0/24'],
  ['an octet of 256', '10.0.256.0/24'],
  ['a prefix of 129', 'fd00::/129'],
  ['a zone', 'fe80::%eth0/64'],
  ['two double colons', 'fd00::1::/64'],
  ['words', 'all of it'],
  ['an empty text', ''],
]

type Call = () => unknown

/** The error of a call, as code and kind; the call must not succeed. */
async function refusal(
  call: Call,
): Promise<{ readonly code: unknown; readonly kind: unknown; readonly text: string }> {
  let error: unknown
  try {
    await call()
  } catch (thrown) {
    error = thrown
  }
  const { code, kind, details } = (error ?? {}) as { code?: unknown; kind?: unknown; details?: unknown }
  return { code, kind, text: `${String(error)} ${JSON.stringify(details)}` }
}

describe('bad input', () => {
  let controller: Controller
  let network: Network
  let endpoint: Endpoint
  let sandbox: Sandbox
  const state = (): unknown => [kernelState(), readFileSync('/proc/self/mountinfo', 'utf8')]

  beforeAll(async () => {
    controller = await createController({ from: import.meta.url })
    network = await controller.createNetwork('good', { subnets: [{ subnet: '10.1.0.0/24' }] })
    endpoint = await network.createEndpoint('good')
    sandbox = await controller.createSandbox()
  })

  afterAll(async () => {
    await endpoint.delete()
    await sandbox.delete()
    await network.delete()
    await controller.close()
  })

  /** A call with something that has not the type that the compiler wants. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a function of any parameters
  const loose = <Arguments extends unknown[]>(call: (...args: Arguments) => unknown) =>
    call as (...args: unknown[]) => unknown

  async function expectInvalid(call: Call, field: string): Promise<void> {
    const before = state()
    const { code, kind, text } = await refusal(call)
    expect({ code, kind }).toEqual({ code: 'ERR_INVALID_ARGUMENT', kind: 'invalid' })
    expect(text).toContain(field)
    expect(state()).toEqual(before)
  }

  describe('names', () => {
    it.each(BAD_NAMES)('createNetwork(%s)', async (_title, name) => {
      await expectInvalid(() => loose(controller.createNetwork.bind(controller))(name), 'name')
    })

    it.each(BAD_NAMES)('createEndpoint(%s)', async (_title, name) => {
      await expectInvalid(() => loose(network.createEndpoint.bind(network))(name), 'name')
    })

    const noReferences = [
      ...STRANGE,
      ['undefined', undefined],
      ['an empty text', ''],
      ['5,000 letters', 'x'.repeat(5000)],
    ] as const
    it.each(noReferences)('the look-ups of %s', async (_title, reference) => {
      await expectInvalid(() => loose(controller.getNetwork.bind(controller))(reference), 'reference')
      await expectInvalid(() => loose(controller.getSandbox.bind(controller))(reference), 'reference')
      await expectInvalid(() => loose(network.getEndpoint.bind(network))(reference), 'reference')
    })
  })

  describe('options', () => {
    const everyFunction: readonly (readonly [string, (options: unknown) => unknown])[] = [
      ['createController', (options) => loose(createController)(options)],
      ['createNetwork', (options) => loose(controller.createNetwork.bind(controller))('new', options)],
      ['createSandbox', (options) => loose(controller.createSandbox.bind(controller))(options)],
      ['createEndpoint', (options) => loose(network.createEndpoint.bind(network))('new', options)],
      ['join', (options) => loose(endpoint.join.bind(endpoint))(sandbox, options)],
      ['leave', (options) => loose(endpoint.leave.bind(endpoint))(options)],
      ['endpoint.delete', (options) => loose(endpoint.delete.bind(endpoint))(options)],
      ['network.delete', (options) => loose(network.delete.bind(network))(options)],
      ['sandbox.delete', (options) => loose(sandbox.delete.bind(sandbox))(options)],
      ['statistics', (options) => loose(endpoint.statistics.bind(endpoint))(options)],
      ['listNetworks', (options) => loose(controller.listNetworks.bind(controller))(options)],
      ['listSandboxes', (options) => loose(controller.listSandboxes.bind(controller))(options)],
      ['listEndpoints', (options) => loose(network.listEndpoints.bind(network))(options)],
    ]

    describe.each(everyFunction)('of %s', (_name, call) => {
      it('that are not known are named', async () => {
        await expectInvalid(() => call({ colour: 'blue' }), 'colour')
      })

      it.each(STRANGE.filter(([title]) => title !== 'an object without prototype'))(
        'that are %s',
        async (_title, value) => {
          await expectInvalid(() => call(value), '')
        },
      )

      it('with a signal that is none', async () => {
        await expectInvalid(() => call({ signal: { aborted: false } }), 'signal')
      })
    })

    it.each([
      ['driver', 7],
      ['options', 'all'],
      ['ipv6', 'yes'],
      ['ipv4', 1],
      ['subnets', '10.0.0.0/24'],
      ['ipam', {}],
      ['internal', 'no'],
      ['labels', { key: 7 }],
      ['labels', { 'a b': 'x' }],
      ['labels', { '': 'x' }],
    ])('createNetwork with a wrong %s: %o', async (key, value) => {
      await expectInvalid(() => loose(controller.createNetwork.bind(controller))('new', { [key]: value }), key)
    })

    it.each([
      ['name', 'A B'],
      ['name', 7],
      ['from', 7],
      ['drivers', null],
      ['drivers', { trusted: 7 }],
      ['drivers', { use: [{}] }],
      ['drivers', { allow: 'all' }],
      ['store', 'memory'],
      ['defaultDriver', 'No'],
      ['defaultIpam', ''],
      ['sandboxProvider', 7],
      ['sandboxFolder', 'relative'],
      ['resolvConf', 'relative'],
      ['logger', 7],
      ['clock', null],
    ])('createController with a wrong %s: %o', async (key, value) => {
      await expectInvalid(() => loose(createController)({ from: import.meta.url, [key]: value }), key)
    })

    it.each([
      ['bridgeName', ''],
      ['bridgeName', 'a/b'],
      ['bridgeName', 'a b'],
      ['bridgeName', 'sixteen-letters-'],
      ['bridgeName', '..'],
      ['bridgeName', 'a\0'],
      ['bridgeName', 'all'],
      ['bridgeName', 7],
      ['mtu', 67],
      ['mtu', 65_536],
      ['mtu', 1500.5],
      ['mtu', '1500'],
      ['mtu', Number.NaN],
      ['macAddress', '01:00:00:00:00:00'],
      ['macAddress', '00:00:00:00:00:00'],
      ['macAddress', 'ff:ff:ff:ff:ff:ff'],
      ['macAddress', '02:42'],
      ['forwarding', true],
      ['interfacePrefix', 'a/b'],
      ['interfacePrefix', 'twelve-chars'],
      ['colour', 'blue'],
      ['BridgeName', 'br0'],
    ])('driver option %s: %o', async (key, value) => {
      const options = { options: { [key]: value } }
      await expectInvalid(() => loose(controller.createNetwork.bind(controller))('new', options), `options.${key}`)
    })

    it('all problems of a request are told at once', async () => {
      const { text } = await refusal(() =>
        loose(controller.createNetwork.bind(controller))('a b', {
          subnets: [{ subnet: '10.0.0.1/24' }],
          options: { mtu: 1, bridgeName: '' },
        }),
      )
      for (const field of ['name', 'subnets.0.subnet', 'options.mtu', 'options.bridgeName'])
        expect(text).toContain(field)
    })

    it.each([
      ['path', BAD_PATHS],
      ['key', BAD_PATHS],
    ] as const)('createSandbox with a bad %s', async (key, values) => {
      for (const [, value] of values) {
        await expectInvalid(() => loose(controller.createSandbox.bind(controller))({ [key]: value }), key)
      }
    })

    it.each([0, -1, 1.5, 2 ** 40, '1', null])('createSandbox with pid %o', async (pid) => {
      await expectInvalid(() => loose(controller.createSandbox.bind(controller))({ pid }), 'pid')
    })

    it('createSandbox with two ways to say which', async () => {
      await expectInvalid(() => controller.createSandbox({ key: '/run/netns/a', pid: 1 }), 'at most one')
    })

    it.each([...STRANGE, ['undefined', undefined], ['a text', 'sandbox']] as const)(
      'join(%s)',
      async (_title, value) => {
        await expectInvalid(() => loose(endpoint.join.bind(endpoint))(value), 'sandbox')
        if (value === undefined) return
        await expectInvalid(() => loose(network.createEndpoint.bind(network))('new', { sandbox: value }), 'sandbox')
      },
    )

    it.each([1.5, '1', Number.POSITIVE_INFINITY, null])('join with priority %o', async (priority) => {
      await expectInvalid(() => loose(endpoint.join.bind(endpoint))(sandbox, { priority }), 'priority')
    })
  })

  describe('addresses', () => {
    it.each(BAD_SUBNETS)('a subnet with %s', async (_title, subnet) => {
      await expectInvalid(
        () => loose(controller.createNetwork.bind(controller))('new', { subnets: [{ subnet }] }),
        'subnets.0',
      )
    })

    it.each([
      ['a range outside', { range: '10.3.0.0/24' }, 'range'],
      ['a range with host bits', { range: '10.2.0.1/25' }, 'range'],
      ['a wider range', { range: '10.2.0.0/16' }, 'range'],
      ['a gateway outside', { gateway: '10.3.0.1' }, 'gateway'],
      ['a gateway of the other family', { gateway: 'fd00::1' }, 'gateway'],
      ['the network address as gateway', { gateway: '10.2.0.0' }, 'gateway'],
      ['the broadcast address as gateway', { gateway: '10.2.0.255' }, 'gateway'],
      ['a gateway with a prefix', { gateway: '10.2.0.1/24' }, 'gateway'],
      ['an auxiliary address outside', { auxiliary: { router: '10.3.0.1' } }, 'auxiliary'],
      ['an unknown key', { mask: 24 }, 'mask'],
    ])('a subnet with %s', async (_title, more, field) => {
      const options = { subnets: [{ subnet: '10.2.0.0/24', ...more }] }
      await expectInvalid(() => loose(controller.createNetwork.bind(controller))('new', options), field)
    })

    it('families that contradict each other', async () => {
      const subnets = [{ subnet: '10.2.0.0/24' }]
      await expectInvalid(() => controller.createNetwork('new', { ipv4: false, subnets }), 'subnets.0')
      await expectInvalid(() => controller.createNetwork('new', { ipv4: false }), 'ipv4')
      await expectInvalid(
        () => controller.createNetwork('new', { ipv6: false, subnets: [{ subnet: 'fd00::/64' }] }),
        'subnets.0',
      )
      await expectInvalid(() => controller.createNetwork('new', { subnets: [...subnets, ...subnets] }), 'subnets.1')
    })

    it.each(['10.2.0.9', '10.1.0.9/24', 'fd00::1', '10.1.0', '', 7, null])('a static address %o', async (address) => {
      await expectInvalid(
        () => loose(network.createEndpoint.bind(network))('new', { addresses: [address] }),
        'addresses',
      )
    })

    it.each(['02:42', '01:00:5e:00:00:01', '00:00:00:00:00:00', 'zz:zz:zz:zz:zz:zz', '', 7])(
      'a MAC address %o',
      async (macAddress) => {
        await expectInvalid(() => loose(network.createEndpoint.bind(network))('new', { macAddress }), 'macAddress')
      },
    )

    it.each([
      ['the gateway', { addresses: ['10.1.0.1'] }, 'conflict'],
      ['an address that is taken', { addresses: ['10.1.0.2'] }, 'conflict'],
      ['the broadcast address', { addresses: ['10.1.0.255'] }, 'invalid'],
      ['a MAC address that is taken', { macAddress: '02:42:0a:01:00:02' }, 'conflict'],
    ])('%s is refused, and nothing is lost', async (_title, options, kind) => {
      const before = await network.inspect()
      const refused = await refusal(() => network.createEndpoint('new', options))
      expect(refused.kind).toBe(kind)
      expect(await network.inspect()).toEqual(before)
    })
  })

  describe('state', () => {
    it.each([
      ['network', () => controller.getNetwork('nobody'), 'ERR_NETWORK_NOT_FOUND'],
      ['sandbox', () => controller.getSandbox('/run/netns/nobody'), 'ERR_SANDBOX_RECORD_NOT_FOUND'],
      ['endpoint', () => network.getEndpoint('nobody'), 'ERR_ENDPOINT_NOT_FOUND'],
      [
        'driver',
        () => loose(controller.createNetwork.bind(controller))('new', { driver: 'nobody' }),
        'ERR_DRIVER_NOT_FOUND',
      ],
      ['IPAM driver', () => controller.createNetwork('new', { ipam: 'nobody' }), 'ERR_DRIVER_NOT_FOUND'],
      ['namespace', () => controller.createSandbox({ path: '/run/netns/nobody' }), 'ERR_SANDBOX_NOT_FOUND'],
    ])('a %s that does not exist', async (_title, call, code) => {
      const before = state()
      expect(await refusal(call)).toMatchObject({ code, kind: 'not-found' })
      expect(state()).toEqual(before)
    })

    it('what is deleted cannot be deleted again, nor used', async () => {
      const gone = await controller.createNetwork('gone')
      const goneEndpoint = await gone.createEndpoint('gone')
      const goneSandbox = await controller.createSandbox()
      await goneEndpoint.delete()
      await gone.delete()
      await goneSandbox.delete()
      const calls: readonly (readonly [Call, string])[] = [
        [() => gone.delete(), 'ERR_NETWORK_NOT_FOUND'],
        [() => gone.inspect(), 'ERR_NETWORK_NOT_FOUND'],
        [() => gone.createEndpoint('new'), 'ERR_NETWORK_NOT_FOUND'],
        [() => gone.listEndpoints(), 'ERR_NETWORK_NOT_FOUND'],
        [() => gone.getEndpoint('gone'), 'ERR_NETWORK_NOT_FOUND'],
        [() => goneEndpoint.delete(), 'ERR_ENDPOINT_NOT_FOUND'],
        [() => goneEndpoint.inspect(), 'ERR_ENDPOINT_NOT_FOUND'],
        [() => goneEndpoint.join(sandbox), 'ERR_ENDPOINT_NOT_FOUND'],
        [() => goneEndpoint.leave(), 'ERR_ENDPOINT_NOT_FOUND'],
        [() => goneEndpoint.statistics(), 'ERR_ENDPOINT_NOT_FOUND'],
        [() => goneSandbox.delete(), 'ERR_SANDBOX_RECORD_NOT_FOUND'],
        [() => goneSandbox.inspect(), 'ERR_SANDBOX_RECORD_NOT_FOUND'],
        [() => goneSandbox.setGateway('10.0.0.1'), 'ERR_SANDBOX_RECORD_NOT_FOUND'],
        [() => endpoint.join(goneSandbox), 'ERR_SANDBOX_RECORD_NOT_FOUND'],
      ]
      for (const [call, code] of calls) expect(await refusal(call)).toMatchObject({ code, kind: 'not-found' })
    })

    it('an endpoint joins once, and leaves only what it has joined', async () => {
      expect(await refusal(() => endpoint.leave())).toMatchObject({
        code: 'ERR_ENDPOINT_NOT_JOINED',
        kind: 'conflict',
      })
      expect(await refusal(() => endpoint.statistics())).toMatchObject({ code: 'ERR_ENDPOINT_NOT_JOINED' })
      await endpoint.join(sandbox)
      const before = state()
      expect(await refusal(() => endpoint.join(sandbox))).toMatchObject({
        code: 'ERR_ENDPOINT_JOINED',
        kind: 'conflict',
      })
      expect(await refusal(() => endpoint.delete())).toMatchObject({ code: 'ERR_ENDPOINT_JOINED', kind: 'conflict' })
      expect(await refusal(() => network.delete())).toMatchObject({ code: 'ERR_NETWORK_IN_USE', kind: 'conflict' })
      expect(state()).toEqual(before)
      await endpoint.leave()
    })

    it('an aborted signal stops every verb before it has done anything', async () => {
      const signal = AbortSignal.abort()
      await endpoint.join(sandbox)
      const before = state()
      const calls: readonly Call[] = [
        () => controller.createNetwork('new', { signal }),
        () => controller.createSandbox({ signal }),
        () => network.createEndpoint('new', { signal }),
        () => endpoint.join(sandbox, { signal }),
        () => endpoint.leave({ signal }),
        () => endpoint.delete({ signal }),
        () => endpoint.statistics({ signal }),
        () => network.delete({ signal }),
        () => sandbox.delete({ signal }),
        () => sandbox.connect({ host: '10.1.0.1', port: 1, signal }),
      ]
      for (const call of calls) expect(await refusal(call)).toMatchObject({ kind: 'aborted' })
      expect(state()).toEqual(before)
      expect((await controller.listNetworks()).length).toBe(1)
      expect((await endpoint.inspect()).sandbox?.id).toBe(sandbox.id)
      await endpoint.leave()
    })

    it('nothing works after close, and close works again', async () => {
      const other = await createController({ from: import.meta.url })
      const owned = await other.createNetwork('closing')
      const ownedEndpoint = await owned.createEndpoint('closing')
      const ownedSandbox = await other.createSandbox()
      await ownedEndpoint.delete()
      await owned.delete()
      await ownedSandbox.delete()
      await other.close()
      const calls: readonly Call[] = [
        () => other.createNetwork('new'),
        () => other.getNetwork('closing'),
        () => other.listNetworks(),
        () => other.createSandbox(),
        () => other.getSandbox('x'),
        () => other.listSandboxes(),
        () => other.events(),
        () => owned.createEndpoint('new'),
        () => owned.inspect(),
        () => owned.delete(),
        () => ownedEndpoint.inspect(),
        () => ownedEndpoint.join(ownedSandbox),
        () => ownedSandbox.inspect(),
        () => ownedSandbox.spawn('true'),
        () => ownedSandbox.listen({ port: 1 }),
        () => ownedSandbox.interfaces(),
      ]
      for (const call of calls) expect(await refusal(call)).toMatchObject({ code: 'ERR_CLOSED', kind: 'unavailable' })
      await other.close()
    })
  })

  describe('inside a sandbox', () => {
    const wrong: readonly (readonly [string, () => unknown])[] = [
      ['spawn without a command', () => loose(sandbox.spawn.bind(sandbox))('')],
      ['spawn of a number', () => loose(sandbox.spawn.bind(sandbox))(7)],
      ['listen without a port', () => loose(sandbox.listen.bind(sandbox))({})],
      ['listen on port 65536', () => sandbox.listen({ port: 65_536 })],
      ['listen on port -1', () => sandbox.listen({ port: -1 })],
      ['listen on a name', () => sandbox.listen({ port: 1, host: 'localhost' })],
      ['bindUdp without a port', () => loose(sandbox.bindUdp.bind(sandbox))({})],
      ['bindUdp to a name', () => sandbox.bindUdp({ port: 1, host: 'localhost' })],
      ['connect without a host', () => loose(sandbox.connect.bind(sandbox))({ port: 1 })],
      ['connect to port 0', () => sandbox.connect({ host: '10.1.0.1', port: 0 })],
      ['connect to a name', () => sandbox.connect({ host: 'localhost', port: 1 })],
      ['a gateway that is no address', () => sandbox.setGateway('gateway')],
      ['an IPv6 gateway as IPv4', () => sandbox.setGateway('fd00::1')],
      ['an IPv4 gateway as IPv6', () => sandbox.setGatewayIPv6('10.0.0.1')],
      ['an interface of null', () => loose(sandbox.addInterface.bind(sandbox))(null)],
      ['an interface without a source', () => loose(sandbox.addInterface.bind(sandbox))({ addresses: [] })],
      [
        'an interface with a bad address',
        () => sandbox.addInterface({ source: { kind: 'ready' }, name: 'x', addresses: ['10.0.0.1'] }),
      ],
    ]
    it.each(wrong)('%s', async (_title, call) => {
      await expectInvalid(call, '')
    })
  })
})
