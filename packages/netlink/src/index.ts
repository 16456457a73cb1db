/**
 * The Linux kernel's routing netlink, typed: links, addresses, routes, neighbours and rules.
 *
 * @packageDocumentation
 */
export { deleteAddress, newAddress, type AddressSpec } from './client/address-requests.ts'
export { deleteLink, newLink, setLink, type LinkChanges, type LinkSelector } from './client/link-requests.ts'
export {
  deleteNeighbour,
  newNeighbour,
  type NeighbourSpec,
  type NewNeighbourOptions,
} from './client/neighbour-requests.ts'
export type { Link, LinkAddress, Neighbour, Route, Rule } from './client/objects.ts'
export {
  openRouteEvents,
  type RouteEvent,
  type RouteEventGroup,
  type RouteEventOptions,
  type RouteEvents,
} from './client/route-events.ts'
export type { RouteRequest } from './client/route-request.ts'
export { deleteRoute, newRoute, type NextHopSpec, type RouteSpec } from './client/route-requests.ts'
export {
  openRouteSocket,
  type AddressVerbs,
  type LinkFilter,
  type LinkVerbs,
  type NeighbourVerbs,
  type NetlinkCallOptions,
  type RouteSocket,
  type RouteSocketOptions,
  type RouteVerbs,
  type RuleVerbs,
} from './client/route-socket.ts'
export { deleteRule, newRule, type RuleSpec } from './client/rule-requests.ts'
export type { BatchResult } from './client/transactor.ts'
export { NETLINK_ERRORS, type RequestDescription } from './errors.ts'
export { IFA_F_NODAD, IFA_F_NOPREFIXROUTE, IFA_F_PERMANENT } from './message/address.ts'
export type {
  BridgeData,
  BridgePortData,
  IpvlanData,
  LinkInfo,
  LinkPortInfo,
  MacvlanData,
  MacvlanMode,
  VlanData,
  VxlanData,
} from './message/link-info.ts'
export type {
  Ipv6AddressGeneration,
  LinkAttributes,
  LinkNamespace,
  LinkSettings,
  LinkSpec,
  LinkStatistics,
  VethPeer,
} from './message/link.ts'
export { NUD_NOARP, NUD_PERMANENT, NUD_REACHABLE, NUD_STALE } from './message/neighbour.ts'
export { RTN_UNICAST, RTPROT_STATIC, RT_TABLE_MAIN, type NextHop, type RouteMetrics } from './message/route.ts'
export { loadKernelSockets, type KernelSocketOptions } from './socket/kernel-socket.ts'
export type { NetlinkSocket, NetlinkSocketListener } from './socket/netlink-socket.ts'
export type { UnknownAttribute } from './wire/attribute-table.ts'
