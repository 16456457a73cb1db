import type { InterfaceInfo } from '@libnetwork/driver-sdk'

/** Whether there is an IPv6 one among addresses. */
export function hasIPv6(addresses: readonly string[]): boolean {
  return addresses.some((address) => address.includes(':'))
}

/**
 * The sysctls that every interface inside a sandbox gets beside those that its driver asks for, written before it goes up. By
 * name below `net`, with `IFNAME` for the interface.
 *
 * @param info - the interface as its driver describes it
 */
export function interfaceSysctls({ addresses }: InterfaceInfo): Readonly<Record<string, string>> {
  return {
    // The kernel tells the neighbours about an address when its link goes up, so that a reused address works at once.
    'ipv4.conf.IFNAME.arp_notify': '1',
    ...(hasIPv6(addresses)
      ? {
          'ipv6.conf.IFNAME.accept_dad': '0',
          'ipv6.conf.IFNAME.accept_ra': '0',
          'ipv6.conf.IFNAME.autoconf': '0',
          'ipv6.conf.IFNAME.router_solicitations': '0',
          'ipv6.conf.IFNAME.ndisc_notify': '1',
        }
      : // Without IPv6 addresses its announcements are only noise on the network.
        { 'ipv6.conf.IFNAME.disable_ipv6': '1' }),
  }
}

/**
 * The path below `/proc/sys/net` of an interface's sysctl.
 *
 * @param key - its name with `IFNAME` for the interface
 * @param name - the interface's name; it may have dots
 */
export function sysctlOfInterface(key: string, name: string): string {
  return key
    .split('.')
    .map((part) => (part === 'IFNAME' ? name : part))
    .join('/')
}
