import { commonError } from '@libnetwork/driver-sdk'
import { readAddress } from '../message/address.ts'
import { readLink } from '../message/link.ts'
import { readNeighbour } from '../message/neighbour.ts'
import { readRoute } from '../message/route.ts'
import { openKernelSocket, type KernelSocketOptions } from '../socket/kernel-socket.ts'
import type { NetlinkSocket } from '../socket/netlink-socket.ts'
import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWROUTE,
} from '../wire/constants.ts'
import { readMessages, type RawMessage } from '../wire/message-reader.ts'
import { assertObject, signalOf } from './argument.ts'
import {
  addressOf,
  linkOf,
  neighbourOf,
  routeOf,
  type Link,
  type LinkAddress,
  type Neighbour,
  type Route,
} from './objects.ts'

/** What can be listened to. */
export type RouteEventGroup = 'link' | 'neighbour' | 'ipv4-address' | 'ipv4-route' | 'ipv6-address' | 'ipv6-route'

// RTNLGRP_* of <linux/rtnetlink.h>
const GROUPS: Readonly<Record<RouteEventGroup, number>> = {
  link: 1,
  neighbour: 3,
  'ipv4-address': 5,
  'ipv4-route': 7,
  'ipv6-address': 9,
  'ipv6-route': 11,
}

/** Something changed in the namespace. Plain JSON. `lost` says that events were lost and all must be read anew. */
export type RouteEvent =
  | { readonly type: 'link.new' | 'link.deleted'; readonly link: Link }
  | { readonly type: 'address.new' | 'address.deleted'; readonly address: LinkAddress }
  | { readonly type: 'route.new' | 'route.deleted'; readonly route: Route }
  | { readonly type: 'neighbour.new' | 'neighbour.deleted'; readonly neighbour: Neighbour }
  | { readonly type: 'lost' }

/** A subscription. Events are kept from its opening on, also before the iteration begins. */
export interface RouteEvents extends AsyncIterable<RouteEvent>, Disposable {
  /** Ends the iteration and closes the socket. Safe to call again. */
  close(): void
}

function areGroups(groups: unknown): groups is readonly RouteEventGroup[] {
  if (!Array.isArray(groups) || groups.length === 0) return false
  return groups.every((group: unknown) => typeof group === 'string' && Object.hasOwn(GROUPS, group))
}

function eventOf({ type, body }: RawMessage): RouteEvent | undefined {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      const message = readLink(body)
      return message && { type: type === RTM_NEWLINK ? 'link.new' : 'link.deleted', link: linkOf(message) }
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const message = readAddress(body)
      return (
        message && { type: type === RTM_NEWADDR ? 'address.new' : 'address.deleted', address: addressOf(message) }
      )
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const message = readRoute(body)
      return message && { type: type === RTM_NEWROUTE ? 'route.new' : 'route.deleted', route: routeOf(message) }
    }
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH: {
      const message = readNeighbour(body)
      const verb = type === RTM_NEWNEIGH ? 'neighbour.new' : 'neighbour.deleted'
      return message && { type: verb, neighbour: neighbourOf(message) }
    }
    default:
      return undefined
  }
}

/** Options of {@link openRouteEvents}. */
export interface RouteEventOptions extends KernelSocketOptions {
  /** What to listen to. */
  readonly groups: readonly RouteEventGroup[]
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined
  /** A socket to use instead of one of the kernel's: for tests. */
  readonly socket?: NetlinkSocket | undefined
}

/**
 * Listens to the changes of the calling thread's network namespace, from now on.
 *
 * @throws `ERR_NETLINK_SOCKET`, `ERR_INVALID_ARGUMENT` for a group that does not exist
 */
export function openRouteEvents(options: RouteEventOptions): RouteEvents {
  assertObject('listen to netlink', 'the options', options)
  const signal = signalOf('listen to netlink', options)
  const { groups }: { readonly groups: unknown } = options
  if (!areGroups(groups)) {
    throw commonError(
      'ERR_INVALID_ARGUMENT',
      `listen to netlink: groups must be some of ${Object.keys(GROUPS).join(', ')}`,
    )
  }
  const socket = options.socket ?? openKernelSocket(options)
  const waiting: RouteEvent[] = []
  const sleepers = new Set<() => void>()
  let closed = false
  // All of them: several may iterate, and each must see the end.
  const wake = (): void => {
    for (const sleeper of sleepers) sleeper()
    sleepers.clear()
  }
  const push = (event: RouteEvent | undefined): void => {
    if (event === undefined) return
    waiting.push(event)
    wake()
  }
  const close = (): void => {
    if (closed) return
    closed = true
    signal?.removeEventListener('abort', close)
    socket.close()
    wake()
  }
  socket.listen({
    onDatagram: (datagram) => {
      for (const message of readMessages(datagram)) push(eventOf(message))
    },
    // ENOBUFS: the reader was too slow. Whoever keeps a picture of the namespace must draw it anew.
    onError: () => push({ type: 'lost' }),
  })
  for (const group of groups) socket.addMembership(GROUPS[group])
  if (signal?.aborted === true) close()
  else signal?.addEventListener('abort', close, { once: true })
  async function* iterate(): AsyncGenerator<RouteEvent> {
    try {
      for (;;) {
        const event = waiting.shift()
        if (event !== undefined) yield event
        else if (closed) return
        else await new Promise<void>((resolve) => sleepers.add(resolve))
      }
    } finally {
      close()
    }
  }
  return { close, [Symbol.dispose]: close, [Symbol.asyncIterator]: iterate }
}
