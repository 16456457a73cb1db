// The original's cases of resolvconf_test.go, named after them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nameserversAsCidr, readNameservers } from '../../src/network/nameservers.ts'

describe('resolvconf_test.go', () => {
  it('TestResolveConfRead: a file is read, and one that is not there has no nameservers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'resolv-'))
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 1.2.3.4\n')
    expect(readNameservers(join(folder, 'resolv.conf'))).toEqual(['1.2.3.4/32'])
    expect(readNameservers(join(folder, 'nothing'))).toEqual([])
    rmSync(folder, { recursive: true })
  })

  it('TestResolveConfReadLines: comments are left out', () => {
    expect(
      nameserversAsCidr('# nameserver 1.1.1.1\n; nameserver 2.2.2.2\nnameserver 3.3.3.3 # nameserver 4.4.4.4'),
    ).toEqual(['3.3.3.3/32'])
  })

  it('TestResolvConfNameserversAsCIDR', () => {
    expect(nameserversAsCidr('#comment\nnameserver 1.2.3.4\n\nnameserver 5.6.7.8 # Test\n')).toEqual([
      '1.2.3.4/32',
      '5.6.7.8/32',
    ])
  })

  it('IPv6 nameservers count, scoped ones and nonsense do not', () => {
    const text =
      'nameserver fd00::53\nnameserver fe80::1%eth0\nnameserver\nnameserver 1.2.3\nsearch example.org\n\tnameserver  9.9.9.9'
    expect(nameserversAsCidr(text)).toEqual(['fd00::53/128', '9.9.9.9/32'])
  })
})
