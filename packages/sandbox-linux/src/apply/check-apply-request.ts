/* eslint-disable @typescript-eslint/no-unnecessary-condition -- what the types promise is what is checked here */
import {
  invalidArgument,
  parseAddress,
  parseCidr,
  type InterfaceInfo,
  type Problem,
  type RouteInfo,
  type SandboxApplyRequest,
} from '@libnetwork/driver-sdk'

const MAC = /^(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/
const LINK_NAME = /^(?!\.{1,2}$)[^\s/:\0]{1,15}$/
const SOURCE_KINDS: readonly string[] = ['existing', 'veth', 'netlink', 'tap', 'ready']
const MTU_MIN = 68
const MTU_MAX = 65_535

function routeProblems(routes: readonly RouteInfo[], path: string): Problem[] {
  return routes.flatMap((route, index) => {
    const problems: Problem[] = []
    if (parseCidr(route.destination) === undefined) {
      problems.push({ path: `${path}.${index}.destination`, message: 'must be CIDR text' })
    }
    if (route.gateway !== undefined && parseAddress(route.gateway) === undefined) {
      problems.push({ path: `${path}.${index}.gateway`, message: 'must be an IP address' })
    }
    return problems
  })
}

// Names below /proc/sys/net, with dots or slashes; `IFNAME` stands for an interface.
const SYSCTL = /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)+$/

function sysctlProblems(sysctls: unknown, path: string): Problem[] {
  if (sysctls === undefined) return []
  if (typeof sysctls !== 'object' || sysctls === null) return [{ path, message: 'must be an object of texts' }]
  return Object.entries(sysctls).flatMap(([key, value]): Problem[] => {
    if (!SYSCTL.test(key)) return [{ path, message: `${JSON.stringify(key)} is no name of a sysctl below net` }]
    const right = typeof value === 'string' && /^[^\0\n]*$/.test(value)
    return right ? [] : [{ path: `${path}.${key}`, message: 'must be a text of one line' }]
  })
}

function isLinkName(value: unknown): boolean {
  return typeof value === 'string' && LINK_NAME.test(value) && Buffer.byteLength(value) <= 15
}

function interfaceProblems(info: InterfaceInfo, path: string): Problem[] {
  if (typeof info !== 'object' || info === null) return [{ path, message: 'must be an interface' }]
  const problems: Problem[] = []
  const add = (field: string, wrong: boolean, message: string): void => {
    if (wrong) problems.push({ path: `${path}.${field}`, message })
  }
  const { source, name, prefix, macAddress, mtu, addresses, routes, neighbours } = info
  add('source', !SOURCE_KINDS.includes(source?.kind), `kind must be one of ${SOURCE_KINDS.join(', ')}`)
  if (source?.kind === 'veth') add('source.host.name', !isLinkName(source.host?.name), 'must be the name of a link')
  if (source?.kind === 'existing') add('source.name', !isLinkName(source.name), 'must be the name of a link')
  if (source?.kind === 'ready') add('name', name === undefined, 'must say which link is ready')
  add(
    'name',
    name !== undefined && !isLinkName(name),
    'must be the name of a link: 1 to 15 bytes without blanks, "/" and ":"',
  )
  add('prefix', prefix !== undefined && !isLinkName(prefix), 'must be the beginning of a link name')
  add('macAddress', macAddress !== undefined && !MAC.test(macAddress), 'must be a MAC address')
  add(
    'mtu',
    mtu !== undefined && !(Number.isInteger(mtu) && mtu >= MTU_MIN && mtu <= MTU_MAX),
    `must be from ${MTU_MIN} to ${MTU_MAX}`,
  )
  if (!Array.isArray(addresses)) problems.push({ path: `${path}.addresses`, message: 'must be a list of CIDR texts' })
  else {
    addresses.forEach((address: unknown, index) => {
      const wrong = typeof address !== 'string' || parseCidr(address) === undefined
      add(`addresses.${index}`, wrong, `${JSON.stringify(address)} is no CIDR text`)
    })
  }
  problems.push(...routeProblems(routes ?? [], `${path}.routes`), ...sysctlProblems(info.sysctls, `${path}.sysctls`))
  neighbours?.forEach((neighbour, index) => {
    add(`neighbours.${index}.address`, parseAddress(neighbour.address) === undefined, 'must be an IP address')
    add(`neighbours.${index}.macAddress`, !MAC.test(neighbour.macAddress), 'must be a MAC address')
  })
  return problems
}

/**
 * Refuses a request that cannot be carried out, before anything has been touched.
 *
 * @throws `ERR_INVALID_ARGUMENT` with all problems
 */
export function checkApplyRequest(request: SandboxApplyRequest): void {
  const problems = (request.interfaces ?? []).flatMap((info, index) => interfaceProblems(info, `interfaces.${index}`))
  problems.push(...sysctlProblems(request.sysctls, 'sysctls'))
  const gateways = { gateway: 'ipv4', gatewayIPv6: 'ipv6' } as const
  for (const [field, family] of Object.entries(gateways)) {
    const gateway = request[field as keyof typeof gateways]
    if (gateway === undefined || gateway === null) continue
    if (typeof gateway.address !== 'string' || parseAddress(gateway.address)?.family !== family) {
      problems.push({ path: field, message: `${JSON.stringify(gateway.address)} is no ${family} address` })
    }
  }
  if (problems.length > 0) throw invalidArgument(`apply to sandbox ${request.key}`, problems)
}
