import { readFileSync } from 'node:fs'
import type { InterfaceInfo, SandboxApplyRequest } from '@libnetwork/driver-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWith, ip, witness } from '../../../testing/witness.ts'
import { ENGINES, everything, Ground, port, refusal } from './fixtures/provider.ts'

function sysctlInside(key: string, name: string): string {
  return witness('nsenter')?.([`--net=${key}`, 'cat', `/proc/sys/net/${name}`]).trim() ?? ''
}

describeWith(['ip', 'nsenter', 'ping'], 'apply', () => {
  describe.each(ENGINES)('with the engine %s', (engine) => {
    let ground: Ground
    let key: string

    beforeEach(async () => {
      ground = new Ground(engine)
      await ground.addBridge()
      key = await ground.create('one')
    })

    afterEach(() => ground.clear())

    const apply = (request: Omit<SandboxApplyRequest, 'key'>): ReturnType<Ground['provider']['apply']> =>
      ground.provider.apply({ key, ...request }, ground.context)

    it('makes all that is described', async () => {
      const { interfaces } = await apply({
        interfaces: [
          port(2, {
            mtu: 1400,
            source: {
              kind: 'veth',
              host: {
                name: 'port2',
                master: 'br0',
                macAddress: '02:42:00:00:00:99',
                group: 77,
                alias: 'mine',
                port: { isolated: true, hairpin: true },
              },
            },
            routes: [
              { destination: '10.5.0.0/16', gateway: '10.0.0.5', metric: 7 },
              { destination: 'fd05::/48', gateway: 'fd00::5' },
            ],
            neighbours: [
              { address: '10.0.0.77', macAddress: '02:42:00:00:00:77' },
              { address: 'fd00::77', macAddress: '02:42:00:00:00:77' },
            ],
            sysctls: { 'ipv4.conf.IFNAME.arp_announce': '2' },
          }),
        ],
        gateway: { address: '10.0.0.1' },
        gatewayIPv6: { address: 'fd00::1' },
        sysctls: { 'ipv4/ip_unprivileged_port_start': '80' },
      })
      expect(interfaces).toEqual([
        expect.objectContaining({
          name: 'eth0',
          macAddress: '02:42:0a:00:00:02',
          mtu: 1400,
          addresses: ['10.0.0.2/24', 'fd00::2/64'],
          hostEnd: 'port2',
        }),
      ])
      const at = { namespace: key }
      expect(ip('link', 'show dev lo', at)[0]?.flags).toContain('UP')
      const [eth0] = ip('address', 'show dev eth0', at)
      expect(eth0).toMatchObject({ address: '02:42:0a:00:00:02', mtu: 1400, operstate: 'UP' })
      const global = eth0?.addr_info?.filter(({ scope }) => scope === 'global')
      expect(global?.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual(['10.0.0.2/24', 'fd00::2/64'])
      expect(global?.some(({ tentative }) => tentative === true)).toBe(false)
      expect(ip('route', 'show', { ...at, family: 4 })).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ dst: 'default', gateway: '10.0.0.1', dev: 'eth0' }),
          expect.objectContaining({ dst: '10.5.0.0/16', gateway: '10.0.0.5', metric: 7 }),
        ]),
      )
      expect(ip('route', 'show', { ...at, family: 6 })).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ dst: 'default', gateway: 'fd00::1', dev: 'eth0' }),
          expect.objectContaining({ dst: 'fd05::/48', gateway: 'fd00::5' }),
        ]),
      )
      const neighbours = ip('neighbour', 'show', at)
        .filter(({ state }) => state.includes('PERMANENT'))
        .map(({ dst, lladdr }) => [dst, lladdr])
      expect(neighbours.sort()).toEqual([
        ['10.0.0.77', '02:42:00:00:00:77'],
        ['fd00::77', '02:42:00:00:00:77'],
      ])
      expect(sysctlInside(key, 'ipv4/conf/eth0/arp_announce')).toBe('2')
      expect(sysctlInside(key, 'ipv4/ip_unprivileged_port_start')).toBe('80')
      expect(ip('link', 'show dev port2')).toMatchObject([
        {
          address: '02:42:00:00:00:99',
          mtu: 1400,
          master: 'br0',
          group: '77',
          ifalias: 'mine',
          operstate: 'UP',
          linkinfo: { info_slave_data: { state: 'forwarding', isolated: true, hairpin: true } },
        },
      ])
    })

    it('of an interface without IPv6 addresses leaves IPv6 off on it', async () => {
      await apply({ interfaces: [port(2, { addresses: ['10.0.0.2/24'] })] })
      expect(sysctlInside(key, 'ipv6/conf/eth0/disable_ipv6')).toBe('1')
      expect(ip('address', 'show dev eth0', { namespace: key })[0]?.addr_info?.length).toBe(1)
    })

    it('names interfaces one after the other, also of many at once and beside foreign ones', async () => {
      witness('ip')?.(['link', 'add', 'foreign', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', 'one'])
      const [first, second] = await Promise.all([
        apply({ interfaces: [port(2), port(3, { name: 'wan' })] }),
        apply({ interfaces: [port(4), port(5, { prefix: 'net' })] }),
      ])
      const names = [...first.interfaces, ...second.interfaces].map(({ name }) => name)
      expect([...names].sort()).toEqual(['eth0', 'eth2', 'net0', 'wan'])
      expect(
        ip('link', 'show', { namespace: key })
          .map(({ ifname }) => ifname)
          .sort(),
      ).toEqual([...names, 'eth1', 'lo'].sort())
      witness('ip')?.(['link', 'delete', 'foreign'])
    })

    it('can be used at once, over IPv4 and IPv6', async () => {
      const other = await ground.create('two')
      await apply({ interfaces: [port(2)] })
      await ground.provider.apply({ key: other, interfaces: [port(3)] }, ground.context)
      const server = await ground.provider.attach(other).listen({ port: 80, host: 'fd00::3' })
      server.on('connection', (socket) => socket.end('hello'))
      let text = ''
      for await (const chunk of await ground.provider.attach(key).connect({ host: 'fd00::3', port: 80 }))
        text += String(chunk)
      expect(text).toBe('hello')
      server.close()
      expect(() => witness('ping')?.(['-c', '1', '-W', '3', '10.0.0.3'], { namespace: key })).not.toThrow()
    })

    it('of an address that somebody else had works at once for who knows the old one', async () => {
      const peer = await ground.create('peer')
      await ground.provider.apply({ key: peer, interfaces: [port(9)] }, ground.context)
      const ping = (address: string): void =>
        void witness('ping')?.(['-c', '1', '-W', '1', address], { namespace: peer })
      const cached = (address: string): string | undefined =>
        ip('neighbour', 'show', { namespace: peer }).find(({ dst }) => dst === address)?.lladdr
      for (const round of [1, 2, 3]) {
        const name = await ground.create(`round${round}`)
        const macAddress = `02:42:00:00:01:0${round}`
        const info = port(20, {
          macAddress,
          source: { kind: 'veth', host: { name: `round${round}`, master: 'br0' } },
        })
        const { interfaces } = await ground.provider.apply({ key: name, interfaces: [info] }, ground.context)
        // Nobody has asked yet, and yet everybody knows, since the first round.
        for (const address of ['10.0.0.20', 'fd00::14']) {
          if (round > 1) expect(cached(address)).toBe(macAddress)
          ping(address)
          expect(cached(address)).toBe(macAddress)
        }
        await ground.provider.destroy({ key: name, owned: true, interfaces }, ground.context)
      }
    })

    describe('all or nothing', () => {
      const good = port(2)
      const failing: readonly (readonly [string, Omit<SandboxApplyRequest, 'key'>])[] = [
        ['a name that is inside already', { interfaces: [good, port(3, { name: 'lo' })] }],
        [
          'a name that the host has already',
          { interfaces: [good, port(3, { source: { kind: 'veth', host: { name: 'br0' } } })] },
        ],
        [
          'a master that is not there',
          { interfaces: [good, port(3, { source: { kind: 'veth', host: { name: 'port3', master: 'nobody' } } })] },
        ],
        [
          'a route to nowhere',
          { interfaces: [good, port(3, { routes: [{ destination: '10.9.0.0/16', gateway: '10.8.8.8' }] })] },
        ],
        ['a gateway that cannot be reached', { interfaces: [good], gateway: { address: '10.9.9.9' } }],
        [
          'an IPv6 gateway that cannot be reached',
          { interfaces: [good], gateway: { address: '10.0.0.1' }, gatewayIPv6: { address: 'fd99::1' } },
        ],
        [
          'a sysctl that does not exist',
          { interfaces: [good, port(3, { sysctls: { 'ipv4.conf.IFNAME.nothing': '1' } })] },
        ],
        [
          'a sysctl with a bad value',
          { interfaces: [good, port(3, { sysctls: { 'ipv4.conf.IFNAME.arp_announce': 'loud' } })] },
        ],
        [
          'an existing link that is not there',
          { interfaces: [good, { source: { kind: 'existing', name: 'nobody' }, prefix: 'x', addresses: [] }] },
        ],
        [
          'a kind that the kernel does not know',
          { interfaces: [good, { source: { kind: 'netlink', type: 'teapot' }, prefix: 'x', addresses: [] }] },
        ],
        [
          'a ready link that is not there',
          { interfaces: [good, { source: { kind: 'ready' }, name: 'nobody', addresses: [] }] },
        ],
        ['an address twice', { interfaces: [port(2, { addresses: ['10.0.0.2/24', '10.0.0.2/24'] })] }],
      ]

      it.each(failing)('%s', async (_title, request) => {
        const before = everything(key)
        const { code, kind } = await refusal(apply(request))
        expect({ code, kind }).toEqual({
          code: expect.stringMatching(/^ERR_/) as string,
          kind: expect.any(String) as string,
        })
        expect(kind).not.toBe('internal')
        expect(everything(key)).toEqual(before)
        await apply({ interfaces: [good], gateway: { address: '10.0.0.1' } })
      })

      it('a gateway that cannot be set leaves the one that was', async () => {
        await apply({ interfaces: [good], gateway: { address: '10.0.0.1' }, gatewayIPv6: { address: 'fd00::1' } })
        const before = everything(key)
        await refusal(apply({ gateway: { address: '10.9.9.9' } }))
        expect(everything(key)).toEqual(before)
        await refusal(apply({ gateway: { address: '10.0.0.5' }, gatewayIPv6: { address: 'fd99::1' } }))
        expect(everything(key)).toEqual(before)
        await apply({ gateway: { address: '10.0.0.5' }, gatewayIPv6: { address: 'fd00::5' } })
        const routes = [4, 6].map((family) =>
          ip('route', 'show default', { namespace: key, family: family as 4 | 6 }),
        )
        expect(routes.map((list) => list.map(({ gateway }) => gateway))).toEqual([['10.0.0.5'], ['fd00::5']])
        await apply({ gateway: null, gatewayIPv6: null })
        await apply({ gateway: null, gatewayIPv6: null })
        expect(ip('route', 'show default', { namespace: key, family: 4 })).toEqual([])
      })
    })

    describe('other sources', () => {
      it('a link of the host is moved in, and given back under its name', async () => {
        witness('ip')?.(['link', 'add', 'mine', 'type', 'veth', 'peer', 'name', 'other'])
        const info: InterfaceInfo = {
          source: { kind: 'existing', name: 'mine' },
          prefix: 'eth',
          addresses: ['10.1.0.1/24'],
          mtu: 1400,
        }
        const { interfaces } = await apply({ interfaces: [info] })
        expect(ip('link', 'show').map(({ ifname }) => ifname)).not.toContain('mine')
        expect(ip('link', 'show dev eth0', { namespace: key })).toMatchObject([{ ifname: 'eth0' }])
        await ground.provider.remove({ key, interfaces }, ground.context)
        expect(ip('link', 'show').map(({ ifname }) => ifname)).toContain('mine')
        const again = await apply({ interfaces: [info] })
        await ground.provider.destroy({ key, owned: true, interfaces: again.interfaces }, ground.context)
        expect(ip('link', 'show').map(({ ifname }) => ifname)).toContain('mine')
        witness('ip')?.(['link', 'delete', 'mine'])
      })

      it('a macvlan and a VXLAN device with parents on the host', async () => {
        await apply({
          interfaces: [
            {
              source: { kind: 'netlink', type: 'macvlan', parent: 'br0', data: { mode: 'bridge' } },
              name: 'mac0',
              addresses: ['10.0.0.50/24'],
            },
            {
              source: {
                kind: 'netlink',
                type: 'vxlan',
                parent: 'br0',
                data: { id: 7, local: '10.0.0.1', port: 4789 },
              },
              name: 'vx0',
              addresses: ['10.2.0.1/24'],
            },
          ],
        })
        expect(ip('link', 'show dev mac0', { namespace: key })[0]?.linkinfo).toMatchObject({
          info_kind: 'macvlan',
          info_data: { mode: 'bridge' },
        })
        expect(ip('link', 'show dev vx0', { namespace: key })[0]?.linkinfo).toMatchObject({
          info_kind: 'vxlan',
          info_data: { id: 7 },
        })
      })

      it('a link that is ready gets its addresses', async () => {
        witness('ip')?.(['link', 'add', 'outside', 'type', 'veth', 'peer', 'name', 'inside', 'netns', 'one'])
        await apply({ interfaces: [{ source: { kind: 'ready' }, name: 'inside', addresses: ['10.3.0.1/24'] }] })
        expect(ip('address', 'show dev inside', { namespace: key })[0]?.addr_info).toMatchObject([
          { local: '10.3.0.1' },
        ])
        witness('ip')?.(['link', 'delete', 'outside'])
      })

      it('a host end without a bridge has addresses and routes of its own', async () => {
        const host = { name: 'p2p0', addresses: ['10.4.0.1/32'], routes: [{ destination: '10.4.0.2/32' }] }
        await apply({
          interfaces: [
            {
              source: { kind: 'veth', host },
              prefix: 'eth',
              addresses: ['10.4.0.2/32'],
              routes: [{ destination: '10.4.0.1/32' }],
            },
          ],
        })
        expect(() => witness('ping')?.(['-c', '1', '-W', '3', '10.4.0.1'], { namespace: key })).not.toThrow()
        expect(readFileSync('/proc/self/net/route', 'utf8')).toContain('p2p0')
      })
    })
  })
})
