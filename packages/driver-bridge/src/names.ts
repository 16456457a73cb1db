/** The group (`IFLA_GROUP`) of every link that libnetwork makes: "ln" in ASCII. */
export const LINK_GROUP = 0x6c6e

/** The name of a network's bridge where the user gives none. */
export function defaultBridgeName(networkId: string): string {
  return `ln-${networkId.slice(0, 12)}`
}

/** The name of the host's end of an endpoint's veth pair. */
export function hostLinkName(endpointId: string): string {
  return `lnv${endpointId.slice(0, 12)}`
}

/** What marks a link as made for an object of a controller. */
export function linkAlias(controller: string, id: string): string {
  return `libnetwork:${controller}:${id}`
}
