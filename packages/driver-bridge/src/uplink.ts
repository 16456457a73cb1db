import type { HostNetwork, HostRoute } from '@libnetwork/driver-sdk'

const ETHERNET_MTU = 1500
const MAIN_TABLE = 254
const DEFAULT_DESTINATIONS = ['0.0.0.0/0', '::/0']

function isDefault(route: HostRoute): boolean {
  return route.table === MAIN_TABLE && DEFAULT_DESTINATIONS.includes(route.destination)
}

/** The links that default routes leave by; the one that IPv4 prefers comes first. */
export async function uplinks(host: HostNetwork): Promise<readonly string[]> {
  const rank = ({ destination, metric = 0 }: HostRoute): number =>
    DEFAULT_DESTINATIONS.indexOf(destination) * 2 ** 32 + metric
  const routes = (await host.routes()).filter(isDefault).sort((left, right) => rank(left) - rank(right))
  return [...new Set(routes.flatMap(({ link }) => (link === undefined ? [] : [link])))]
}

/** The MTU of a network whose user gave none: what passes the uplink in one piece. */
export async function defaultMtu(host: HostNetwork): Promise<number> {
  const [uplink] = await uplinks(host)
  const link = uplink === undefined ? undefined : await host.link(uplink)
  return Math.min(link?.mtu ?? ETHERNET_MTU, 65535)
}
