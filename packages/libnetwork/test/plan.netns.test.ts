import { createController, type CreateNetworkOptions, type EndpointOptions } from 'libnetwork'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeWith, ip, witness } from '../../../testing/witness.ts'
import { makePlan } from '../src/plan/make-plan.ts'

const KEY = '/run/netns/planned'
const SYSCTLS = ['disable_ipv6', 'accept_dad', 'accept_ra', 'autoconf', 'router_solicitations', 'ndisc_notify']

interface Case {
  readonly title: string
  readonly network: CreateNetworkOptions<'bridge'>
  readonly endpoint: EndpointOptions<'bridge'>
}

const names = { bridgeName: 'br-plan', macAddress: '02:42:00:00:00:07' }

const CASES: readonly Case[] = [
  { title: 'IPv4', network: { options: names, subnets: [{ subnet: '10.66.0.0/24' }] }, endpoint: {} },
  {
    title: 'both families with static addresses',
    network: { options: { ...names, mtu: 1420 }, subnets: [{ subnet: '10.66.0.0/24' }, { subnet: 'fd66::/64' }] },
    endpoint: { addresses: ['10.66.0.9', 'fd66::9'], macAddress: '02:42:0a:42:00:99' },
  },
  {
    title: 'IPv6 alone',
    network: { options: names, ipv4: false, subnets: [{ subnet: 'fd66::/64', gateway: 'fd66::ff' }] },
    endpoint: { options: { interfaceName: 'wan0' }, macAddress: '02:42:0a:42:00:98' },
  },
  {
    title: 'internal, with sysctls and a prefix',
    network: { options: { ...names, interfacePrefix: 'net' }, internal: true, subnets: [{ subnet: '10.66.0.0/24' }] },
    endpoint: { options: { sysctls: { 'ipv4.conf.IFNAME.arp_announce': '2' } } },
  },
  {
    title: 'with forwarding',
    network: {
      options: { ...names, forwarding: 'enable' },
      subnets: [{ subnet: '10.66.0.0/24' }, { subnet: 'fd66::/64' }],
    },
    endpoint: {},
  },
]

/** What cannot be equal, since it follows from random ids or from the order of creation. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/lnv[0-9a-f]{12}/g, 'HOSTEND')
    .replaceAll(/"libnetwork:[^"]*"/g, '"ALIAS"')
    .replaceAll(/"(?:ifindex|link_index|link_netnsid|prefsrc_id)":\d+,?/g, '')
    .replaceAll(/"link_netns":"[^"]*",?/g, '')
    .replaceAll(/"[a-z_]*timer":[\d.]+,?/g, '')
}

function sysctls(namespace: string | undefined): string {
  const read = witness('nsenter')
  const names = ip('link', 'show', namespace === undefined ? {} : { namespace }).map(({ ifname }) => ifname)
  const files = names.flatMap((name) => [
    `/proc/sys/net/ipv4/conf/${name}/arp_notify`,
    `/proc/sys/net/ipv4/conf/${name}/arp_announce`,
    ...SYSCTLS.map((key) => `/proc/sys/net/ipv6/conf/${name}/${key}`),
  ])
  const all = [...files, '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding']
  return read?.([`--net=${namespace ?? '/proc/self/ns/net'}`, 'grep', '-H', '', ...all]) ?? ''
}

function state(namespace?: string): string {
  const at = namespace === undefined ? {} : { namespace }
  const links = ip('link', 'show', at)
  // The kernel draws the MAC address of a host end.
  const ends = links.filter(({ ifname }) => ifname.startsWith('lnv')).map(({ address }) => address ?? 'none')
  const text = JSON.stringify(
    {
      links,
      // Link-local ones appear on their own time.
      addresses: ip('address', 'show', at).map(({ ifname, addr_info: list }) => [
        ifname,
        list?.filter(({ local }) => !local.startsWith('fe80::42:')),
      ]),
      routes: [ip('route', 'show', { ...at, family: 4 }), ip('route', 'show', { ...at, family: 6 })],
      sysctls: sysctls(namespace).split('\n').sort(),
    },
    undefined,
    1,
  )
  return withoutChance(ends.reduce((result, mac) => result.replaceAll(mac, 'MAC'), JSON.stringify(JSON.parse(text))))
}

/** Both states, once all links have settled. */
async function settledState(): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const text = state() + state(KEY)
    if (!/tentative|LOWERLAYERDOWN|"operstate":"DOWN"/.test(text)) return text
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the links do not settle')
}

describeWith(['ip', 'nsenter'], 'a plan', () => {
  it.each(CASES)(
    'for $title does what the real call does, and changes nothing itself',
    async ({ network, endpoint }) => {
      mkdirSync('/run/netns', { recursive: true })
      const before = state()
      const forwarding = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')
      const { commands } = await makePlan({
        network: 'blue',
        networkOptions: network,
        endpoint: 'web',
        endpointOptions: endpoint,
        sandboxKey: KEY,
      })
      expect(state()).toBe(before)

      const controller = await createController({ from: import.meta.url })
      const blue = await controller.createNetwork('blue', network)
      const sandbox = await controller.createSandbox({ key: KEY })
      const web = await blue.createEndpoint('web', endpoint)
      await web.join(sandbox)
      const real = await settledState()
      await web.leave()
      await web.delete()
      await sandbox.delete()
      await blue.delete()
      await controller.close()

      const run = witness('ip')
      run?.(['-batch', '-'], { input: commands.join('\n') + '\n' })
      const planned = await settledState()
      run?.(['netns', 'delete', 'planned'])
      // `ip netns add` shares the folder's mounts by binding it to itself.
      execFileSync('umount', ['/run/netns'])
      run?.(['link', 'delete', 'br-plan'])
      if (forwarding.trim() === '0') {
        const off = [
          '--net=/proc/self/ns/net',
          'sysctl',
          '-qw',
          'net.ipv4.ip_forward=0',
          'net.ipv6.conf.all.forwarding=0',
        ]
        witness('nsenter')?.(off)
      }
      expect(planned).toBe(real)
    },
  )
})
