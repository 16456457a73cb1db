// What this package sends, beside what `ip` sends for the same.
import { describe, expect, it } from 'vitest'
import {
  deleteLink,
  newAddress,
  newLink,
  newNeighbour,
  newRoute,
  newRule,
  NUD_PERMANENT,
  setLink,
  type RouteRequest,
} from '../../src/index.ts'
import { addressOf, ruleOf } from '../../src/client/objects.ts'
import { readAddress } from '../../src/message/address.ts'
import { readRule } from '../../src/message/rule.ts'
import { MessageWriter } from '../../src/wire/message-writer.ts'
import { canonical } from '../fixtures/attributes.ts'
import { CAPTURED_COMMANDS, capturedRequest } from '../fixtures/captured.ts'

// The numbers that the links had where the bytes were captured: br0 is 2, v1 is 3, v0 is 4.
const [BR0, V1, V0] = [2, 3, 4]
const queues = { txQueues: 1, rxQueues: 1 }

const OURS: Readonly<Record<string, () => RouteRequest>> = {
  'link add name d0 type dummy': () => newLink({ name: 'd0', info: { kind: 'dummy' } }),
  'link add name if0 type ifb': () => newLink({ name: 'if0', info: { kind: 'ifb' } }),
  'link add link v1 name vl0 type vlan id 12': () =>
    newLink({ name: 'vl0', link: V1, info: { kind: 'vlan', data: { id: 12 } } }),
  'link add link v1 name vl1 type vlan protocol 802.1ad id 13': () =>
    newLink({ name: 'vl1', link: V1, info: { kind: 'vlan', data: { id: 13, protocol: '802.1ad' } } }),
  'link add link v1 name iv0 type ipvlan mode l2': () =>
    newLink({ name: 'iv0', link: V1, info: { kind: 'ipvlan', data: { mode: 'l2', flags: 0 } } }),
  'link add link v1 name iv1 type ipvlan mode l3s private': () =>
    newLink({ name: 'iv1', link: V1, info: { kind: 'ipvlan', data: { mode: 'l3s', flags: 1 } } }),
  'link add link v1 name mv1 type macvlan mode private': () =>
    newLink({ name: 'mv1', link: V1, info: { kind: 'macvlan', data: { mode: 'private' } } }),
  'link add name v8 mtu 1400 numtxqueues 1 numrxqueues 1 type veth peer name v9 address 02:42:00:00:00:09 mtu 1400 numtxqueues 1 numrxqueues 1':
    () =>
      newLink({
        name: 'v8',
        mtu: 1400,
        ...queues,
        info: { kind: 'veth', peer: { name: 'v9', address: '02:42:00:00:00:09', mtu: 1400, ...queues } },
      }),
  'link add name br8 type bridge forward_delay 0': () =>
    newLink({ name: 'br8', info: { kind: 'bridge', data: { forwardDelay: 0 } } }),
  'link set dev v0 alias hello': () => setLink({ index: V0 }, { alias: 'hello' }),
  'link delete dev br8': () => deleteLink({ index: 12 }),
  'addr add 10.8.0.1/24 dev br0': () => newAddress({ index: BR0, address: '10.8.0.1/24' }),
  'addr add fd08::1/64 dev br0 nodad': () => newAddress({ index: BR0, address: 'fd08::1/64', flags: 2 }),
  'route add 10.8.1.0/24 via 10.0.0.5 dev br0 proto static metric 5': () =>
    newRoute({ destination: '10.8.1.0/24', gateway: '10.0.0.5', index: BR0, metric: 5 }),
  'neigh add 10.0.0.78 lladdr 02:42:00:00:00:79 dev br0 nud permanent': () =>
    newNeighbour({ index: BR0, address: '10.0.0.78', mac: '02:42:00:00:00:79', state: NUD_PERMANENT }),
  'rule add from 10.0.0.0/8 table 301 priority 79': () =>
    newRule({ family: 'ipv4', from: '10.0.0.0/8', table: 301, priority: 79 }),
}

const HEADERS: Readonly<Record<number, number>> = { 16: 16, 17: 16, 20: 8, 24: 12, 28: 12, 32: 12 }

function bodyOf(request: RouteRequest): Buffer {
  const writer = new MessageWriter()
  request.write(writer)
  return Buffer.from(writer.bytes)
}

/** What the kernel reads from flags and tables that may stand in a header or in an attribute. */
const SENSE: Readonly<Record<string, (body: Buffer) => unknown>> = {
  'addr add fd08::1/64 dev br0 nodad': (body) => {
    const message = readAddress(body)
    return message && addressOf(message)
  },
  'rule add from 10.0.0.0/8 table 301 priority 79': (body) => {
    const message = readRule(body)
    return message && ruleOf(message)
  },
}

describe('a request is what `ip` sends', () => {
  it('for every command that was captured', () => {
    expect(Object.keys(OURS).sort()).toEqual([...CAPTURED_COMMANDS].sort())
  })

  it.each(CAPTURED_COMMANDS)('ip %s', (command) => {
    const captured = capturedRequest(command)
    const ours = OURS[command]?.()
    if (ours === undefined) throw new Error('no request of ours')
    const header = HEADERS[captured.type] ?? 0
    const [expected, found] = [captured.body, bodyOf(ours)]
    expect(ours.type).toBe(captured.type)
    const sense = SENSE[command]
    if (sense !== undefined) {
      expect(sense(found)).toEqual(sense(expected))
      return
    }
    expect(found.subarray(0, header).toString('hex')).toBe(expected.subarray(0, header).toString('hex'))
    expect(canonical(found.subarray(header))).toEqual(canonical(expected.subarray(header)))
  })
})
