import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { HostOperation, InterfaceInfo } from '@libnetwork/driver-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kernelState } from '../../../testing/kernel-state.ts'
import { describeWith, ip, itWith, witness } from '../../../testing/witness.ts'
import { createSandboxProvider } from '../src/provider.ts'
import { ENGINES, everything, Ground, port, refusal, until } from './fixtures/provider.ts'

describe.each(ENGINES)('the provider with the engine %s', (engine) => {
  let ground: Ground

  beforeEach(async () => {
    ground = new Ground(engine)
    await ground.addBridge()
  })

  afterEach(() => ground.clear())

  describe('create', () => {
    itWith('nsenter', 'TestSandboxCreate: a namespace that one can enter by its path', async () => {
      // As in the original, the file is there before.
      mkdirSync('/run/netns', { recursive: true })
      writeFileSync('/run/netns/abcdef012345', '')
      const key = await ground.create('abcdef012345')
      const inside = witness('nsenter')?.([`--net=${key}`, 'readlink', '/proc/self/ns/net'])
      expect(inside).toBe(`net:[${statSync(key).ino}]\n`)
      expect(inside).not.toContain(readFileSync('/proc/self/net/dev', 'utf8'))
    })

    it('DEFECT-25: the path leads to the new namespace and not to that of the main thread', async () => {
      const key = await ground.create('one')
      expect(statSync(key).ino).not.toBe(statSync('/proc/self/ns/net').ino)
    })

    it('makes the folders above, takes a left-over file, and refuses a live namespace', async () => {
      const key = '/run/deep/er/one'
      const made = await ground.provider.create({ key, owner: 'test' }, ground.context)
      expect(made).toEqual({ key, identity: expect.stringMatching(/^\d+:\d+$/) as string, owned: true })
      const before = kernelState()
      expect(await refusal(ground.provider.create({ key, owner: 'test' }, ground.context))).toMatchObject({
        code: 'ERR_SANDBOX_EXISTS',
        kind: 'exists',
      })
      expect(kernelState()).toEqual(before)
      await ground.provider.destroy({ key, owned: true }, ground.context)
      rmSync('/run/deep', { recursive: true })
    })

    it.each([
      ['a file with something in it', () => writeFileSync('/run/taken', 'text')],
      ['a folder', () => mkdirSync('/run/taken')],
      ['a link', () => symlinkSync('/run', '/run/taken')],
    ])('refuses %s, and leaves it', async (_title, make) => {
      make()
      const before = kernelState()
      expect(
        await refusal(ground.provider.create({ key: '/run/taken', owner: 'test' }, ground.context)),
      ).toMatchObject({ code: 'ERR_SANDBOX_KEY' })
      expect(kernelState()).toEqual(before)
      rmSync('/run/taken', { recursive: true })
    })

    it('of 50 at once makes 50', async () => {
      const keys = await Promise.all(Array.from({ length: 50 }, (_, index) => ground.create(`n${index}`)))
      expect(new Set(keys.map((key) => statSync(key).ino)).size).toBe(50)
      const results = await Promise.allSettled([1, 2, 3].map(() => ground.create('same')))
      expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    })
  })

  describeWith('ip', 'destroy', () => {
    it('takes the namespace away, and again it is no error', async () => {
      const key = await ground.create('one')
      const { interfaces } = await ground.provider.apply({ key, interfaces: [port(2)] }, ground.context)
      const answer = await ground.provider.destroy({ key, owned: true, interfaces }, ground.context)
      expect(answer).toEqual({ survivors: [] })
      expect(existsSync(key)).toBe(false)
      await until(() => !ip('link', 'show').some(({ ifname }) => ifname === 'port2'))
      expect(await ground.provider.destroy({ key, owned: true, interfaces }, ground.context)).toEqual({
        survivors: [],
      })
    })

    it('cuts off and reports the processes that survive', async () => {
      const key = await ground.create('one')
      const { interfaces } = await ground.provider.apply({ key, interfaces: [port(2)] }, ground.context)
      const child = ground.provider.attach(key).spawn('sleep', ['30'])
      const { survivors } = await ground.provider.destroy({ key, owned: true, interfaces }, ground.context)
      expect(survivors).toEqual([{ pid: child.pid, command: expect.stringContaining('sleep') as string }])
      expect(ip('link', 'show').find(({ ifname }) => ifname === 'port2')?.flags ?? []).not.toContain('UP')
      // The endpoint can be joined elsewhere although the kernel still has the old link.
      const other = await ground.create('two')
      const alias = { kind: 'veth', host: { name: 'port7', master: 'br0', alias: 'mine' } } as const
      const first = await ground.provider.apply(
        { key: other, interfaces: [port(7, { source: alias })] },
        ground.context,
      )
      const sleeping = ground.provider.attach(other).spawn('sleep', ['30'])
      await ground.provider.destroy({ key: other, owned: true, interfaces: first.interfaces }, ground.context)
      const third = await ground.create('three')
      await ground.provider.apply({ key: third, interfaces: [port(7, { source: alias })] }, ground.context)
      for (const process of [child, sleeping]) {
        const exited = new Promise((resolve) => process.once('exit', resolve))
        process.kill()
        await exited
      }
    })

    it('closes the sockets that this process has inside', async () => {
      const key = await ground.create('one')
      const live = ground.provider.attach(key)
      const server = await live.listen({ port: 80 })
      const udp = await live.bindUdp({ port: 81 })
      const accepted = new Promise((resolve) => server.once('connection', resolve))
      const socket = await live.connect({ host: '127.0.0.1', port: 80 })
      await accepted
      const closed = [server, udp, socket].map((each) => new Promise((resolve) => each.once('close', resolve)))
      socket.on('error', () => undefined)
      await ground.provider.destroy({ key, owned: true }, ground.context)
      await Promise.all(closed)
    })

    it('never unmounts what somebody else has made', async () => {
      witness('ip')?.(['netns', 'add', 'theirs'])
      const reference = await ground.provider.open({ path: '/run/netns/theirs' }, ground.context)
      expect(reference.owned).toBe(false)
      const { interfaces } = await ground.provider.apply(
        { key: reference.key, interfaces: [port(2)] },
        ground.context,
      )
      await ground.provider.destroy({ key: reference.key, owned: false, interfaces }, ground.context)
      expect(witness('ip')?.(['netns', 'list'])).toContain('theirs')
      expect(ip('link', 'show', { namespace: '/run/netns/theirs' }).map(({ ifname }) => ifname)).toEqual(['lo'])
      witness('ip')?.(['netns', 'delete', 'theirs'])
      execFileSync('umount', ['--lazy', '/run/netns'])
    })
  })

  describe('open', () => {
    it('goes by path, by pid, and for the host', async () => {
      const key = await ground.create('one')
      expect(await ground.provider.open({ path: key }, ground.context)).toMatchObject({ key, owned: false })
      const child = spawn('sleep', ['30'])
      expect(await ground.provider.open({ pid: child.pid }, ground.context)).toMatchObject({
        key: `/proc/${child.pid}/ns/net`,
      })
      child.kill()
      expect(await ground.provider.open({ host: true }, ground.context)).toMatchObject({ key: 'host', owned: false })
      expect((await ground.provider.attach('host').interfaces()).map(({ name }) => name)).toContain('br0')
    })

    it.each([
      ['nothing', {}, 'ERR_INVALID_ARGUMENT'],
      ['two ways', { path: '/run/x', pid: 1 }, 'ERR_INVALID_ARGUMENT'],
      ['a path with nothing', { path: '/run/nothing' }, 'ERR_SANDBOX_NOT_FOUND'],
      ['a file that is no namespace', { path: '/proc/self/status' }, 'ERR_SANDBOX_NOT_FOUND'],
      ['no process', { pid: 4_000_000 }, 'ERR_SANDBOX_NOT_FOUND'],
    ])('refuses %s', async (_title, request, code) => {
      expect(await refusal(ground.provider.open(request, ground.context))).toMatchObject({ code })
    })
  })

  describeWith('ip', 'step by step', () => {
    it('DEFECT-26, DEFECT-27, DEFECT-28: interfaces, gateways, and what is inside', async () => {
      const live = ground.provider.attach(await ground.create('one'))
      const host = readFileSync('/proc/self/net/route', 'utf8')
      const applied = await live.addInterface(port(2))
      await live.setGateway('10.0.0.1')
      await live.setGatewayIPv6('fd00::1')
      expect(readFileSync('/proc/self/net/route', 'utf8')).toBe(host)
      expect(applied.addresses).toEqual(['10.0.0.2/24', 'fd00::2/64'])
      expect(await live.interfaces()).toMatchObject([{ name: 'eth0', addresses: ['10.0.0.2/24', 'fd00::2/64'] }])
      const defaults = ([4, 6] as const).map(
        (family) => ip('route', 'show default', { namespace: live.key, family })[0]?.gateway,
      )
      expect(defaults).toEqual(['10.0.0.1', 'fd00::1'])
      await live.removeInterface('eth0')
      await live.removeInterface('eth0')
      expect(await live.interfaces()).toEqual([])
    })

    it('statistics are those that `ip` shows', async () => {
      const key = await ground.create('one')
      await ground.provider.apply({ key, interfaces: [port(2, { addresses: ['10.0.0.2/24'] })] }, ground.context)
      const socket = await ground.provider.attach(key).bindUdp({ port: 0 })
      for (let round = 0; round < 5; round++) await new Promise((resolve) => socket.send('x', 9, '10.0.0.1', resolve))
      socket.close()
      const statistics = await ground.provider.statistics({ key, interface: 'eth0' }, ground.context)
      expect(Number(statistics.txPackets)).toBeGreaterThanOrEqual(5)
      expect(await refusal(ground.provider.statistics({ key, interface: 'nobody' }, ground.context))).toMatchObject({
        kind: 'not-found',
      })
    })
  })

  describeWith('ip', 'the host', () => {
    const seen = (): unknown => [
      kernelState(),
      ip('link', 'show').map(({ ifname, flags, ifalias, mtu }) => ({ ifname, flags, ifalias, mtu })),
    ]

    const failing: readonly (readonly [string, readonly HostOperation[]])[] = [
      [
        'a link of a name that is a stranger’s',
        [{ op: 'link.add', link: { name: 'br0', info: { kind: 'bridge' }, alias: 'mine', up: false } }],
      ],
      ['an address that is there', [{ op: 'address.add', link: 'br0', address: '10.0.0.1/24' }]],
      ['a route to nowhere', [{ op: 'route.add', route: { destination: '10.9.0.0/16', gateway: '10.8.8.8' } }]],
      ['a link that is not there', [{ op: 'link.set', name: 'nobody', settings: { up: true } }]],
      ['a sysctl that does not exist', [{ op: 'sysctl.set', key: 'ipv4/nothing', value: '1' }]],
      ['a master that is not there', [{ op: 'link.set', name: 'br0', settings: { master: 'nobody' } }]],
    ]

    it.each(failing)('takes back what was done before %s', async (_title, operations) => {
      const before = seen()
      const first: readonly HostOperation[] = [
        { op: 'link.add', link: { name: 'br1', info: { kind: 'bridge' }, up: true } },
        { op: 'address.add', link: 'br1', address: '10.1.0.1/24' },
        { op: 'route.add', route: { destination: '10.2.0.0/16', gateway: '10.1.0.2' } },
        { op: 'neighbour.add', neighbour: { link: 'br1', address: '10.1.0.9', macAddress: '02:42:00:00:00:09' } },
        { op: 'sysctl.set', key: 'ipv4/conf/br0/arp_announce', value: '2' },
        { op: 'link.set', name: 'br0', settings: { mtu: 1400, alias: 'ours' } },
      ]
      expect(
        (await refusal(ground.provider.host?.apply([...first, ...operations]) ?? Promise.resolve())).code,
      ).toMatch(/^ERR_/)
      expect(seen()).toEqual(before)
      expect(await ground.provider.host?.sysctl('ipv4/conf/br0/arp_announce')).toBe('0')
    })

    it('reads what `ip` reads', async () => {
      const { host } = ground.provider
      expect((await host?.links())?.map(({ name }) => name)).toEqual(ip('link', 'show').map(({ ifname }) => ifname))
      expect(await host?.link('br0')).toMatchObject({ kind: 'bridge', macAddress: '02:42:00:00:00:01', up: true })
      expect(await host?.link('nobody')).toBeUndefined()
      expect((await host?.addresses({ link: 'br0', family: 'ipv4' }))?.map(({ address }) => address)).toEqual([
        '10.0.0.1/24',
      ])
      expect((await host?.routes({ link: 'br0', family: 'ipv4' }))?.map(({ destination }) => destination)).toContain(
        '10.0.0.0/24',
      )
      expect(await host?.sysctl('ipv4/ip_forward')).toMatch(/^[01]$/)
      expect(await host?.sysctl('ipv4/nothing')).toBeUndefined()
      expect(await refusal(host?.sysctl('../../etc/passwd') ?? Promise.resolve())).toMatchObject({ kind: 'invalid' })
    })
  })

  describe('bad input', () => {
    // What the compiler refuses comes from JavaScript.
    const loose = (value: unknown): never => value as never

    it.each([
      [
        '',
        7,
        null,
        undefined,
        {},
        'relative',
        '/',
        '/run/',
        '/run/../x',
        '/run/a\0b',
        '/run/a\nb',
        `/run/${'x'.repeat(256)}`,
        `/run${'/xxxxxxx'.repeat(512)}`,
      ],
    ])('keys', async (...keys) => {
      for (const key of keys) {
        const before = kernelState()
        expect(
          await refusal(ground.provider.create({ key: loose(key), owner: 'test' }, ground.context)),
        ).toMatchObject({ kind: 'invalid' })
        expect(kernelState()).toEqual(before)
      }
    })

    const wrong: readonly (readonly [string, Partial<Record<keyof InterfaceInfo, unknown>>])[] = [
      ['source', { source: undefined }],
      ['source', { source: { kind: 'teapot' } }],
      ['source.host.name', { source: { kind: 'veth', host: {} } }],
      ['source.host.name', { source: { kind: 'veth', host: { name: 'x'.repeat(16) } } }],
      ['source.name', { source: { kind: 'existing', name: 'a/b' } }],
      ['name', { name: 'x'.repeat(16) }],
      ['name', { name: '' }],
      ['name', { name: '..' }],
      ['name', { name: 'a b' }],
      ['name', { name: 'a/b' }],
      ['name', { name: 'a\0b' }],
      ['name', { name: 7 }],
      ['prefix', { prefix: '' }],
      ['prefix', { prefix: 'a b' }],
      ['macAddress', { macAddress: '02:42' }],
      ['macAddress', { macAddress: 7 }],
      ['mtu', { mtu: 67 }],
      ['mtu', { mtu: 65_536 }],
      ['mtu', { mtu: '1500' }],
      ['addresses', { addresses: '10.0.0.1/24' }],
      ['addresses', { addresses: undefined }],
      ['addresses.0', { addresses: ['10.0.0.1'] }],
      ['addresses.0', { addresses: ['10.0.0.1/33'] }],
      ['addresses.0', { addresses: [7] }],
      ['routes.0', { routes: [{ destination: 'everywhere' }] }],
      ['routes.0', { routes: [{ destination: '10.0.0.0/8', gateway: 'there' }] }],
      ['neighbours.0', { neighbours: [{ address: 'x', macAddress: '02:42:00:00:00:01' }] }],
      ['neighbours.0', { neighbours: [{ address: '10.0.0.9', macAddress: 'x' }] }],
      ['sysctls', { sysctls: { '../../etc/passwd': '1' } }],
      ['sysctls', { sysctls: { 'ipv4.conf.IFNAME.arp_announce': 7 } }],
    ]

    itWith('ip', 'interfaces: every field is named', async () => {
      const key = await ground.create('one')
      for (const [field, change] of wrong) {
        const before = everything(key)
        const info = loose({ ...port(2), ...change })
        const { code, message } = await refusal(ground.provider.apply({ key, interfaces: [info] }, ground.context))
        expect([field, code]).toEqual([field, 'ERR_INVALID_ARGUMENT'])
        expect(message).toContain(field)
        expect(everything(key)).toEqual(before)
      }
    })

    it('sandboxes that do not exist, and the host', async () => {
      const key = '/run/netns/nobody'
      expect(await refusal(ground.provider.apply({ key, interfaces: [port(2)] }, ground.context))).toMatchObject({
        code: 'ERR_SANDBOX_NOT_FOUND',
      })
      expect(
        await refusal(ground.provider.apply({ key: 'host', interfaces: [port(2)] }, ground.context)),
      ).toMatchObject({ code: 'ERR_SANDBOX_KEY' })
      await ground.provider.remove({ key, interfaces: [] }, ground.context)
      expect(await refusal(ground.provider.attach(key).interfaces())).toMatchObject({ code: 'ERR_SANDBOX_NOT_FOUND' })
    })

    it('signals that have fired, and a provider that was closed', async () => {
      const aborted = { ...ground.context, signal: AbortSignal.abort() }
      const before = kernelState()
      expect(await refusal(ground.provider.create({ key: '/run/netns/x', owner: 'test' }, aborted))).toMatchObject({
        code: 'ERR_ABORTED',
      })
      expect(kernelState()).toEqual(before)
      const other = createSandboxProvider({ engine })
      await other.list({ owner: 'test' }, ground.context)
      await other.close()
      await other.close()
      expect(await refusal(other.create({ key: '/run/netns/x', owner: 'test' }, ground.context))).toMatchObject({
        code: 'ERR_CLOSED',
      })
    })
  })

  it('file descriptors stay flat over 100 rounds', { timeout: 60_000 }, async () => {
    let before = 0
    for (let round = 0; round < 100; round++) {
      if (round === 20) before = readdirSync('/proc/self/fd').length
      const key = await ground.create('round')
      const { interfaces } = await ground.provider.apply({ key, interfaces: [port(2)] }, ground.context)
      await ground.provider.remove({ key, interfaces }, ground.context)
      await ground.provider.destroy({ key, owned: true }, ground.context)
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })
})
