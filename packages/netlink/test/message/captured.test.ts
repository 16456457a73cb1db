import { describe, expect, it } from 'vitest'
import { addressOf, linkOf, neighbourOf, routeOf, ruleOf, type Link, type Route } from '../../src/client/objects.ts'
import { readAddress, writeAddress } from '../../src/message/address.ts'
import { readLink, writeLink } from '../../src/message/link.ts'
import { readNeighbour, writeNeighbour } from '../../src/message/neighbour.ts'
import { readRoute, writeRoute } from '../../src/message/route.ts'
import { readRule, writeRule } from '../../src/message/rule.ts'
import { MessageWriter } from '../../src/wire/message-writer.ts'
import { canonical } from '../fixtures/attributes.ts'
import { capturedBodies, capturedRows, type CapturedKind } from '../fixtures/captured.ts'

/** One kind's codec, with the size of its fixed header, as a function from bytes to bytes. */
interface Codec {
  readonly header: number
  readonly rewrite: (body: Buffer) => Buffer
  readonly read: (body: Buffer) => unknown
}

function codec<Message>(
  header: number,
  read: (body: Buffer) => Message | undefined,
  write: (writer: MessageWriter, message: Message) => void,
): Codec {
  return {
    header,
    read,
    rewrite: (body) => {
      const message = read(body)
      if (message === undefined) throw new Error('the message cannot be read')
      const writer = new MessageWriter()
      write(writer, message)
      return Buffer.from(writer.bytes)
    },
  }
}

const CODECS: Readonly<Record<CapturedKind, Codec>> = {
  link: codec(16, readLink, writeLink),
  address: codec(8, readAddress, writeAddress),
  route: codec(12, readRoute, writeRoute),
  neighbour: codec(12, readNeighbour, writeNeighbour),
  fdb: codec(12, readNeighbour, writeNeighbour),
  rule: codec(12, readRule, writeRule),
}

const KINDS = Object.keys(CODECS) as CapturedKind[]

function defined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the message cannot be read')
  return value
}

describe.each(KINDS)("the kernel's messages about a %s", (kind) => {
  const { header, rewrite, read } = CODECS[kind]
  const bodies = capturedBodies(kind)

  it('are there', () => {
    expect(bodies.length).toBeGreaterThan(3)
  })

  it.each(bodies.map((body, index) => [index, body] as const))(
    '%i: written again they are the same',
    (_index, body) => {
      const written = rewrite(body)
      expect(written.subarray(0, header).toString('hex')).toBe(body.subarray(0, header).toString('hex'))
      expect(canonical(written.subarray(header))).toEqual(canonical(body.subarray(header)))
    },
  )

  it('cut short anywhere are read or refused, and never fail', () => {
    for (const body of bodies) {
      for (let length = 0; length < body.length; length++) {
        const message = read(body.subarray(0, length))
        if (length < header) expect(message).toBeUndefined()
        else expect(message).toBeDefined()
      }
    }
  })
})

describe('what is read', () => {
  it('of links is what `ip` says', () => {
    const links = capturedBodies('link').map((body) => linkOf(defined(readLink(body))))
    const shown = ({ index, name, kind, mtu, address, alias, up, attributes }: Link): unknown => ({
      ifindex: index,
      ifname: name,
      kind,
      mtu,
      address,
      ifalias: alias,
      up,
      txqlen: attributes.txQueueLength,
      rx: attributes.statistics?.rxPackets,
    })
    const expected = capturedRows('link').map((row) => {
      const { ifindex, ifname, mtu, address, ifalias, flags, txqlen, linkinfo, stats64 } = row as {
        readonly [key: string]: unknown
        readonly flags: readonly string[]
        readonly linkinfo?: { readonly info_kind?: string }
        readonly stats64?: { readonly rx: { readonly packets: number } }
      }
      const rx = stats64 === undefined ? undefined : String(stats64.rx.packets)
      const up = flags.includes('UP')
      return { ifindex, ifname, kind: linkinfo?.info_kind, mtu, address, ifalias, up, txqlen, rx }
    })
    // Packets may come between the two readings.
    const withoutCounters = (list: readonly unknown[]): unknown =>
      list.map((each) => ({ ...(each as object), rx: undefined }))
    expect(withoutCounters(links.map(shown))).toEqual(withoutCounters(expected))
    expect(links.every(({ attributes }) => /^\d+$/.test(attributes.statistics?.rxPackets ?? ''))).toBe(true)
  })

  it('of the kinds of links is what they were made with', () => {
    const links = new Map(
      capturedBodies('link')
        .map((body) => linkOf(defined(readLink(body))))
        .map((link) => [link.name, link]),
    )
    const index = (name: string): number | undefined => links.get(name)?.index
    expect(links.get('br0')).toMatchObject({
      address: '02:42:00:00:00:01',
      group: 27758,
      alias: 'a bridge',
      info: { kind: 'bridge', data: { forwardDelay: 0, stpState: 0, mcastSnooping: false } },
    })
    expect(links.get('v0')).toMatchObject({
      kind: 'veth',
      master: index('br0'),
      link: index('v1'),
      port: {
        kind: 'bridge',
        data: { isolated: true, hairpin: true, mcastFlood: false, flood: false, learning: false, cost: 7 },
      },
    })
    expect(links.get('mv0')).toMatchObject({ link: index('v1'), info: { kind: 'macvlan', data: { mode: 'bridge' } } })
    expect(links.get('vx0')?.info).toMatchObject({
      kind: 'vxlan',
      data: { id: 42, link: index('v1'), group: '10.9.9.9', local: '10.0.0.2', port: 4789, ttl: 9, learning: false },
    })
    expect(links.get('vx6')?.info).toMatchObject({
      kind: 'vxlan',
      data: { id: 43, group6: 'fd00::9', local6: 'fd00::2', port: 8472 },
    })
  })

  it('of addresses is what `ip` says', () => {
    const names = new Map(capturedRows('link').map((row) => [row['ifindex'], row['ifname']]))
    const addresses = capturedBodies('address').map((body) => addressOf(defined(readAddress(body))))
    const found = addresses.map(({ index, address, peer, label }) => [
      names.get(index),
      peer ?? address,
      peer && address,
      label,
    ])
    const expected = capturedRows('address').flatMap((row) =>
      ((row['addr_info'] ?? []) as readonly Readonly<Record<string, unknown>>[]).map(
        ({ local, address, prefixlen, label }) => [
          row['ifname'],
          address === undefined ? `${String(local)}/${String(prefixlen)}` : address,
          address === undefined ? undefined : `${String(local)}/${String(prefixlen)}`,
          label,
        ],
      ),
    )
    const sorted = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort()
    // `ip` has no label for an IPv6 address.
    expect(sorted(found.map(([name, address, peer, label]) => [name, address, peer ?? null, label ?? null]))).toEqual(
      sorted(expected.map(([name, address, peer, label]) => [name, address, peer ?? null, label ?? null])),
    )
    expect(addresses.find(({ address }) => address === '10.0.0.9/32')).toMatchObject({
      peer: '10.0.0.10',
      label: 'v1:x',
    })
  })

  it('of routes is what they were made with', () => {
    const names = new Map(capturedRows('link').map((row) => [row['ifname'], row['ifindex']]))
    const routes = capturedBodies('route').map((body) => routeOf(defined(readRoute(body))))
    const to = (destination: string): Route | undefined =>
      routes.find((route) => route.destination === destination && route.table !== 255)
    const index = names.get('br0')
    expect(to('10.5.0.0/16')).toMatchObject({
      gateway: '10.0.0.5',
      index,
      metric: 77,
      metrics: { mtu: 1300, advmss: 1200 },
    })
    expect(to('10.6.0.0/16')?.nextHops).toMatchObject([
      { index, gateway: '10.0.0.5', weight: 2 },
      { index, gateway: '10.0.0.6', weight: 1 },
    ])
    expect(to('0.0.0.0/0')).toMatchObject({
      gateway: '10.0.0.5',
      source: '10.0.0.1',
      protocol: 4,
      flags: 4,
      table: 254,
    })
    expect(to('10.7.0.0/16')).toMatchObject({ table: 300, type: 6 })
    expect(to('fd05::/48')).toMatchObject({ family: 'ipv6', gateway: 'fd00::5', metric: 88 })
    expect(to('fd06::/48')?.nextHops?.map(({ gateway }) => gateway)).toEqual(['fd00::5', 'fd00::6'])
  })

  it('of neighbours and forwarding entries is what they were made with', () => {
    const neighbours = capturedBodies('neighbour').map((body) => neighbourOf(defined(readNeighbour(body))))
    expect(neighbours).toContainEqual(
      expect.objectContaining({ address: '10.0.0.77', mac: '02:42:00:00:00:77', state: 0x80, fdb: false }),
    )
    expect(neighbours).toContainEqual(expect.objectContaining({ address: 'fd00::77', mac: '02:42:00:00:00:78' }))
    const entries = capturedBodies('fdb').map((body) => neighbourOf(defined(readNeighbour(body))))
    expect(entries).toContainEqual(expect.objectContaining({ mac: '02:42:00:00:00:99', fdb: true }))
    expect(entries).toContainEqual(
      expect.objectContaining({ mac: '00:00:00:00:00:00', address: '10.9.9.8', fdb: true }),
    )
    expect(entries.map(({ mac }) => mac).sort()).toEqual(
      capturedRows('fdb')
        .map((row) => row['mac'])
        .sort(),
    )
  })

  it('of rules is what they were made with', () => {
    const rules = capturedBodies('rule').map((body) => ruleOf(defined(readRule(body))))
    expect(rules.find(({ priority }) => priority === 77)).toMatchObject({
      family: 'ipv4',
      from: '10.0.0.0/8',
      to: '10.9.0.0/16',
      inputName: 'br0',
      mark: 0x10,
      mask: 0xff,
      table: 300,
    })
    expect(rules.find(({ priority }) => priority === 78)).toMatchObject({
      family: 'ipv6',
      from: 'fd00::/8',
      table: 300,
    })
    expect(rules.length).toBe(capturedRows('rule').length)
  })
})
