import {
  formatCidr,
  parseCidr,
  requestFingerprint,
  type CallContext,
  type DriverNetwork,
  type HostLink,
  type HostNetwork,
  type HostOperation,
} from '@libnetwork/driver-sdk'
import { bridgeError } from './errors.ts'
import { macOfId } from './mac-address.ts'
import { defaultBridgeName, LINK_GROUP, linkAlias } from './names.ts'
import type { BridgeNetworkOptions } from './options.ts'
import type { NetworkRecord } from './records.ts'
import { defaultMtu } from './uplink.ts'

/** What RFC 8200, section 5, asks of every link. */
const IPV6_MINIMUM_MTU = 1280
/** Every bridge with IPv6 has it, as its gateway that never changes. */
const LINK_LOCAL = 'fe80::1/64'

/** A bridge network, as the verbs get it. */
export type BridgeNetwork = DriverNetwork<BridgeNetworkOptions>

/** The addresses that the bridge of a network has, CIDR text. */
export function bridgeAddresses({ subnets }: BridgeNetwork): readonly string[] {
  const gateways = subnets.flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway]))
  const usesIPv6 = subnets.some(({ family }) => family === 'ipv6')
  return usesIPv6 && !gateways.includes(LINK_LOCAL) ? [...gateways, LINK_LOCAL] : gateways
}

function isSameCidr(left: string, right: string): boolean {
  const [a, b] = [parseCidr(left), parseCidr(right)]
  return a !== undefined && b !== undefined && formatCidr(a) === formatCidr(b)
}

function checkExisting(link: HostLink, network: BridgeNetwork, operation: string): void {
  const { bridgeName, mtu, macAddress } = network.options
  const details = { bridge: link.name, network: network.name }
  if (bridgeName === undefined) {
    throw bridgeError(
      'ERR_BRIDGE_NAME_TAKEN',
      `${operation}: a link ${link.name} exists and belongs to somebody else`,
      {
        details,
        hint: 'Choose a name with `bridgeName`.',
      },
    )
  }
  if (link.kind !== 'bridge') {
    const found = link.kind === undefined ? 'no virtual link' : `of kind ${link.kind}`
    throw bridgeError('ERR_BRIDGE_NOT_A_BRIDGE', `${operation}: ${link.name} exists and is ${found}`, { details })
  }
  const wishes = [
    ['MTU', mtu, link.mtu],
    ['MAC address', macAddress, link.macAddress],
  ] as const
  for (const [what, wanted, found] of wishes) {
    if (wanted === undefined || wanted === found) continue
    throw bridgeError(
      'ERR_BRIDGE_MISMATCH',
      `${operation}: the bridge ${link.name} exists with the ${what} ${found ?? 'none'}, not ${wanted}`,
      { details, hint: 'Leave the option away to take the bridge as it is.' },
    )
  }
}

/** The addresses to add to a bridge that exists. One of a family that has others than the gateway is refused. */
async function missingAddresses(
  host: HostNetwork,
  network: BridgeNetwork,
  bridge: string,
  operation: string,
): Promise<string[]> {
  const present = (await host.addresses({ link: bridge })).filter(({ address }) => !address.startsWith('fe80:'))
  const missing: string[] = []
  for (const { family, gateway } of network.subnets) {
    const ofFamily = present.filter(({ address }) => parseCidr(address)?.family === family)
    if (gateway === undefined || ofFamily.some(({ address }) => isSameCidr(address, gateway))) continue
    if (ofFamily.length > 0) {
      const found = ofFamily.map(({ address }) => address).join(', ')
      throw bridgeError(
        'ERR_BRIDGE_MISMATCH',
        `${operation}: the bridge ${bridge} exists with the address ${found}, and the network's gateway is ${gateway}`,
        {
          details: { bridge, network: network.name, gateway, found },
          hint: "Name the bridge's subnet in `subnets`, with its address as the `gateway`.",
        },
      )
    }
    missing.push(gateway)
  }
  return missing
}

/**
 * Looks at the host and decides what the network's bridge shall be. Changes nothing.
 *
 * @throws `ERR_BRIDGE_NAME_TAKEN`, `ERR_BRIDGE_NOT_A_BRIDGE`, `ERR_BRIDGE_MISMATCH`, `ERR_BRIDGE_MTU`,
 * `ERR_BRIDGE_IPV6_UNAVAILABLE`
 */
export async function planBridge(network: BridgeNetwork, { host }: CallContext): Promise<NetworkRecord> {
  const operation = `create network ${JSON.stringify(network.name)}`
  const { options } = network
  const bridge = options.bridgeName ?? defaultBridgeName(network.id)
  const link = await host.link(bridge)
  const wantsIPv6 = network.subnets.some(({ family }) => family === 'ipv6')
  const hostHasIPv6 = (await host.sysctl('ipv6/conf/all/disable_ipv6')) !== undefined
  if (wantsIPv6 && !hostHasIPv6) {
    throw bridgeError('ERR_BRIDGE_IPV6_UNAVAILABLE', `${operation}: this kernel has no IPv6`, {
      hint: 'Create the network without `ipv6`.',
    })
  }
  // Ours from a creation that was cut off, if its alias says so.
  const foreign = link !== undefined && link.alias !== linkAlias(network.controller, network.id) ? link : undefined
  if (foreign !== undefined) checkExisting(foreign, network, operation)
  const mtu = options.mtu ?? foreign?.mtu ?? (await defaultMtu(host))
  if (wantsIPv6 && mtu < IPV6_MINIMUM_MTU) {
    throw bridgeError(
      'ERR_BRIDGE_MTU',
      `${operation}: IPv6 needs an MTU of ${IPV6_MINIMUM_MTU} bytes or more, not ${mtu}`,
      {
        details: { mtu },
      },
    )
  }
  const isDisabled = foreign !== undefined && (await host.sysctl(`ipv6/conf/${bridge}/disable_ipv6`)) === '1'
  return {
    name: network.name,
    request: requestFingerprint(network),
    bridge,
    mtu,
    made: foreign === undefined,
    ipv6: wantsIPv6 ? 'used' : hostHasIPv6 ? 'unused' : 'absent',
    macAddress: options.macAddress ?? foreign?.macAddress ?? macOfId(network.id),
    addedAddresses: foreign === undefined ? [] : await missingAddresses(host, network, bridge, operation),
    previousSysctls: wantsIPv6 && isDisabled ? { [`ipv6/conf/${bridge}/disable_ipv6`]: '1' } : {},
    broughtUp: foreign?.up === false,
  }
}

function makeOperations(record: NetworkRecord, network: BridgeNetwork): HostOperation[] {
  const { bridge, macAddress, mtu, ipv6 } = record
  const sysctls: Readonly<Record<NetworkRecord['ipv6'], Readonly<Record<string, string>>>> = {
    // The bridge is the router here: it needs no other's advertisements, and no wait for its own addresses.
    used: { disable_ipv6: '0', accept_dad: '0', accept_ra: '0', autoconf: '0' },
    unused: { disable_ipv6: '1' },
    absent: {},
  }
  return [
    {
      op: 'link.add',
      link: {
        name: bridge,
        info: { kind: 'bridge', forwardDelay: 0, stp: false },
        macAddress,
        group: LINK_GROUP,
        alias: linkAlias(network.controller, network.id),
        ...(ipv6 !== 'absent' && { ipv6AddressGeneration: 'none' }),
      },
    },
    // A bridge keeps an MTU only if it is set after its creation; else it follows its ports.
    { op: 'link.set', name: bridge, settings: { mtu } },
    ...Object.entries(sysctls[ipv6]).map(([name, value]): HostOperation => ({
      op: 'sysctl.set',
      key: `ipv6/conf/${bridge}/${name}`,
      value,
    })),
    ...bridgeAddresses(network).map((address): HostOperation => ({ op: 'address.add', link: bridge, address })),
    { op: 'link.set', name: bridge, settings: { up: true } },
  ]
}

/** What makes the bridge of a network, or fits one that existed before. */
export function setUpOperations(record: NetworkRecord, network: BridgeNetwork): readonly HostOperation[] {
  const { bridge, made, previousSysctls, addedAddresses, broughtUp } = record
  if (made) return makeOperations(record, network)
  return [
    ...Object.keys(previousSysctls).map((key): HostOperation => ({ op: 'sysctl.set', key, value: '0' })),
    ...addedAddresses.map((address): HostOperation => ({ op: 'address.add', link: bridge, address })),
    ...(broughtUp ? [{ op: 'link.set', name: bridge, settings: { up: true } } as const] : []),
  ]
}

/**
 * What takes away what {@link setUpOperations} made. A bridge that existed before stays, as it was; so does a stranger's link
 * that has taken the name since.
 */
export async function tearDownOperations(
  record: NetworkRecord,
  network: BridgeNetwork,
  host: HostNetwork,
): Promise<readonly HostOperation[]> {
  const { bridge, made, previousSysctls, addedAddresses, broughtUp } = record
  const link = await host.link(bridge)
  if (link === undefined) return []
  if (made) {
    return link.alias === linkAlias(network.controller, network.id) ? [{ op: 'link.delete', name: bridge }] : []
  }
  return [
    ...addedAddresses.map((address): HostOperation => ({ op: 'address.delete', link: bridge, address })),
    ...Object.entries(previousSysctls).map(([key, value]): HostOperation => ({ op: 'sysctl.set', key, value })),
    ...(broughtUp ? [{ op: 'link.set', name: bridge, settings: { up: false } } as const] : []),
  ]
}
