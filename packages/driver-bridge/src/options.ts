import * as v from 'valibot'
import { isInterfaceMac } from './mac-address.ts'

/** Options of a network with the driver `bridge`. */
export interface BridgeNetworkOptions {
  /**
   * Name of the bridge, 1 to 15 of `A-Z a-z 0-9 _ . -`. Default: `ln-` and 12 digits of the network's id. A bridge of this
   * name that exists already is used as it is and never deleted.
   */
  readonly bridgeName?: string | undefined
  /** MTU of the bridge and of the endpoints in bytes, 68 to 65535. Default: that of the link that the default route leaves by, else 1500. */
  readonly mtu?: number | undefined
  /** MAC address of the bridge. Default: `02:42` and four bytes that follow from the network's id. */
  readonly macAddress?: string | undefined
  /**
   * Whether the host's forwarding sysctls are turned on for the network, where they are off. Default `leave`. With `enable`
   * the host routes between all its links, networks of this driver included: they are no longer isolated from each other
   * unless a firewall does it. What was changed is changed back when the last network that asked for it is deleted.
   */
  readonly forwarding?: 'enable' | 'leave' | undefined
  /** Beginning of the interfaces' names inside sandboxes, 1 to 11 of `A-Z a-z 0-9 _ -`. A number follows. Default `eth`. */
  readonly interfacePrefix?: string | undefined
}

/** Options of an endpoint with the driver `bridge`. */
export interface BridgeEndpointOptions {
  /** Name of the interface inside the sandbox. Default: the prefix and the first free number. */
  readonly interfaceName?: string | undefined
  /** Beginning of the interface's name inside the sandbox, in place of the network's. */
  readonly interfacePrefix?: string | undefined
  /** Sysctls of the interface, by their names below `net` with `IFNAME` for the interface: `ipv4.conf.IFNAME.arp_announce`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
}

declare module '@libnetwork/driver-sdk' {
  interface NetworkDriverRegistry {
    /** The bridge driver. */
    bridge: { readonly network: BridgeNetworkOptions; readonly endpoint: BridgeEndpointOptions }
  }
}

/** Names that are directories of their own below `/proc/sys/net/ipv4/conf`. */
const RESERVED = ['all', 'default', 'lo']

const shown = (issue: v.BaseIssue<unknown>): string =>
  typeof issue.input === 'string' ? JSON.stringify(issue.input) : issue.received

const linkName = v.pipe(
  v.string((issue) => `must be text, not ${shown(issue)}`),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/, (issue) => `${shown(issue)} must be 1 to 15 of A-Z a-z 0-9 _ . -`),
  v.check(
    (name) => !RESERVED.includes(name),
    (issue) => `${shown(issue)} is reserved by the kernel`,
  ),
)

const prefix = v.pipe(
  v.string((issue) => `must be text, not ${shown(issue)}`),
  v.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,10}$/, (issue) => `${shown(issue)} must be 1 to 11 of A-Z a-z 0-9 _ -`),
)

const sysctls = v.record(
  v.pipe(
    v.string(),
    v.regex(
      /^(?:ipv4|ipv6|mpls)\.[a-z0-9_]+\.IFNAME\.[a-z0-9_]+$/,
      (issue) => `${shown(issue)} must be such as "ipv4.conf.IFNAME.arp_announce"`,
    ),
  ),
  v.pipe(
    v.string((issue) => `must be text, not ${shown(issue)}`),
    v.regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/, 'must be 1 to 64 printable characters'),
  ),
  'must be an object of texts',
)

function options<Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `unknown option; allowed are ${Object.keys(entries).join(', ')}`
      : `must be an object, not ${shown(issue)}`,
  )
}

/** Schema of {@link BridgeNetworkOptions}. */
export const networkOptions: v.GenericSchema<unknown, BridgeNetworkOptions> = options({
  bridgeName: v.optional(linkName),
  mtu: v.optional(
    v.pipe(
      v.number((issue) => `must be a number of bytes, not ${shown(issue)}`),
      v.integer((issue) => `${shown(issue)} must be a whole number`),
      v.minValue(68, (issue) => `${shown(issue)} must be 68 to 65535`),
      v.maxValue(65535, (issue) => `${shown(issue)} must be 68 to 65535`),
    ),
  ),
  macAddress: v.optional(
    v.pipe(
      v.string((issue) => `must be text, not ${shown(issue)}`),
      v.check(isInterfaceMac, (issue) => `${shown(issue)} must be a unicast MAC address such as "02:42:ac:11:00:02"`),
      v.toLowerCase(),
    ),
  ),
  forwarding: v.optional(v.picklist(['enable', 'leave'], (issue) => `${shown(issue)} must be "enable" or "leave"`)),
  interfacePrefix: v.optional(prefix),
})

/** Schema of {@link BridgeEndpointOptions}. */
export const endpointOptions: v.GenericSchema<unknown, BridgeEndpointOptions> = v.pipe(
  options({
    interfaceName: v.optional(linkName),
    interfacePrefix: v.optional(prefix),
    sysctls: v.optional(sysctls),
  }),
  v.check(
    ({ interfaceName, interfacePrefix }) => interfaceName === undefined || interfacePrefix === undefined,
    'interfaceName and interfacePrefix exclude each other',
  ),
)
