import { isIP } from 'node:net'
import fc from 'fast-check'
import { IPv4, IPv6 } from 'ip-num'
import { describe, expect, it } from 'vitest'
import { formatAddress, isMappedAddress, parseAddress, unmapAddress } from '../../src/index.ts'
import { thrown } from '../error-code.ts'

describe('the conversions of the seed', () => {
  it('TestConversion', () => {
    expect(parseAddress('127.0.0.1')).toEqual({ family: 'ipv4', value: 0x7f000001n })
    expect(formatAddress({ family: 'ipv4', value: 0x7f000001n })).toBe('127.0.0.1')
  })

  it('TestConversionIPv6', () => {
    const { family, value } = parseAddress('2a00:1450::1')
    expect({ family, value }).toEqual({ family: 'ipv6', value: 0x2a001450000000000000000000000001n })
    expect(formatAddress({ family, value })).toBe('2a00:1450::1')
    expect(formatAddress({ family, value: value + 1n })).toBe('2a00:1450::2')
    expect(formatAddress({ family, value: value + 0x10000n })).toBe('2a00:1450::1:1')
  })
})

describe('parseAddress', () => {
  it.each([
    ['0.0.0.0', 'ipv4', 0n],
    ['255.255.255.255', 'ipv4', 0xffffffffn],
    ['::', 'ipv6', 0n],
    ['::1', 'ipv6', 1n],
    ['1::', 'ipv6', 1n << 112n],
    ['FD00:0:0:0:0:0:0:A', 'ipv6', (0xfd00n << 112n) | 10n],
    ['64:ff9b::192.0.2.33', 'ipv6', (0x64ff9bn << 96n) | 0xc0000221n],
    ['1:2:3:4:5:6:7::', 'ipv6', 0x00010002000300040005000600070000n],
  ] as const)('reads %s', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value })
  })

  it('reads an IPv4-mapped address as the IPv4 address that it is', () => {
    expect(parseAddress('::ffff:10.0.0.1')).toEqual(parseAddress('10.0.0.1'))
    expect(parseAddress('::ffff:a00:1')).toEqual(parseAddress('10.0.0.1'))
    expect(parseAddress('0:0:0:0:0:FFFF:10.0.0.1')).toEqual(parseAddress('10.0.0.1'))
  })

  it.each([
    ['', /empty/],
    ['010.0.0.1', /octal/],
    ['10.0.0.08', /octal/],
    ['10.0.0', /3 of the 4/],
    ['10', /neither/],
    ['0x0a000001', /neither/],
    ['0xa.0.0.1', /not decimal/],
    ['10.0.0.0.1', /5 of the 4/],
    ['10.0.0.256', /above 255/],
    ['10.0.0.-1', /not decimal/],
    ['10.0..1', /empty part/],
    ['10.0.0.1/24', /prefix length/],
    [' 10.0.0.1', /blanks/],
    ['10.0.0.1\n', /blanks/],
    ['10.0.0.1\0', /not decimal/],
    ['fe80::1%eth0', /zone/],
    ['[::1]', /brackets/],
    ['1::2::3', /more than once/],
    [':::', /more than once/],
    ['1:2:3:4:5:6:7', /7 groups/],
    ['1:2:3:4:5:6:7:8:9', /9 groups/],
    ['1:2:3:4:5:6:7:8::', /8 groups/],
    [':1:2:3:4:5:6:7', /groups/],
    ['12345::', /more than 4 digits/],
    ['g::1', /not hexadecimal/],
    ['::1.2.3', /not hexadecimal|3 of the 4|groups/],
    ['::ffff:010.0.0.1', /octal/],
    ['::10.0.0.1:1', /not its end/],
    ['1::10.0.0.1:0', /not its end/],
    ['١٠.0.0.1', /not decimal/],
  ])('refuses %j', (text, reason) => {
    expect(thrown(() => parseAddress(text), 'ERR_INVALID_ARGUMENT').message).toMatch(reason)
  })

  it.each([undefined, null, 7, 7n, {}, ['10.0.0.1'], true])('refuses %s, which is no text', (value) => {
    // @ts-expect-error -- what a caller without types may pass
    thrown(() => parseAddress(value), 'ERR_INVALID_ARGUMENT')
  })

  it('cuts an endless text in its message', () => {
    expect(thrown(() => parseAddress('1'.repeat(100_000)), 'ERR_INVALID_ARGUMENT').message.length).toBeLessThan(300)
  })
})

describe('formatAddress', () => {
  // RFC 5952, section 4 and 5.
  it.each([
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::AAAA', '2001:db8::aaaa'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['0:0:0:0:0:0:0:1', '::1'],
  ])('writes %s as %s', (text, written) => {
    expect(formatAddress(parseAddress(text))).toBe(written)
  })

  it('writes an IPv4-mapped address with dotted decimal', () => {
    const mapped = { family: 'ipv6', value: 0xffff0a000001n } as const
    expect(isMappedAddress(mapped)).toBe(true)
    expect(formatAddress(mapped)).toBe('::ffff:10.0.0.1')
    expect(unmapAddress(mapped)).toEqual(parseAddress('10.0.0.1'))
  })
})

describe('against other readers', () => {
  const ipv4 = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n })
  // Zero groups are frequent in real addresses, and the hard part of the text.
  const ipv6 = fc
    .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n))
    .filter((value) => value >> 32n !== 0xffffn)

  it('agrees with ip-num on IPv4', () => {
    fc.assert(
      fc.property(ipv4, (value) => {
        const text = formatAddress({ family: 'ipv4', value })
        expect(text).toBe(new IPv4(value).toString())
        expect(parseAddress(text).value).toBe(new IPv4(text).getValue())
      }),
    )
  })

  it('agrees with ip-num on IPv6', () => {
    fc.assert(
      fc.property(ipv6, (value) => {
        const text = formatAddress({ family: 'ipv6', value })
        expect(new IPv6(text).getValue()).toBe(value)
        expect(parseAddress(new IPv6(value).toString()).value).toBe(value)
      }),
    )
  })

  it('agrees with WHATWG URL on the shortest text', () => {
    fc.assert(
      fc.property(ipv6, (value) => {
        const text = formatAddress({ family: 'ipv6', value })
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`)
      }),
    )
  })

  it('accepts exactly what node:net accepts, zones apart', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '255',
      '256',
      '01',
      'ffff',
      'fffff',
      ':',
      '::',
      '.',
      '/',
      ' ',
      'g',
      '-',
      '',
    )
    const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''))
    const near = fc.oneof(
      text,
      fc.tuple(ipv6, text).map(([value, end]) => formatAddress({ family: 'ipv6', value }) + end),
    )
    fc.assert(
      fc.property(near, (candidate) => {
        let accepted = true
        try {
          parseAddress(candidate)
        } catch {
          accepted = false
        }
        expect(accepted).toBe(isIP(candidate) !== 0)
      }),
      { numRuns: 2000 },
    )
  })
})
