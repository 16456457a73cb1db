import { firstAddress, formatAddress, parseAddress, parseCidr } from '@libnetwork/driver-sdk'
import {
  routeProblems,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_COMPAT,
  RT_TABLE_MAIN,
  RTN_UNICAST,
  RTNH_F_ONLINK,
  RTPROT_STATIC,
  writeRoute,
  type NextHop,
  type RouteAttributes,
  type RouteMetrics,
} from '../message/route.ts'
import {
  AF_INET,
  AF_INET6,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  RTM_DELROUTE,
  RTM_NEWROUTE,
} from '../wire/constants.ts'
import { bool, u32, u8 } from '../wire/attribute-codec.ts'
import { linkIndex } from '../wire/value-check.ts'
import { assertObject, familyProblems, isObject, memberProblems } from './argument.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'

/** A next hop of a route with several. */
export interface NextHopSpec {
  /** Number of the link. */
  readonly index: number
  /** Address of the router, address text. */
  readonly gateway?: string | undefined
  /** Its share, 1 to 256. Default 1. */
  readonly weight?: number | undefined
}

/** A route. */
export interface RouteSpec {
  /** Where to, CIDR text; `0.0.0.0/0` and `::/0` are the default routes. */
  readonly destination: string
  /** Address of the next router, address text. */
  readonly gateway?: string | undefined
  /** Number of the link. */
  readonly index?: number | undefined
  /** Several next hops instead of one. */
  readonly nextHops?: readonly NextHopSpec[] | undefined
  /** Preferred source address, address text. */
  readonly source?: string | undefined
  /** Priority; the lowest wins. */
  readonly metric?: number | undefined
  /** Table number. Default 254, the main one. */
  readonly table?: number | undefined
  /** `RTPROT_*`. Default `RTPROT_STATIC`. */
  readonly protocol?: number | undefined
  /** `RT_SCOPE_*`. Default: link without a gateway, else universe. */
  readonly scope?: number | undefined
  /** `RTN_*`. Default `RTN_UNICAST`. */
  readonly type?: number | undefined
  /** The gateway is on the link even if no address says so. */
  readonly onLink?: boolean | undefined
  /** Metrics. */
  readonly metrics?: RouteMetrics | undefined
}

// What is no list is left as it is: it is refused with everything else that is wrong.
function hopsOf(hops: readonly NextHopSpec[] | undefined): readonly NextHop[] | undefined {
  if (!Array.isArray(hops)) return hops as undefined
  return (hops as readonly NextHopSpec[]).map((hop): NextHop => {
    return isObject(hop) ? { ...hop, flags: 0, weight: hop.weight ?? 1 } : hop
  })
}

function hopGateways(hops: readonly NextHop[] | undefined): Readonly<Record<string, unknown>> {
  if (!Array.isArray(hops)) return {}
  return Object.fromEntries(
    (hops as readonly NextHop[]).map((hop, place) => [
      `nextHops[${place}].gateway`,
      isObject(hop) ? hop.gateway : undefined,
    ]),
  )
}

function defaultScope(spec: RouteSpec, family: number, deleting: boolean): number {
  if (family === AF_INET6) return RT_SCOPE_UNIVERSE
  if (deleting) return RT_SCOPE_NOWHERE
  const direct = spec.gateway === undefined && spec.nextHops === undefined && spec.index !== undefined
  return direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE
}

function request(operation: string, messageType: number, flags: number, spec: RouteSpec): RouteRequest {
  assertObject(operation, 'the route', spec)
  const subject = `${String(spec.destination)}${spec.gateway === undefined ? '' : ` via ${String(spec.gateway)}`}`
  const cidr = typeof spec.destination === 'string' ? parseCidr(spec.destination) : undefined
  const family = cidr?.family === 'ipv6' ? AF_INET6 : AF_INET
  const table = spec.table ?? RT_TABLE_MAIN
  const hops = hopsOf(spec.nextHops)
  const attributes: RouteAttributes = {
    // The network's first address: the kernel refuses host bits.
    destination:
      cidr === undefined || cidr.prefix === 0
        ? undefined
        : formatAddress({ family: cidr.family, value: firstAddress(cidr) }),
    index: spec.index,
    gateway: spec.gateway,
    priority: spec.metric,
    preferredSource: spec.source,
    metrics: spec.metrics,
    nextHops: hops,
    table: table > 255 ? table : undefined,
  }
  const problems = [
    ...(cidr === undefined
      ? ['destination must be CIDR text such as 10.0.0.0/8']
      : [
          ...routeProblems(attributes),
          ...familyProblems(cidr.family, { source: spec.source, ...hopGateways(hops) }),
        ]),
    ...memberProblems(spec, {
      index: linkIndex,
      table: u32,
      protocol: u8,
      scope: u8,
      type: u8,
      onLink: bool,
    }),
  ]
  const gateway = typeof spec.gateway === 'string' ? parseAddress(spec.gateway) : undefined
  if (gateway !== undefined && cidr !== undefined && gateway.family !== cidr.family) {
    problems.push(`gateway ${spec.gateway ?? ''} is of another family than the destination`)
  }
  assertNoProblems({ operation, subject }, problems)
  return {
    operation,
    subject,
    type: messageType,
    flags,
    write: (writer) =>
      writeRoute(writer, {
        family,
        destinationPrefix: cidr?.prefix ?? 0,
        fromPrefix: 0,
        tos: 0,
        headerTable: table > 255 ? RT_TABLE_COMPAT : table,
        protocol: messageType === RTM_DELROUTE ? 0 : (spec.protocol ?? RTPROT_STATIC),
        scope: spec.scope ?? defaultScope(spec, family, messageType === RTM_DELROUTE),
        type: messageType === RTM_DELROUTE ? (spec.type ?? 0) : (spec.type ?? RTN_UNICAST),
        flags: spec.onLink === true ? RTNH_F_ONLINK : 0,
        attributes,
      }),
  }
}

/** Adds a route (`RTM_NEWROUTE`). `EEXIST` when there is one, unless `replace` is given. */
export function newRoute(spec: RouteSpec, options: { readonly replace?: boolean } = {}): RouteRequest {
  const flags = NLM_F_CREATE | (options.replace === true ? NLM_F_REPLACE : NLM_F_EXCL)
  return request(options.replace === true ? 'route replace' : 'route add', RTM_NEWROUTE, flags, spec)
}

/** Deletes a route (`RTM_DELROUTE`). `ESRCH` when there is none. */
export function deleteRoute(spec: RouteSpec): RouteRequest {
  return request('route delete', RTM_DELROUTE, 0, spec)
}
