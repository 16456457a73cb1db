import { createHash } from 'node:crypto'
import type { JsonValue } from '../../errors/libnetwork-error.ts'
import type {
  DriverEndpoint,
  DriverNetwork,
  DriverSandbox,
  NetworkCapability,
  NetworkSubnet,
} from '../../contract/network-driver.ts'

/** Ids that begin alike share so many digits, more than a link's name can hold. */
const ALIKE_DIGITS = 16

function idOf(what: string): string {
  return createHash('sha256').update(what).digest('hex')
}

/** Frozen all through, so that a driver that writes into its request is found out. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen<unknown>(part)
  }
  return value
}

/** The same JSON with the keys of every object the other way round, as a store may give it back. */
export function reordered<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).reverse())
      : part,
  ) as Value
}

/** An id that begins with the digits of another. */
export function idLike(id: string): string {
  return id.slice(0, ALIKE_DIGITS) + idOf(id).slice(ALIKE_DIGITS)
}

function subnetsOf(index: number, capabilities: readonly NetworkCapability[]): NetworkSubnet[] {
  if (!capabilities.includes('addresses')) return []
  const ipv4: NetworkSubnet = { family: 'ipv4', subnet: `10.213.${index}.0/24`, gateway: `10.213.${index}.1/24` }
  if (!capabilities.includes('ipv6')) return [ipv4]
  const prefix = `fd00:d5:${(index + 1).toString(16)}::`
  return [ipv4, { family: 'ipv6', subnet: `${prefix}/64`, gateway: `${prefix}1/64` }]
}

/** The sample network of a number, 0 to 255. Its subnets fit the driver's capabilities. */
export function sampleNetwork(index: number, capabilities: readonly NetworkCapability[]): DriverNetwork {
  return {
    id: idOf(`network ${index}`),
    name: `conformance-${index}`,
    internal: false,
    subnets: subnetsOf(index, capabilities),
    options: {},
    labels: { suite: 'conformance' },
    controller: 'conformance',
    driverState: {},
  }
}

/** An address of the sample network's subnet, so many behind the first one. */
function memberOf({ family, subnet }: NetworkSubnet, offset: number): string {
  const [address = '', prefix = ''] = subnet.split('/')
  return family === 'ipv4'
    ? `${address.replace(/\d+$/, String(offset))}/${prefix}`
    : `${address}${offset.toString(16)}/${prefix}`
}

/** The sample endpoint of a number, 0 to 200, on a sample network. */
export function sampleEndpoint(index: number, network: DriverNetwork): DriverEndpoint {
  return {
    id: idOf(`endpoint ${index} of ${network.id}`),
    name: `endpoint-${index}`,
    addresses: network.subnets.map((subnet) => memberOf(subnet, index + 2)),
    options: {},
    labels: {},
    ports: [],
    driverState: {},
  }
}

/** The sample sandbox of an endpoint. */
export function sampleSandbox(endpoint: DriverEndpoint): DriverSandbox {
  const id = idOf(`sandbox of ${endpoint.id}`)
  return { id, key: `/run/netns/${id.slice(0, 12)}` }
}

/** A request for the same network that says something else. */
export function otherNetwork(network: DriverNetwork): DriverNetwork {
  if (network.subnets.length === 0) return frozen({ ...network, name: `${network.name}-other` })
  return frozen({
    ...network,
    subnets: network.subnets.map((subnet) =>
      subnet.family === 'ipv4' ? { ...subnet, subnet: '10.214.0.0/16', gateway: '10.214.0.1/16' } : subnet,
    ),
  })
}

/** A request for the same endpoint that says something else. */
export function otherEndpoint(endpoint: DriverEndpoint): DriverEndpoint {
  return frozen({
    ...endpoint,
    ...(endpoint.addresses.length === 0
      ? { name: `${endpoint.name}-other` }
      : { addresses: endpoint.addresses.map((address) => address.replace(/[0-9a-f]+\//, '77/')) }),
  })
}

/** An option that no driver has. */
export const UNKNOWN_OPTION: Readonly<Record<string, JsonValue>> = { noDriverHasThisOption: 1 }
