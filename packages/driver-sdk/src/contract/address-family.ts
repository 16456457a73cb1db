/** An address family, in words. */
export type AddressFamily = 'ipv4' | 'ipv6'
