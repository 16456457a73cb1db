import { containsAddress, firstAddress, formatCidr, parseCidr } from '../../address/cidr.ts'
import { formatAddress, parseAddress } from '../../address/address-text.ts'
import { addressBits } from '../../address/cidr.ts'
import type { HostAddress, HostRoute } from '../../host/host-link.ts'
import type { RouteSpec } from '../../host/host-operation.ts'
import { kernelRefusal } from './kernel-refusal.ts'

const MAIN_TABLE = 254

/** The routes that the addresses of links that are up bring with them. */
export function connectedRoutes(addresses: readonly HostAddress[], isUp: (link: string) => boolean): HostRoute[] {
  return addresses.flatMap(({ link, address }): HostRoute[] => {
    const cidr = parseCidr(address)
    if (cidr === undefined || !isUp(link) || link === 'lo' || cidr.prefix === addressBits(cidr.family)) return []
    const destination = formatCidr({ ...cidr, value: firstAddress(cidr) })
    return cidr.family === 'ipv4'
      ? [{ destination, link, source: formatAddress(cidr), table: MAIN_TABLE }]
      : [{ destination, link, metric: 256, table: MAIN_TABLE }]
  })
}

function isSame(route: HostRoute, spec: RouteSpec): boolean {
  return (
    route.destination === spec.destination &&
    route.table === (spec.table ?? MAIN_TABLE) &&
    (route.metric ?? 0) === (spec.metric ?? 0)
  )
}

/** What the kernel makes of a route's request: the link that its gateway is on, and the default table. */
export function resolveRoute(
  spec: RouteSpec,
  present: readonly HostRoute[],
  isUp: (link: string) => boolean,
): HostRoute {
  const destination = parseCidr(spec.destination)
  if (destination === undefined || firstAddress(destination) !== destination.value) {
    throw kernelRefusal('route add', spec.destination, 'EINVAL')
  }
  if (present.some((route) => isSame(route, spec))) throw kernelRefusal('route add', spec.destination, 'EEXIST')
  const gateway = spec.gateway === undefined ? undefined : parseAddress(spec.gateway)
  const onLink = present.find((route) => {
    const network = parseCidr(route.destination)
    return gateway !== undefined && route.gateway === undefined && network && containsAddress(network, gateway)
  })
  if (spec.gateway !== undefined && onLink === undefined) {
    throw kernelRefusal('route add', spec.destination, 'ENETUNREACH')
  }
  const link = spec.link ?? onLink?.link
  if (link === undefined) throw kernelRefusal('route add', spec.destination, 'ENODEV')
  if (!isUp(link)) throw kernelRefusal('route add', spec.destination, 'ENETDOWN')
  return { ...spec, link, table: spec.table ?? MAIN_TABLE }
}

/** The routes without those that a deletion names. */
export function withoutRoute(routes: readonly HostRoute[], spec: RouteSpec): HostRoute[] {
  return routes.filter(
    (route) =>
      !(
        route.destination === spec.destination &&
        route.table === (spec.table ?? MAIN_TABLE) &&
        (spec.link === undefined || route.link === spec.link) &&
        (spec.gateway === undefined || route.gateway === spec.gateway) &&
        (spec.metric === undefined || route.metric === spec.metric)
      ),
  )
}
