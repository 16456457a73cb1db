import { kernelRefusal } from './kernel-refusal.ts'

/** What a link of Linux has that a network driver may want to read or write, with the kernel's own defaults. */
const PER_LINK: Readonly<Record<string, string>> = {
  'ipv4/conf/*/accept_local': '0',
  'ipv4/conf/*/arp_accept': '0',
  'ipv4/conf/*/arp_announce': '0',
  'ipv4/conf/*/arp_ignore': '0',
  'ipv4/conf/*/arp_notify': '0',
  'ipv4/conf/*/forwarding': '0',
  'ipv4/conf/*/proxy_arp': '0',
  'ipv4/conf/*/route_localnet': '0',
  'ipv4/conf/*/rp_filter': '0',
  'ipv4/conf/*/send_redirects': '1',
  'ipv6/conf/*/accept_dad': '1',
  'ipv6/conf/*/accept_ra': '1',
  'ipv6/conf/*/addr_gen_mode': '0',
  'ipv6/conf/*/autoconf': '1',
  'ipv6/conf/*/disable_ipv6': '0',
  'ipv6/conf/*/forwarding': '0',
  'ipv6/conf/*/proxy_ndp': '0',
}

/** Sysctls that write through to every link, as the kernel's `all` ones do. */
const TO_ALL = /^(ipv4|ipv6)\/conf\/all\/(forwarding|disable_ipv6)$/

/** The sysctls below `net`, by their names with slashes. */
export type MemorySysctls = Map<string, string>

/** Makes the sysctls of a link. */
export function addLinkSysctls(sysctls: MemorySysctls, link: string): void {
  for (const [key, value] of Object.entries(PER_LINK)) {
    sysctls.set(key.replace('*', link), sysctls.get(key.replace('*', 'default')) ?? value)
  }
}

/** Removes the sysctls of a link. */
export function deleteLinkSysctls(sysctls: MemorySysctls, link: string): void {
  for (const key of Object.keys(PER_LINK)) sysctls.delete(key.replace('*', link))
}

/** The sysctls of a host without links. */
export function newSysctls(): MemorySysctls {
  const sysctls: MemorySysctls = new Map([['ipv4/ip_forward', '0']])
  for (const each of ['all', 'default']) addLinkSysctls(sysctls, each)
  return sysctls
}

/** Writes a sysctl. */
export function setSysctl(sysctls: MemorySysctls, key: string, value: string): void {
  if (!sysctls.has(key)) throw kernelRefusal('sysctl set', key, 'ENOENT')
  if (!/^-?\d+$/.test(value)) throw kernelRefusal('sysctl set', key, 'EINVAL')
  sysctls.set(key, value)
  if (key === 'ipv4/ip_forward') setSysctl(sysctls, 'ipv4/conf/all/forwarding', value)
  const [, family, name] = TO_ALL.exec(key) ?? []
  if (family === undefined || name === undefined) return
  const ofLink = new RegExp(`^${family}/conf/[^/]+/${name}$`)
  for (const each of [...sysctls.keys()].filter((candidate) => ofLink.test(candidate))) sysctls.set(each, value)
  if (family === 'ipv4') sysctls.set('ipv4/ip_forward', value)
}
