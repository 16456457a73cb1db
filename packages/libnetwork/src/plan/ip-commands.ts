import { basename } from 'node:path'
import type {
  AppliedInterface,
  BridgePortOptions,
  HostOperation,
  InterfaceInfo,
  LinkSettings,
  LinkSpec,
  RouteInfo,
  RouteSpec,
} from '@libnetwork/driver-sdk'
import { interfaceSysctls, sysctlOfInterface } from '@libnetwork/sandbox-linux'
import type { PlannedStep } from './planned-step.ts'

type Word = string | number | undefined

function line(...words: readonly (Word | readonly Word[])[]): string {
  return words
    .flat()
    .filter((word) => word !== undefined)
    .join(' ')
}

function option(name: string, value: string | number | undefined): readonly Word[] {
  return value === undefined ? [] : [name, value]
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}

// IPv6 addresses are added without the second of duplicate address detection.
function noDad(address: string): Word {
  return address.includes(':') ? 'nodad' : undefined
}

function portCommands(name: string, port: BridgePortOptions | undefined): string[] {
  if (port === undefined) return []
  const flag = (word: string, value: boolean | undefined): readonly Word[] =>
    value === undefined ? [] : [word, onOff(value)]
  return [
    line(
      `link set dev ${name} type bridge_slave`,
      flag('isolated', port.isolated),
      flag('hairpin', port.hairpin),
      flag('mcast_flood', port.mcastFlood),
      flag('flood', port.flood),
      flag('learning', port.learning),
      option('cost', port.cost),
    ),
  ]
}

const GENERATION_WORDS = {
  eui64: 'eui64',
  none: 'none',
  'stable-privacy': 'stable_secret',
  random: 'random',
} as const

function afterwards(name: string, settings: LinkSettings): string[] {
  const { master, alias, ipv6AddressGeneration: generation, port, up } = settings
  return [
    ...(generation === undefined ? [] : [`link set dev ${name} addrgenmode ${GENERATION_WORDS[generation]}`]),
    ...(alias === undefined ? [] : [`link set dev ${name} alias "${alias}"`]),
    ...(master === undefined
      ? []
      : [master === null ? `link set dev ${name} nomaster` : `link set dev ${name} master ${master}`]),
    ...portCommands(name, port),
    ...(up === undefined ? [] : [`link set dev ${name} ${up ? 'up' : 'down'}`]),
  ]
}

function kindWords({ info }: LinkSpec): readonly Word[] {
  switch (info.kind) {
    case 'bridge':
      return [
        'type bridge',
        ...option('forward_delay', info.forwardDelay === undefined ? undefined : Math.round(info.forwardDelay / 10)),
        ...option('stp_state', info.stp === undefined ? undefined : Number(info.stp)),
        ...option('mcast_snooping', info.mcastSnooping === undefined ? undefined : Number(info.mcastSnooping)),
      ]
    case 'veth':
      return ['type veth peer name', info.peer]
    case 'vxlan':
      return [
        `type vxlan id ${info.id}`,
        ...option('dev', info.parent),
        ...option('local', info.local),
        ...option('remote', info.remote),
        ...option('dstport', info.port),
        info.learning === false ? 'nolearning' : undefined,
      ]
    case 'vlan':
      return [`type vlan id ${info.id}`]
    default:
      return [`type ${info.kind}`]
  }
}

function addLink(link: LinkSpec): string[] {
  const parent = link.info.kind === 'vlan' ? link.info.parent : undefined
  return [
    line(
      'link add',
      option('link', parent),
      `name ${link.name}`,
      option('address', link.macAddress),
      option('mtu', link.mtu),
      option('group', link.group),
      kindWords(link),
    ),
    ...afterwards(link.name, link),
  ]
}

function routeWords(route: RouteInfo | RouteSpec, link: string | undefined): readonly Word[] {
  return [
    route.destination,
    ...option('via', route.gateway),
    ...option('dev', link),
    ...option('src', route.source),
    ...option('metric', route.metric),
    ...option('table', 'table' in route ? route.table : undefined),
    'proto static',
  ]
}

/**
 * Writes a sysctl of the host: `ip` has no command for it, but it starts programs inside a namespace, and from there one of
 * the host's is reached through the process of `ip` itself. Where no namespace is made it stands there as a comment.
 */
function hostSysctl(key: string, value: string, netns: string | undefined): string {
  const write = `sysctl -qw net/${key}=${value}`
  return netns === undefined ? `# ${write}` : `netns exec ${netns} sh -c "nsenter -t $PPID -n ${write}"`
}

function hostCommands(operation: HostOperation, netns: string | undefined): string[] {
  switch (operation.op) {
    case 'link.add':
      return addLink(operation.link)
    case 'link.set': {
      const { name, settings } = operation
      const words = [
        option('address', settings.macAddress),
        option('mtu', settings.mtu),
        option('group', settings.group),
      ].flat()
      return [...(words.length > 0 ? [line(`link set dev ${name}`, words)] : []), ...afterwards(name, settings)]
    }
    case 'link.delete':
      return [`link delete dev ${operation.name}`]
    case 'address.add':
      return [line('address add', operation.address, 'dev', operation.link, noDad(operation.address))]
    case 'address.delete':
      return [`address delete ${operation.address} dev ${operation.link}`]
    case 'route.add':
      return [line('route add', routeWords(operation.route, operation.route.link))]
    case 'route.delete':
      return [line('route delete', routeWords(operation.route, operation.route.link))]
    case 'neighbour.add':
    case 'neighbour.delete': {
      const { link, macAddress, address, fdb } = operation.neighbour
      const verb = operation.op === 'neighbour.add' ? 'replace' : 'delete'
      // `ip` has no forwarding entries; a comment keeps the file fit for `ip -batch`.
      if (fdb === true)
        return [line(`# bridge fdb ${verb} ${macAddress} dev ${link}`, option('dst', address), 'self')]
      return [line(`neighbour ${verb} ${address ?? ''} lladdr ${macAddress} dev ${link} nud permanent`)]
    }
    case 'sysctl.set':
      return [hostSysctl(operation.key, operation.value, netns)]
  }
}

function sysctlCommands(inside: string, sysctls: Readonly<Record<string, string>> = {}, name = ''): string[] {
  return Object.entries(sysctls).map(
    ([key, value]) => `${inside} sysctl -qw net/${sysctlOfInterface(key, name)}=${value}`,
  )
}

function sourceCommands(info: InterfaceInfo, { name }: AppliedInterface, netns: string): string[] {
  const { source } = info
  const common = [option('address', info.macAddress), option('mtu', info.mtu)].flat()
  switch (source.kind) {
    case 'existing':
      return [`link set dev ${source.name} netns ${netns} name ${name}`]
    case 'veth': {
      const { host } = source
      const queues = 'numtxqueues 1 numrxqueues 1'
      return [
        line(
          `link add name ${host.name}`,
          option('address', host.macAddress),
          option('mtu', info.mtu),
          option('group', host.group),
          `${queues} type veth peer name ${name} netns ${netns}`,
          common,
          queues,
        ),
        ...afterwards(host.name, {
          alias: host.alias,
          master: host.master,
          port: host.port,
          up: true,
          ...(host.master !== undefined && { ipv6AddressGeneration: 'none' }),
        }),
        ...(host.addresses ?? []).map((address) => line('address add', address, 'dev', host.name, noDad(address))),
        ...(host.routes ?? []).map((route) => line('route add', routeWords(route, host.name))),
      ]
    }
    case 'netlink': {
      const data = Object.entries(source.data ?? {}).map(
        ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
      return [
        line(
          'link add',
          option('link', source.parent),
          `name ${name} netns ${netns}`,
          common,
          `type ${source.type}`,
          data,
        ),
      ]
    }
    case 'tap':
      return [line(`netns exec ${netns} ip tuntap add dev ${name} mode tap`, option('user', source.owner))]
    case 'ready':
      return []
  }
}

function interfaceCommands(info: InterfaceInfo, applied: AppliedInterface, netns: string): string[] {
  const inside = `netns exec ${netns}`
  const { name } = applied
  return [
    ...sourceCommands(info, applied, netns),
    ...sysctlCommands(inside, { ...interfaceSysctls(info), ...info.sysctls }, name),
    ...info.addresses.map((address) => line(`${inside} ip address add`, address, 'dev', name, noDad(address))),
    `${inside} ip link set dev ${name} up`,
    ...(info.routes ?? []).map((route) => line(`${inside} ip route add`, routeWords(route, name))),
    ...(info.neighbours ?? []).map(
      ({ address, macAddress }) =>
        `${inside} ip neighbour replace ${address} lladdr ${macAddress} dev ${name} nud permanent`,
    ),
  ]
}

/**
 * A plan as `ip` commands, one a line, fit for `ip -batch`. What `ip` cannot do stands there as a comment. Namespaces go by
 * the last part of their path, as `ip netns` has it.
 */
export function ipCommands(steps: readonly PlannedStep[]): readonly string[] {
  let made: string | undefined
  return steps.flatMap((step): readonly string[] => {
    if (step.where === 'host') return hostCommands(step.operation, made)
    const netns = basename(step.key)
    const inside = `netns exec ${netns}`
    switch (step.action) {
      case 'create':
        made ??= netns
        return [`netns add ${netns}`, `${inside} ip link set dev lo up`]
      case 'destroy':
        return [`netns delete ${netns}`]
      case 'remove':
        return step.interfaces.map(({ name }) => `${inside} ip link delete dev ${name}`)
      case 'apply': {
        const gateways = [step.gateway, step.gatewayIPv6].map((gateway, index): string[] => {
          if (gateway === undefined) return []
          const ip = index === 0 ? 'ip' : 'ip -6'
          if (gateway === null) return [`${inside} ${ip} route delete default`]
          const link = gateway.interface ?? step.interfaces[0]?.applied.name
          const route = `route replace default via ${gateway.address}`
          return [line(`${inside} ${ip} ${route}`, option('dev', link), 'proto static')]
        })
        return [
          ...sysctlCommands(inside, step.sysctls),
          ...step.interfaces.flatMap(({ info, applied }) => interfaceCommands(info, applied, netns)),
          ...gateways.flat(),
        ]
      }
    }
  })
}
