import { commonError, isLibnetworkError, type AddressFamily } from '@libnetwork/driver-sdk'
import { readAddress, writeAddress } from '../message/address.ts'
import { readLink, writeLink, type LinkAttributes, type LinkSpec, type LinkStatistics } from '../message/link.ts'
import { readNeighbour, writeNeighbour } from '../message/neighbour.ts'
import { readRoute, RTM_F_CLONED, writeRoute } from '../message/route.ts'
import { readRule, writeRule } from '../message/rule.ts'
import { openKernelSocket, type KernelSocketOptions } from '../socket/kernel-socket.ts'
import type { NetlinkSocket } from '../socket/netlink-socket.ts'
import {
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETNEIGH,
  RTM_GETROUTE,
  RTM_GETRULE,
} from '../wire/constants.ts'
import type { RawMessage } from '../wire/message-reader.ts'
import { bool, text, u32 } from '../wire/attribute-codec.ts'
import { linkIndex, type ValueCheck } from '../wire/value-check.ts'
import { assertObject, familyName, isObject, memberProblems, signalOf } from './argument.ts'
import { deleteAddress, newAddress, type AddressSpec } from './address-requests.ts'
import {
  assertSelector,
  deleteLink,
  newLink,
  selectorText,
  setLink,
  type LinkChanges,
  type LinkSelector,
} from './link-requests.ts'
import { deleteNeighbour, newNeighbour, type NeighbourSpec, type NewNeighbourOptions } from './neighbour-requests.ts'
import {
  addressOf,
  linkOf,
  neighbourOf,
  routeOf,
  ruleOf,
  type Link,
  type LinkAddress,
  type Neighbour,
  type Route,
  type Rule,
} from './objects.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'
import { deleteRoute, newRoute, type RouteSpec } from './route-requests.ts'
import { deleteRule, newRule, type RuleSpec } from './rule-requests.ts'
import { Transactor, type BatchResult } from './transactor.ts'

/** What can go with every call. */
export interface NetlinkCallOptions {
  /** Gives up before the request is sent. What was sent is done. */
  readonly signal?: AbortSignal | undefined
}

/** Narrows {@link LinkVerbs.list}. */
export interface LinkFilter {
  /** Only ports of the master with this index. The kernel filters. */
  readonly master?: number | undefined
  /** Only links of this kind. The kernel filters. */
  readonly kind?: string | undefined
}

/** Links. */
export interface LinkVerbs {
  /** All links that the filter lets through. */
  list(filter?: LinkFilter, options?: NetlinkCallOptions): Promise<readonly Link[]>
  /** One link. `ERR_NETLINK` of kind `not-found` when there is none. */
  get(selector: LinkSelector, options?: NetlinkCallOptions): Promise<Link>
  /** One link, or `undefined`. */
  find(selector: LinkSelector, options?: NetlinkCallOptions): Promise<Link | undefined>
  /** Makes a link. */
  add(spec: LinkSpec, options?: NetlinkCallOptions): Promise<void>
  /** Changes a link. */
  set(selector: LinkSelector, changes: LinkChanges, options?: NetlinkCallOptions): Promise<void>
  /** Deletes a link. */
  delete(selector: LinkSelector, options?: NetlinkCallOptions): Promise<void>
  /** Counters of a link. */
  statistics(selector: LinkSelector, options?: NetlinkCallOptions): Promise<LinkStatistics>
}

/** Addresses. */
export interface AddressVerbs {
  /** All addresses that the filter lets through. */
  list(
    filter?: { readonly index?: number | undefined; readonly family?: AddressFamily | undefined },
    options?: NetlinkCallOptions,
  ): Promise<readonly LinkAddress[]>
  /** Adds an address. */
  add(spec: AddressSpec, options?: NetlinkCallOptions): Promise<void>
  /** Adds an address, or changes the one that is there. */
  replace(spec: AddressSpec, options?: NetlinkCallOptions): Promise<void>
  /** Takes an address away. */
  delete(spec: AddressSpec, options?: NetlinkCallOptions): Promise<void>
}

/** Routes. */
export interface RouteVerbs {
  /** All routes that the filter lets through, cached ones apart. */
  list(
    filter?: { readonly family?: AddressFamily | undefined; readonly table?: number | undefined },
    options?: NetlinkCallOptions,
  ): Promise<readonly Route[]>
  /** Adds a route. */
  add(spec: RouteSpec, options?: NetlinkCallOptions): Promise<void>
  /** Adds a route, or replaces the one that is there. */
  replace(spec: RouteSpec, options?: NetlinkCallOptions): Promise<void>
  /** Deletes a route. */
  delete(spec: RouteSpec, options?: NetlinkCallOptions): Promise<void>
}

/** Neighbours and forwarding entries. */
export interface NeighbourVerbs {
  /** Neighbours of both families, or with `fdb` the forwarding entries of bridges and VXLAN devices. */
  list(
    filter?: { readonly fdb?: boolean | undefined; readonly index?: number | undefined },
    options?: NetlinkCallOptions,
  ): Promise<readonly Neighbour[]>
  /** Adds an entry. */
  add(spec: NeighbourSpec, options?: NetlinkCallOptions & NewNeighbourOptions): Promise<void>
  /** Deletes an entry. */
  delete(spec: NeighbourSpec, options?: NetlinkCallOptions): Promise<void>
}

/** Rules. */
export interface RuleVerbs {
  /** All rules that the filter lets through. */
  list(
    filter?: { readonly family?: AddressFamily | undefined },
    options?: NetlinkCallOptions,
  ): Promise<readonly Rule[]>
  /** Adds a rule. */
  add(spec: RuleSpec, options?: NetlinkCallOptions): Promise<void>
  /** Deletes a rule. */
  delete(spec: RuleSpec, options?: NetlinkCallOptions): Promise<void>
}

/**
 * A client of the kernel's routing netlink, in one network namespace for its whole life. Requests are sent in the order of
 * the calls, one exchange at a time.
 */
export interface RouteSocket extends Disposable {
  /** Links. */
  readonly links: LinkVerbs
  /** Addresses. */
  readonly addresses: AddressVerbs
  /** Routes. */
  readonly routes: RouteVerbs
  /** Neighbours and forwarding entries. */
  readonly neighbours: NeighbourVerbs
  /** Rules. */
  readonly rules: RuleVerbs
  /** Sends one request. Throws the kernel's refusal as `ERR_NETLINK`. */
  request(request: RouteRequest, options?: NetlinkCallOptions): Promise<void>
  /**
   * Sends several requests in one `sendmsg`. It is not atomic: the kernel goes on after a request that it refuses, and the
   * result tells which ones were done. Refusals are no exceptions here.
   */
  batch(requests: readonly RouteRequest[], options?: NetlinkCallOptions): Promise<BatchResult>
  /** Closes the socket. Later calls are `ERR_CLOSED`. Safe to call again. */
  close(): void
}

const RTEXT_FILTER_SKIP_STATS = 8
// The kernel reads kinds of up to 63 bytes.
const KIND_MAX = 63

const kindName: ValueCheck = {
  problem: (value) => (value === '' ? 'must not be empty' : text(KIND_MAX).problem(value)),
}

function listArguments(
  operation: string,
  filter: object,
  options: NetlinkCallOptions | undefined,
  checks: Readonly<Record<string, ValueCheck>>,
): AbortSignal | undefined {
  assertObject(operation, 'the filter', filter)
  assertNoProblems({ operation, subject: '' }, memberProblems(filter, checks))
  return signalOf(operation, options)
}

function assertRequests(operation: string, requests: readonly RouteRequest[]): void {
  const problem =
    Array.isArray(requests) &&
    requests.every(
      (request: unknown) => isObject(request) && typeof (request as Partial<RouteRequest>).write === 'function',
    )
      ? []
      : ['requests must be what newLink() and its like return']
  assertNoProblems({ operation, subject: '' }, problem)
}

function read<Message>(messages: readonly RawMessage[], reader: (body: Buffer) => Message | undefined): Message[] {
  return messages.flatMap(({ body }) => reader(body) ?? [])
}

function query(operation: string, subject: string, type: number, write: RouteRequest['write']): RouteRequest {
  return { operation, subject, type, flags: 0, write }
}

function linkQuery(operation: string, subject: string, index: number, attributes: LinkAttributes): RouteRequest {
  return query(operation, subject, RTM_GETLINK, (writer) =>
    writeLink(writer, { family: AF_UNSPEC, hardwareType: 0, index, flags: 0, change: 0, attributes }),
  )
}

function linkVerbs(transactor: Transactor, request: RouteSocket['request']): LinkVerbs {
  const get = async (
    selector: LinkSelector,
    extMask: number,
    options: NetlinkCallOptions | undefined,
  ): Promise<Link> => {
    assertSelector('link get', selector)
    const attributes: LinkAttributes = 'name' in selector ? { name: selector.name, extMask } : { extMask }
    const index = 'index' in selector ? selector.index : 0
    const messages = await transactor.get(
      linkQuery('link get', selectorText(selector), index, attributes),
      signalOf('link get', options),
    )
    const [message] = read(messages, readLink)
    if (message === undefined) throw commonError('ERR_INTERNAL', `link get ${selectorText(selector)}: no answer`)
    return linkOf(message)
  }
  return {
    list: async (filter = {}, options) => {
      const signal = listArguments('link list', filter, options, { master: linkIndex, kind: kindName })
      const { master, kind } = filter
      const linkInfo = kind === undefined ? undefined : { info: { kind: 'other' as const, name: kind } }
      const attributes: LinkAttributes = { master, linkInfo, extMask: RTEXT_FILTER_SKIP_STATS }
      const messages = await transactor.dump(linkQuery('link list', '', 0, attributes), signal)
      const links = read(messages, readLink).map(linkOf)
      // Kernels before strict checking ignore the filter.
      return links.filter(
        (link) => (master === undefined || link.master === master) && (kind === undefined || link.kind === kind),
      )
    },
    get: (selector, options) => get(selector, RTEXT_FILTER_SKIP_STATS, options),
    find: async (selector, options) => {
      try {
        return await get(selector, RTEXT_FILTER_SKIP_STATS, options)
      } catch (error) {
        if (isLibnetworkError(error, 'ERR_NETLINK') && error.kind === 'not-found') return undefined
        throw error
      }
    },
    add: async (spec, options) => {
      await request(newLink(spec), options)
    },
    set: async (selector, changes, options) => {
      await request(setLink(selector, changes), options)
    },
    delete: async (selector, options) => {
      await request(deleteLink(selector), options)
    },
    statistics: async (selector, options) => {
      const { statistics } = (await get(selector, 0, options)).attributes
      if (statistics === undefined) {
        throw commonError('ERR_UNSUPPORTED', `link statistics ${selectorText(selector)}: the kernel gave none`)
      }
      return statistics
    },
  }
}

function familyNumber(family: AddressFamily | undefined): number {
  if (family === undefined) return AF_UNSPEC
  return family === 'ipv4' ? AF_INET : AF_INET6
}

function addressVerbs(transactor: Transactor, request: RouteSocket['request']): AddressVerbs {
  return {
    list: async (filter = {}, options) => {
      const signal = listArguments('address list', filter, options, { index: linkIndex, family: familyName })
      const { index, family } = filter
      const dump = query('address list', '', RTM_GETADDR, (writer) =>
        writeAddress(writer, {
          family: familyNumber(family),
          prefix: 0,
          headerFlags: 0,
          scope: 0,
          index: index ?? 0,
          attributes: {},
        }),
      )
      const messages = await transactor.dump(dump, signal)
      const addresses = read(messages, readAddress).map(addressOf)
      return addresses.filter((found) => index === undefined || found.index === index)
    },
    add: async (spec, options) => {
      await request(newAddress(spec), options)
    },
    replace: async (spec, options) => {
      await request(newAddress(spec, { replace: true }), options)
    },
    delete: async (spec, options) => {
      await request(deleteAddress(spec), options)
    },
  }
}

function routeVerbs(transactor: Transactor, request: RouteSocket['request']): RouteVerbs {
  return {
    list: async (filter = {}, options) => {
      const signal = listArguments('route list', filter, options, { family: familyName, table: u32 })
      const { family, table } = filter
      const dump = query('route list', '', RTM_GETROUTE, (writer) =>
        writeRoute(writer, {
          family: familyNumber(family),
          destinationPrefix: 0,
          fromPrefix: 0,
          tos: 0,
          headerTable: 0,
          protocol: 0,
          scope: 0,
          type: 0,
          flags: 0,
          attributes: {},
        }),
      )
      const messages = await transactor.dump(dump, signal)
      const routes = read(messages, readRoute).filter(({ flags }) => (flags & RTM_F_CLONED) === 0)
      return routes.map(routeOf).filter((route) => table === undefined || route.table === table)
    },
    add: async (spec, options) => {
      await request(newRoute(spec), options)
    },
    replace: async (spec, options) => {
      await request(newRoute(spec, { replace: true }), options)
    },
    delete: async (spec, options) => {
      await request(deleteRoute(spec), options)
    },
  }
}

function neighbourVerbs(transactor: Transactor, request: RouteSocket['request']): NeighbourVerbs {
  return {
    list: async (filter = {}, options) => {
      const signal = listArguments('neighbour list', filter, options, { fdb: bool, index: linkIndex })
      const { fdb, index } = filter
      const dump = query('neighbour list', '', RTM_GETNEIGH, (writer) =>
        writeNeighbour(writer, {
          family: fdb === true ? AF_BRIDGE : AF_UNSPEC,
          index: 0,
          state: 0,
          flags: 0,
          type: 0,
          attributes: {},
        }),
      )
      const messages = await transactor.dump(dump, signal)
      const neighbours = read(messages, readNeighbour).map(neighbourOf)
      return neighbours.filter((found) => index === undefined || found.index === index)
    },
    add: async (spec, options = {}) => {
      await request(newNeighbour(spec, options), options)
    },
    delete: async (spec, options) => {
      await request(deleteNeighbour(spec), options)
    },
  }
}

function ruleVerbs(transactor: Transactor, request: RouteSocket['request']): RuleVerbs {
  return {
    list: async (filter = {}, options) => {
      const signal = listArguments('rule list', filter, options, { family: familyName })
      const { family } = filter
      const dump = query('rule list', '', RTM_GETRULE, (writer) =>
        writeRule(writer, {
          family: familyNumber(family),
          toPrefix: 0,
          fromPrefix: 0,
          tos: 0,
          headerTable: 0,
          action: 0,
          flags: 0,
          attributes: {},
        }),
      )
      return read(await transactor.dump(dump, signal), readRule).map(ruleOf)
    },
    add: async (spec, options) => {
      await request(newRule(spec), options)
    },
    delete: async (spec, options) => {
      await request(deleteRule(spec), options)
    },
  }
}

/** Options of {@link openRouteSocket}. */
export interface RouteSocketOptions extends KernelSocketOptions {
  /** A socket to use instead of one of the kernel's: for tests. */
  readonly socket?: NetlinkSocket | undefined
}

/**
 * Opens a client in the network namespace of the calling thread, at once; it stays in that namespace wherever the thread
 * goes. An idle client does not keep the process alive.
 *
 * @throws `ERR_NETLINK_SOCKET`
 */
export function openRouteSocket(options: RouteSocketOptions = {}): RouteSocket {
  assertObject('open netlink socket', 'the options', options)
  const transactor = new Transactor(options.socket ?? openKernelSocket(options))
  const request: RouteSocket['request'] = async (single, options) => {
    const signal = signalOf('request', options)
    assertRequests('request', [single])
    const { firstError } = await transactor.batch([single], signal)
    if (firstError !== undefined) throw firstError
  }
  const close = (): void => transactor.close()
  return {
    links: linkVerbs(transactor, request),
    addresses: addressVerbs(transactor, request),
    routes: routeVerbs(transactor, request),
    neighbours: neighbourVerbs(transactor, request),
    rules: ruleVerbs(transactor, request),
    request,
    batch: async (requests, options) => {
      const signal = signalOf('batch', options)
      assertRequests('batch', requests)
      return await transactor.batch(requests, signal)
    },
    close,
    [Symbol.dispose]: close,
  }
}
