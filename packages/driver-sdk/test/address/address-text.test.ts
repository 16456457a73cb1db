import { formatAddress, parseAddress } from '@libnetwork/driver-sdk'
import fc from 'fast-check'
import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'

const MAX_IPV4 = 2n ** 32n - 1n
const MAX_IPV6 = 2n ** 128n - 1n

/** Texts that are nearly addresses: real ones with a character changed, and pieces of addresses put together. */
const nearlyAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(40), fc.constantFrom('', '.', ':', '0', 'f', 'g', ' ', '-', '/'))
    .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
  fc
    .array(fc.constantFrom('::', ':', '.', '0', '1', '00', '255', '256', 'ffff', 'abcd', '12345', '10.0.0.1'), {
      maxLength: 12,
    })
    .map((pieces) => pieces.join('')),
)

describe('parseAddress', () => {
  it('takes exactly what node:net takes, zones apart', () => {
    fc.assert(
      fc.property(nearlyAddress, (text) => {
        const family = { 0: undefined, 4: 'ipv4', 6: 'ipv6' }[isIP(text)]
        expect(parseAddress(text)?.family).toBe(family)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['0.0.0.0', 0n],
    ['10.0.0.2', 0x0a000002n],
    ['255.255.255.255', MAX_IPV4],
    ['::', 0n],
    ['::1', 1n],
    ['fe80::1', (0xfe80n << 112n) | 1n],
    ['2001:DB8::a', (0x20010db8n << 96n) | 10n],
    ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n],
    ['1:2:3:4:5:6:7::', 0x00010002000300040005000600070000n],
    ['::ffff:192.0.2.1', 0xffffc0000201n],
    ['64:ff9b::10.0.0.1', (0x64ff9bn << 96n) | 0x0a000001n],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', MAX_IPV6],
  ])('reads %s', (text, value) => {
    expect(parseAddress(text)).toEqual({ family: text.includes(':') ? 'ipv6' : 'ipv4', value })
  })

  it.each([
    '',
    '10.0.0',
    '10.0.0.0.1',
    '010.0.0.1',
    '10.0.0.01',
    '10.0.0.256',
    '10.0.0.-1',
    '10.0.0.1 ',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '0x0a.0.0.1',
    '167772161',
    '１０.0.0.1',
    ':',
    ':::',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::12345',
    '::g',
    'fe80::1%eth0',
    '[::1]',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:1',
    '::ffff:010.0.0.1',
    '10.0.0.1/24',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('keeps an IPv4-mapped address apart from the IPv4 address', () => {
    expect(parseAddress('::ffff:10.0.0.1')?.family).toBe('ipv6')
    expect(parseAddress('::ffff:10.0.0.1')?.value).not.toBe(parseAddress('10.0.0.1')?.value)
  })
})

describe('formatAddress', () => {
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0:1:0:1:0:1:0:1', '0:1:0:1:0:1:0:1'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['0:0:3:4:5:6:7:8', '::3:4:5:6:7:8'],
    ['192.0.2.1', '192.0.2.1'],
  ])('writes %s as RFC 5952 has it', (text, written) => {
    const address = parseAddress(text)
    expect(address && formatAddress(address)).toBe(written)
  })

  it("is parseAddress's inverse for every address", () => {
    const ipv4 = fc.bigInt(0n, MAX_IPV4).map((value) => ({ family: 'ipv4' as const, value }))
    // Groups of zeros are what the text of an IPv6 address turns on.
    const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    const ipv6 = groups.map((parts) => ({
      family: 'ipv6' as const,
      value: parts.reduce((value, part) => (value << 16n) | BigInt(part), 0n),
    }))
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        const text = formatAddress(address)
        expect(parseAddress(text)).toEqual(address)
        // The URL parser of Node writes IPv6 addresses as RFC 5952 has them.
        if (address.family === 'ipv6') expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`)
      }),
      { numRuns: 1000 },
    )
  })
})
