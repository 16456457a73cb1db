import { parseAddress } from '@libnetwork/driver-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeSockaddr } from '../../src/sys/sockaddr.ts'

function encoded(text: string, port: number): string {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`no address: ${text}`)
  return Buffer.from(encodeSockaddr(address, port)).toString('hex')
}

// The kernel's own opinion, by bind and getsockname, is asked in syscalls.test.ts.
describe('encodeSockaddr', () => {
  it('writes struct sockaddr_in', () => {
    expect(encoded('10.0.0.2', 8080)).toBe('02001f900a0000020000000000000000')
    expect(encoded('255.255.255.254', 65_535)).toBe('0200fffffffffffe0000000000000000')
  })

  it('writes struct sockaddr_in6', () => {
    expect(encoded('fd00:1::2', 80)).toBe('0a00005000000000fd00000100000000000000000000000200000000')
    expect(encoded('::', 0)).toBe(`0a00${'00'.repeat(26)}`)
  })

  it('property: port and address stand in network byte order at their offsets', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), fc.integer({ min: 0, max: 65_535 }), (value, port) => {
        const hex = Buffer.from(encodeSockaddr({ family: 'ipv6', value }, port)).toString('hex')
        expect(hex.slice(4, 8)).toBe(port.toString(16).padStart(4, '0'))
        expect(hex.slice(16, 48)).toBe(value.toString(16).padStart(32, '0'))
      }),
    )
  })
})
