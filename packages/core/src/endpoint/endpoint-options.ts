import {
  containsAddress,
  parseAddress,
  parseCidr,
  type JsonValue,
  type NetworkDriverRegistry,
  type PortRequest,
  type Problem,
} from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { driverOptionsSchema, labelsSchema, signalSchema } from '../model/argument-checks.ts'
import type { SubnetRecord } from '../store/records.ts'

/** The option type of a driver's endpoints, where the driver has registered it. */
export type EndpointOptionsOf<Driver extends string> = Driver extends keyof NetworkDriverRegistry
  ? NetworkDriverRegistry[Driver] extends { readonly endpoint: infer Options }
    ? Options
    : never
  : Readonly<Record<string, JsonValue | undefined>>

/** Options of `createEndpoint`, the sandbox of the step-by-step flow apart. */
export interface EndpointOptions<Driver extends string = string> {
  /** Options of the network's driver. */
  readonly options?: EndpointOptionsOf<Driver> | undefined
  /** Static addresses, at most one of each family of the network. Address text. Default: the IPAM driver's choice. */
  readonly addresses?: readonly string[] | undefined
  /** MAC address. Default: the network driver's choice. */
  readonly macAddress?: string | undefined
  /** Ports to publish. */
  readonly ports?: readonly PortRequest[] | undefined
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Gives up; what was done so far is undone. */
  readonly signal?: AbortSignal | undefined
}

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535))

const portSchema = v.strictObject({
  container: v.pipe(port, v.minValue(1)),
  containerEnd: v.optional(v.pipe(port, v.minValue(1))),
  protocol: v.optional(v.picklist(['tcp', 'udp', 'sctp'])),
  hostAddress: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => parseAddress(text) !== undefined, 'is no IP address'),
    ),
  ),
  host: v.optional(port),
  hostEnd: v.optional(port),
})

const macSchema = v.pipe(
  v.string(),
  v.regex(/^(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/, 'is no MAC address; write it as 02:42:0a:00:00:02'),
  v.check((mac) => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0, 'is a multicast address'),
  v.check((mac) => mac.replaceAll(/[0:]/g, '') !== '', 'is all zeros'),
  v.toLowerCase(),
)

/** The shape of {@link EndpointOptions}. */
export const endpointOptionsSchema: v.GenericSchema<
  unknown,
  Omit<EndpointOptions, 'options'> & { readonly options?: Readonly<Record<string, unknown>> | undefined }
> = v.strictObject({
  options: v.optional(driverOptionsSchema),
  addresses: v.optional(v.array(v.string())),
  macAddress: v.optional(macSchema),
  ports: v.optional(v.array(portSchema)),
  labels: v.optional(labelsSchema),
  signal: v.optional(signalSchema),
})

/** Everything that is wrong with static addresses, given the network's subnets. */
export function staticAddressProblems(addresses: readonly string[], subnets: readonly SubnetRecord[]): Problem[] {
  const families: string[] = []
  return addresses.flatMap((text, index): Problem[] => {
    const path = `addresses.${index}`
    const address = parseAddress(text)
    if (address === undefined) return [{ path, message: `${JSON.stringify(text)} is no IP address` }]
    const subnet = subnets.find(({ family }) => family === address.family)
    const pool = subnet && parseCidr(subnet.subnet)
    if (pool === undefined) return [{ path, message: `${text}: the network has no ${address.family} subnet` }]
    if (!containsAddress(pool, address)) {
      return [{ path, message: `${text} is not in the network's subnet ${subnet?.subnet ?? ''}` }]
    }
    if (families.includes(address.family)) return [{ path, message: `a second ${address.family} address` }]
    families.push(address.family)
    return []
  })
}
