import type { JsonValue } from '@libnetwork/driver-sdk'
import * as v from 'valibot'

// Types, not interfaces: only types count as JSON for the compiler.

/** What is kept about a network. Written before the kernel is touched, so that a network can always be taken away. */
export type NetworkRecord = {
  /** The user's name for the network. */
  readonly name: string
  /** What the network was created with, as a fingerprint. */
  readonly request: string
  /** The bridge's name. */
  readonly bridge: string
  readonly macAddress: string
  readonly mtu: number
  /** Whether the host has IPv6, and whether the network uses it. */
  readonly ipv6: 'used' | 'unused' | 'absent'
  /** Whether the bridge was made for this network; else it existed before. */
  readonly made: boolean
  /** Addresses that were added to a bridge that existed before. */
  readonly addedAddresses: readonly string[]
  /** Sysctls of a bridge that existed before, as they were. */
  readonly previousSysctls: Readonly<Record<string, string>>
  /** Whether a bridge that existed before was down. */
  readonly broughtUp: boolean
}

/** What is kept about an endpoint. */
export type EndpointRecord = {
  /** The user's name for it. */
  readonly name: string
  /** What the endpoint was created with, as a fingerprint. */
  readonly request: string
  readonly macAddress: string
}

/** Who has a bridge. */
export type BridgeClaim = {
  /** The network's id. */
  readonly network: string
  /** The network's name. */
  readonly name: string
}

/** The networks that need forwarding, and the sysctls as they were before the first of them. */
export type ForwardingRecord = {
  readonly networks: readonly string[]
  readonly previous: Readonly<Record<string, string>>
}

const texts = v.record(v.string(), v.string())

const networkRecord: v.GenericSchema<unknown, NetworkRecord> = v.object({
  name: v.string(),
  request: v.string(),
  bridge: v.string(),
  macAddress: v.string(),
  mtu: v.number(),
  ipv6: v.picklist(['used', 'unused', 'absent']),
  made: v.boolean(),
  addedAddresses: v.array(v.string()),
  previousSysctls: texts,
  broughtUp: v.boolean(),
})

const endpointRecord: v.GenericSchema<unknown, EndpointRecord> = v.object({
  name: v.string(),
  request: v.string(),
  macAddress: v.string(),
})

const bridgeClaim: v.GenericSchema<unknown, BridgeClaim> = v.object({ network: v.string(), name: v.string() })

const forwardingRecord: v.GenericSchema<unknown, ForwardingRecord> = v.object({
  networks: v.array(v.string()),
  previous: texts,
})

/** The keys of the driver's state. */
export const keys = {
  network: (id: string): string => `network/${id}`,
  bridge: (name: string): string => `bridge/${name}`,
  endpoint: (networkId: string, id: string): string => `endpoint/${networkId}/${id}`,
  /** Which endpoint has a MAC address. */
  mac: (networkId: string, mac: string): string => `mac/${networkId}/${mac}`,
  forwarding: 'forwarding',
} as const

type Stored = JsonValue | undefined

/** A network's record as it was stored; throws if it is none. */
export function readNetwork(value: Stored): NetworkRecord | undefined {
  return value === undefined ? undefined : v.parse(networkRecord, value)
}

/** An endpoint's record as it was stored; throws if it is none. */
export function readEndpoint(value: Stored): EndpointRecord | undefined {
  return value === undefined ? undefined : v.parse(endpointRecord, value)
}

/** The claim on a bridge as it was stored; throws if it is none. */
export function readBridgeClaim(value: Stored): BridgeClaim | undefined {
  return value === undefined ? undefined : v.parse(bridgeClaim, value)
}

/** What was stored about forwarding; throws if it is none. */
export function readForwarding(value: Stored): ForwardingRecord | undefined {
  return value === undefined ? undefined : v.parse(forwardingRecord, value)
}
