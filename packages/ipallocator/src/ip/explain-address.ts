import { parseAddress } from '@libnetwork/driver-sdk'

function explainIPv4(text: string): string {
  const parts = text.split('.')
  if (parts.length !== 4) return `has ${parts.length} of the 4 decimal parts`
  for (const part of parts) {
    if (part === '') return 'has an empty part'
    if (!/^\d+$/.test(part)) return `part "${part}" is not decimal`
    if (part.length > 1 && part.startsWith('0'))
      return `part "${part}" has a leading zero, which some programs read as octal`
    if (Number(part) > 255) return `part "${part}" is above 255`
  }
  return 'is not an IPv4 address'
}

function explainIPv6(text: string): string {
  if (text.startsWith('[')) return 'stands in brackets'
  if (text.split('::').length > 2 || text.includes(':::')) return 'has "::" more than once'
  const groups = text.split(':').filter((group) => group !== '')
  const embedded = groups.findIndex((group) => group.includes('.'))
  if (embedded >= 0 && embedded < groups.length - 1) return 'has an IPv4 part that is not its end'
  for (const group of groups) {
    if (group.includes('.')) continue
    if (!/^[0-9a-fA-F]+$/.test(group)) return `group "${group}" is not hexadecimal`
    if (group.length > 4) return `group "${group}" has more than 4 digits`
  }
  const last = groups[groups.length - 1] ?? ''
  if (last.includes('.') && parseAddress(last) === undefined) return `its IPv4 part ${explainIPv4(last)}`
  return `has ${groups.length + (last.includes('.') ? 1 : 0)} groups where 8, or fewer and one "::", are needed`
}

/**
 * Why a text is not an address, as the end of the sentence "the text ...". Only called for texts that were refused.
 *
 * @param text - what was given
 */
export function explainAddress(text: string): string {
  if (text === '') return 'is empty'
  if (/\s/.test(text)) return 'has blanks in it'
  if (text.includes('/')) return 'has a prefix length, where a single address is wanted'
  if (text.includes('%')) return 'has a zone, which has no meaning outside its host'
  if (text.includes(':')) return explainIPv6(text)
  if (text.includes('.')) return explainIPv4(text)
  return 'is neither dotted decimal (10.0.0.1) nor IPv6 (fd00::1)'
}
