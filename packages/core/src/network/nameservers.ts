import { readFileSync } from 'node:fs'
import { parseAddress } from '@libnetwork/driver-sdk'

/**
 * The nameservers of a resolv.conf text, as CIDR texts of one address each. Comments, other keywords, scoped addresses and
 * everything that is no address are left out.
 */
export function nameserversAsCidr(resolvConf: string): readonly string[] {
  return resolvConf.split('\n').flatMap((line) => {
    const [keyword, text, ...rest] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (keyword !== 'nameserver' || text === undefined || rest.length > 0) return []
    const address = parseAddress(text)
    return address === undefined ? [] : [`${text}/${address.family === 'ipv4' ? 32 : 128}`]
  })
}

/** The nameservers of a resolv.conf file; none when it cannot be read. */
export function readNameservers(file: string): readonly string[] {
  try {
    return nameserversAsCidr(readFileSync(file, 'utf8'))
  } catch {
    // A host without the file has no nameservers that a pool could clash with.
    return []
  }
}
