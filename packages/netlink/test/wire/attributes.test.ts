import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLink, writeLink, type LinkAttributes } from '../../src/message/link.ts'
import { readMessages } from '../../src/wire/message-reader.ts'
import { MessageWriter } from '../../src/wire/message-writer.ts'

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'))
const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,14}$/)
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined })

/** What this package has no name for: numbers that no attribute of a link has. */
const unknown = fc.array(
  fc.record({
    type: fc.integer({ min: 900, max: 0x3fff }),
    data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  }),
  { minLength: 1, maxLength: 4 },
)

const link: fc.Arbitrary<LinkAttributes> = fc.record(
  {
    name: optional(name),
    address: optional(mac),
    mtu: optional(u32),
    master: optional(u32),
    group: optional(u32),
    alias: optional(fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !text.includes('\0'))),
    txQueueLength: optional(u32),
    linkInfo: optional(
      fc.oneof(
        fc.record({
          info: fc.record({
            kind: fc.constant('vxlan' as const),
            data: fc.record({ id: u32, port: u16, ttl: u8, learning: fc.boolean() }),
          }),
        }),
        fc.record({
          info: fc.record({
            kind: fc.constant('bridge' as const),
            data: fc.record({ mcastSnooping: fc.boolean(), stpState: u32 }),
          }),
        }),
        fc.record({
          info: fc.record({
            kind: fc.constant('macvlan' as const),
            data: fc.record({ mode: fc.constantFrom('private' as const, 'bridge' as const, 'vepa' as const) }),
          }),
        }),
      ),
    ),
    unknown: optional(unknown),
  },
  { requiredKeys: [] },
)

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function written(attributes: LinkAttributes): Buffer {
  const writer = new MessageWriter()
  writeLink(writer, { family: 0, hardwareType: 1, index: 7, flags: 0, change: 0, attributes })
  return Buffer.from(writer.bytes)
}

describe('attributes', () => {
  it('that are written are read again, unknown ones too, and aligned', () => {
    fc.assert(
      fc.property(link, (attributes) => {
        const bytes = written(attributes)
        expect(bytes.length % 4).toBe(0)
        expect(withoutUndefined(readLink(bytes)?.attributes)).toEqual(withoutUndefined(attributes))
      }),
    )
  })

  it('of any bytes are read without failing, and what is read can be written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const message = readLink(Buffer.from(bytes))
        if (bytes.length < 16) expect(message).toBeUndefined()
        else if (message !== undefined) expect(written(message.attributes).length).toBeGreaterThanOrEqual(16)
      }),
      { numRuns: 500 },
    )
  })
})

describe('messages', () => {
  it('of a datagram are read as they were written', () => {
    const message = fc.record({ type: u16, flags: u16, sequence: u32, body: fc.uint8Array({ maxLength: 60 }) })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), (messages) => {
        const writer = new MessageWriter()
        for (const { type, flags, sequence, body } of messages) {
          writer.beginMessage(type, flags, sequence)
          writer.raw(body)
          writer.endMessage()
        }
        const found = readMessages(Buffer.from(writer.bytes))
        expect(found.map(({ type, flags, sequence, body }) => ({ type, flags, sequence, body: [...body] }))).toEqual(
          messages.map(({ type, flags, sequence, body }) => ({ type, flags, sequence, body: [...body] })),
        )
      }),
    )
  })

  it('of any bytes are read without failing and without end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readMessages(Buffer.from(bytes)).length).toBeLessThanOrEqual(bytes.length / 16)
      }),
      { numRuns: 500 },
    )
  })

  it('may be larger than the first buffer', () => {
    const writer = new MessageWriter()
    writer.beginMessage(1, 2, 3)
    for (let index = 0; index < 10_000; index++) writer.u32(index)
    writer.endMessage()
    const [message] = readMessages(Buffer.from(writer.bytes))
    expect(message?.body.readUInt32LE(9_999 * 4)).toBe(9_999)
    writer.reset()
    expect(writer.bytes.length).toBe(0)
  })
})
