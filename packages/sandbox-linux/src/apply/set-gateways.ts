import type { AddressFamily, GatewaySetting, SandboxApplyRequest } from '@libnetwork/driver-sdk'
import { deleteRoute, newRoute, RT_TABLE_MAIN, type Route, type RouteSocket } from '@libnetwork/netlink'
import type { InsideLink } from './configure-inside.ts'

const DEFAULT_ROUTE: Readonly<Record<AddressFamily, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' }

async function defaultRoutes(socket: RouteSocket, family: AddressFamily): Promise<readonly Route[]> {
  const routes = await socket.routes.list({ family, table: RT_TABLE_MAIN })
  return routes.filter(({ destination }) => destination === DEFAULT_ROUTE[family])
}

async function removeRoutes(socket: RouteSocket, routes: readonly Route[]): Promise<void> {
  const requests = routes.map(({ destination, gateway, index, metric }) =>
    deleteRoute({ destination, gateway, index, metric }),
  )
  const { errors } = await socket.batch(requests)
  const failure = errors.find((error) => error !== undefined && error.kind !== 'not-found')
  if (failure !== undefined) throw failure
}

async function indexOf(
  socket: RouteSocket,
  { interface: name }: GatewaySetting,
  links: readonly InsideLink[],
): Promise<number | undefined> {
  if (name === undefined) return links[0]?.link.index
  return links.find((link) => link.name === name)?.link.index ?? (await socket.links.get({ name })).index
}

/** Sets or removes the gateway of one family. The old one goes only when the new one stands. */
async function setGateway(
  socket: RouteSocket,
  family: AddressFamily,
  gateway: GatewaySetting | null,
  links: readonly InsideLink[],
): Promise<void> {
  const before = await defaultRoutes(socket, family)
  if (gateway === null) {
    await removeRoutes(socket, before)
    return
  }
  const index = await indexOf(socket, gateway, links)
  const wanted = { destination: DEFAULT_ROUTE[family], gateway: gateway.address, index }
  await socket.request(newRoute(wanted, { replace: true }))
  const isWanted = (route: Route): boolean =>
    route.gateway === gateway.address && (index === undefined || route.index === index)
  await removeRoutes(
    socket,
    (await defaultRoutes(socket, family)).filter((route) => !isWanted(route)),
  )
}

/** Sets or removes the default gateways of a request, both or none of them. */
export async function setGateways(
  socket: RouteSocket,
  { gateway, gatewayIPv6 }: SandboxApplyRequest,
  links: readonly InsideLink[],
): Promise<void> {
  const before = gateway === undefined || gatewayIPv6 === undefined ? [] : await defaultRoutes(socket, 'ipv4')
  if (gateway !== undefined) await setGateway(socket, 'ipv4', gateway, links)
  if (gatewayIPv6 === undefined) return
  try {
    await setGateway(socket, 'ipv6', gatewayIPv6, links)
  } catch (error) {
    if (gateway !== undefined) {
      await removeRoutes(socket, await defaultRoutes(socket, 'ipv4'))
      await socket.batch(
        before.map(({ destination, gateway: via, index, metric }) =>
          newRoute({ destination, gateway: via, index, metric }),
        ),
      )
    }
    throw error
  }
}
