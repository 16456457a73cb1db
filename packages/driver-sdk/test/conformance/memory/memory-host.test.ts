import type { HostOperation, LinkSpec } from '@libnetwork/driver-sdk'
import { memoryHost, testContext } from '@libnetwork/driver-sdk/conformance'
import { describe, expect, it } from 'vitest'

const add = (link: LinkSpec): HostOperation => ({ op: 'link.add', link })
const bridge = (name: string): HostOperation => add({ name, info: { kind: 'bridge' }, up: true })
const address = (link: string, text: string): HostOperation => ({ op: 'address.add', link, address: text })

describe('memoryHost', () => {
  it('begins with loopback alone', async () => {
    const host = memoryHost()
    expect(await host.links()).toMatchObject([{ name: 'lo', index: 1, up: true }])
    expect(await host.addresses({ family: 'ipv4' })).toEqual([{ link: 'lo', address: '127.0.0.1/8', scope: 'host' }])
    expect(await host.link('br0')).toBeUndefined()
    expect(await host.sysctl('ipv4/none')).toBeUndefined()
  })

  it('makes a bridge with its address, route and port', async () => {
    const host = memoryHost()
    await host.apply([
      bridge('br0'),
      address('br0', '10.0.0.1/24'),
      address('br0', 'fd00::1/64'),
      add({ name: 'v0', info: { kind: 'veth', peer: 'v1' }, master: 'br0', mtu: 1400 }),
    ])
    expect(await host.link('br0')).toMatchObject({ kind: 'bridge', up: true })
    expect(await host.links({ master: 'br0' })).toMatchObject([{ name: 'v0', mtu: 1400, kind: 'veth' }])
    expect(await host.links({ kind: 'veth' })).toHaveLength(2)
    expect(await host.routes({ link: 'br0', family: 'ipv4' })).toMatchObject([
      { destination: '10.0.0.0/24', source: '10.0.0.1' },
    ])
    expect(await host.routes({ link: 'br0', family: 'ipv6' })).toMatchObject([{ destination: 'fd00::/64' }])
  })

  it('takes with a link whatever hung on it', async () => {
    const host = memoryHost()
    const before = await host.snapshot()
    await host.apply([
      bridge('br0'),
      address('br0', '10.0.0.1/24'),
      add({ name: 'v0', info: { kind: 'veth', peer: 'v1' } }),
      { op: 'route.add', route: { destination: '10.9.0.0/16', gateway: '10.0.0.2' } },
      { op: 'neighbour.add', neighbour: { link: 'br0', macAddress: '02:00:00:00:00:01', address: '10.0.0.2' } },
      { op: 'sysctl.set', key: 'ipv6/conf/br0/accept_ra', value: '0' },
    ])
    expect(await host.snapshot()).not.toEqual(before)
    await host.apply([
      { op: 'link.delete', name: 'br0' },
      { op: 'link.delete', name: 'v1' },
    ])
    expect(await host.snapshot()).toEqual(before)
  })

  it.each<readonly [string, readonly HostOperation[], string, string]>([
    ['a name that is taken', [bridge('lo')], 'EEXIST', 'exists'],
    ['a name that is too long', [bridge('a'.repeat(16))], 'ERANGE', 'invalid'],
    ['a name with a slash', [bridge('a/b')], 'EINVAL', 'invalid'],
    ['an address twice', [bridge('b'), address('b', '10.0.0.1/24'), address('b', '10.0.0.1/24')], 'EEXIST', 'exists'],
    ['an address on no link', [address('none', '10.0.0.1/24')], 'ENODEV', 'not-found'],
    ['an address that is none', [address('lo', '10.0.0.1')], 'EINVAL', 'invalid'],
    [
      'a master that is no bridge',
      [add({ name: 'd', info: { kind: 'dummy' }, master: 'lo' })],
      'EOPNOTSUPP',
      'unsupported',
    ],
    [
      'a parent that is not there',
      [add({ name: 'd', info: { kind: 'vlan', id: 1, parent: 'x' } })],
      'ENODEV',
      'not-found',
    ],
    ['the deletion of loopback', [{ op: 'link.delete', name: 'lo' }], 'EOPNOTSUPP', 'unsupported'],
    [
      'a multicast MAC address',
      [add({ name: 'd', info: { kind: 'dummy' }, macAddress: '01:00:00:00:00:00' })],
      'EADDRNOTAVAIL',
      'not-found',
    ],
    [
      'a gateway that no link reaches',
      [{ op: 'route.add', route: { destination: '10.9.0.0/16', gateway: '10.0.0.2' } }],
      'ENETUNREACH',
      'conflict',
    ],
    ['a sysctl that is not there', [{ op: 'sysctl.set', key: 'ipv4/none', value: '1' }], 'ENOENT', 'not-found'],
  ])('refuses %s, and undoes what came before', async (_what, operations, errno, kind) => {
    const host = memoryHost()
    const before = await host.snapshot()
    await expect(host.apply([bridge('first'), ...operations])).rejects.toMatchObject({ kind, details: { errno } })
    expect(await host.snapshot()).toEqual(before)
  })

  it('takes the deletion of what is gone for a success', async () => {
    const host = memoryHost()
    const before = await host.snapshot()
    await host.apply([
      { op: 'link.delete', name: 'none' },
      { op: 'address.delete', link: 'lo', address: '10.0.0.1/24' },
      { op: 'route.delete', route: { destination: '10.9.0.0/16' } },
      { op: 'neighbour.delete', neighbour: { link: 'lo', macAddress: '02:00:00:00:00:01' } },
    ])
    expect(await host.snapshot()).toEqual(before)
  })

  it('does nothing with a signal that has fired', async () => {
    const host = memoryHost()
    await expect(host.apply([bridge('br0')], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ERR_ABORTED',
    })
    expect(await host.link('br0')).toBeUndefined()
  })

  it('writes sysctls of all links through to each of them', async () => {
    const host = memoryHost()
    await host.apply([bridge('br0'), { op: 'sysctl.set', key: 'ipv4/ip_forward', value: '1' }])
    expect(await host.sysctl('ipv4/conf/br0/forwarding')).toBe('1')
    await host.apply([{ op: 'sysctl.set', key: 'ipv6/conf/all/disable_ipv6', value: '1' }])
    await expect(host.apply([address('br0', 'fd00::1/64')])).rejects.toMatchObject({ details: { errno: 'EACCES' } })
  })
})

describe('testContext', () => {
  it('has a host and a state of its own, and what the test brings', async () => {
    const [one, two] = [testContext(), testContext()]
    await one.host.apply([bridge('br0')])
    expect(await two.host.link('br0')).toBeUndefined()
    expect(one.signal.aborted).toBe(false)
    expect(testContext({ signal: AbortSignal.abort() }).signal.aborted).toBe(true)
  })
})
