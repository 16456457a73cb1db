import {
  containsAddress,
  firstAddress,
  lastAddress,
  parseAddress,
  parseCidr,
  type Cidr,
  type JsonValue,
  type NetworkDriverRegistry,
  type Problem,
} from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { driverOptionsSchema, labelsSchema, signalSchema } from '../model/argument-checks.ts'

/** A subnet wanted for a network. */
export interface SubnetOptions {
  /** The subnet, CIDR text without host bits: `10.1.0.0/16`. */
  readonly subnet: string
  /** Endpoints get their addresses from this part only. CIDR text within the subnet. */
  readonly range?: string | undefined
  /** The gateway's address within the subnet. Default: the first address that can be used. */
  readonly gateway?: string | undefined
  /** Addresses that no endpoint shall get, by a name of your choice. */
  readonly auxiliary?: Readonly<Record<string, string>> | undefined
}

/** The option type of a driver's networks, where the driver has registered it. */
export type NetworkOptionsOf<Driver extends string> = Driver extends keyof NetworkDriverRegistry
  ? NetworkDriverRegistry[Driver] extends { readonly network: infer Options }
    ? Options
    : never
  : Readonly<Record<string, JsonValue | undefined>>

/** Options of `createNetwork`. */
export interface CreateNetworkOptions<Driver extends string = string> {
  /** The network driver. Default `bridge`. */
  readonly driver?: Driver | undefined
  /** Options of the driver. */
  readonly options?: NetworkOptionsOf<Driver> | undefined
  /** Whether the network has IPv4. Default true. */
  readonly ipv4?: boolean | undefined
  /** Whether the network has IPv6. Default: whether `subnets` has an IPv6 one. */
  readonly ipv6?: boolean | undefined
  /** The subnets. A family without one gets a subnet of the IPAM driver's choice. */
  readonly subnets?: readonly SubnetOptions[] | undefined
  /** The IPAM driver. Default `default`. */
  readonly ipam?: string | undefined
  /** Options of the IPAM driver. */
  readonly ipamOptions?: Readonly<Record<string, JsonValue | undefined>> | undefined
  /** No way out of the network. Default false. */
  readonly internal?: boolean | undefined
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Gives up; what was done so far is undone. */
  readonly signal?: AbortSignal | undefined
}

const subnetSchema = v.strictObject({
  subnet: v.string(),
  range: v.optional(v.string()),
  gateway: v.optional(v.string()),
  auxiliary: v.optional(v.record(v.string(), v.string())),
})

/** The shape of {@link CreateNetworkOptions}. */
export const networkOptionsSchema: v.GenericSchema<
  unknown,
  Omit<CreateNetworkOptions, 'options' | 'ipamOptions'> & {
    readonly options?: Readonly<Record<string, unknown>> | undefined
    readonly ipamOptions?: Readonly<Record<string, unknown>> | undefined
  }
> = v.strictObject({
  driver: v.optional(v.string()),
  options: v.optional(driverOptionsSchema),
  ipv4: v.optional(v.boolean()),
  ipv6: v.optional(v.boolean()),
  subnets: v.optional(v.array(subnetSchema)),
  ipam: v.optional(v.string()),
  ipamOptions: v.optional(driverOptionsSchema),
  internal: v.optional(v.boolean()),
  labels: v.optional(labelsSchema),
  signal: v.optional(signalSchema),
})

function addressProblem(subnet: Cidr, text: string): string | undefined {
  const address = parseAddress(text)
  if (address === undefined) return `${JSON.stringify(text)} is no IP address`
  if (!containsAddress(subnet, address)) return `${text} is not in the subnet`
  // RFC 3021 and RFC 6164: networks of two addresses or one have neither network nor broadcast address.
  const tiny = lastAddress(subnet) - firstAddress(subnet) <= 1n
  if (tiny || subnet.family === 'ipv6') return undefined
  if (address.value === firstAddress(subnet)) return `${text} is the subnet's network address`
  return address.value === lastAddress(subnet) ? `${text} is the subnet's broadcast address` : undefined
}

function cidrProblem(text: string): string | undefined {
  const cidr = parseCidr(text)
  if (cidr === undefined) return `${JSON.stringify(text)} is no subnet; write it as 10.1.0.0/16 or fd00:1::/64`
  return cidr.value === firstAddress(cidr) ? undefined : `${text} has host bits set`
}

function oneSubnetProblems(subnet: SubnetOptions, path: string): Problem[] {
  const problems: Problem[] = []
  const add = (field: string, message: string | undefined): void => {
    if (message !== undefined) problems.push({ path: `${path}.${field}`, message })
  }
  add('subnet', cidrProblem(subnet.subnet))
  const pool = parseCidr(subnet.subnet)
  if (pool === undefined || problems.length > 0) return problems
  if (subnet.range !== undefined) {
    const range = parseCidr(subnet.range)
    add('range', cidrProblem(subnet.range))
    if (range !== undefined && !containsAddress(pool, range))
      add('range', `${subnet.range} is not within ${subnet.subnet}`)
  }
  if (subnet.gateway !== undefined) add('gateway', addressProblem(pool, subnet.gateway))
  for (const [name, address] of Object.entries(subnet.auxiliary ?? {})) {
    add(`auxiliary.${name}`, addressProblem(pool, address))
  }
  return problems
}

/** Everything that is wrong with the subnets of a request, beyond their shape. */
export function subnetProblems(subnets: readonly SubnetOptions[], ipv4: boolean, ipv6: boolean): readonly Problem[] {
  const problems = subnets.flatMap((subnet, index) => oneSubnetProblems(subnet, `subnets.${index}`))
  const families = subnets.map((subnet) => parseCidr(subnet.subnet)?.family)
  families.forEach((family, index) => {
    const path = `subnets.${index}.subnet`
    if (family === 'ipv4' && !ipv4) problems.push({ path, message: 'an IPv4 subnet, but ipv4 is false' })
    if (family === 'ipv6' && !ipv6) problems.push({ path, message: 'an IPv6 subnet, but ipv6 is false' })
    if (family !== undefined && families.indexOf(family) !== index) {
      problems.push({ path, message: `a second ${family} subnet; one of each family is allowed` })
    }
  })
  if (!ipv4 && !ipv6) problems.push({ path: 'ipv4', message: 'a network needs IPv4 or IPv6' })
  return problems
}
