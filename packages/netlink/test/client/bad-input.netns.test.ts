// What is wrong is refused with one code, and the kernel is found as it was.
import { writeFileSync } from 'node:fs'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRouteEvents, openRouteSocket, type RouteSocket } from '../../src/index.ts'
import { describeWith, witness } from '../../../../testing/witness.ts'

type Attempt = (socket: RouteSocket, index: number) => unknown

/** What the compiler would refuse, as a program without types passes it. */
function wrong(value: unknown): never {
  return value as never
}

const NO_OBJECTS: readonly unknown[] = [undefined, null, 5, 'x', [], true]
const BAD_INDEXES: readonly unknown[] = [undefined, null, 0, -1, 1.5, NaN, Infinity, 2 ** 31, 2 ** 32, '1']
const BAD_NAMES: readonly unknown[] = [
  '',
  '.',
  '..',
  'x'.repeat(16),
  'ä'.repeat(8),
  'a/b',
  'a b',
  'a\nb',
  'lo\0x',
  'a:b',
  5,
]
const BAD_BYTES: readonly unknown[] = [-1, 256, 1.5, NaN, 'x', null]
const BAD_CIDRS: readonly unknown[] = [
  '',
  'x',
  '10.1.0.1',
  '10.1.0.1/33',
  '10.1.0.1/-1',
  '10.1.0.256/24',
  'fd00::/129',
  5,
  null,
]
const MAC = '02:42:00:00:00:09'

const VERBS: Readonly<Record<string, (socket: RouteSocket, value: never) => unknown>> = {
  'links.add': (socket, value) => socket.links.add(value),
  'links.get': (socket, value) => socket.links.get(value),
  'links.find': (socket, value) => socket.links.find(value),
  'links.set': (socket, value) => socket.links.set(value, { mtu: 1300 }),
  'links.set (changes)': (socket, value) => socket.links.set({ name: 'br0' }, value),
  'links.delete': (socket, value) => socket.links.delete(value),
  'links.statistics': (socket, value) => socket.links.statistics(value),
  'addresses.add': (socket, value) => socket.addresses.add(value),
  'addresses.replace': (socket, value) => socket.addresses.replace(value),
  'addresses.delete': (socket, value) => socket.addresses.delete(value),
  'routes.add': (socket, value) => socket.routes.add(value),
  'routes.replace': (socket, value) => socket.routes.replace(value),
  'routes.delete': (socket, value) => socket.routes.delete(value),
  'neighbours.add': (socket, value) => socket.neighbours.add(value),
  'neighbours.delete': (socket, value) => socket.neighbours.delete(value),
  'rules.add': (socket, value) => socket.rules.add(value),
  'rules.delete': (socket, value) => socket.rules.delete(value),
  request: (socket, value) => socket.request(value),
  'batch of one': (socket, value) => socket.batch([value]),
}

const LISTS: Readonly<Record<string, (socket: RouteSocket, value: never, options?: never) => unknown>> = {
  'links.list': (socket, value, options) => socket.links.list(value, options),
  'addresses.list': (socket, value, options) => socket.addresses.list(value, options),
  'routes.list': (socket, value, options) => socket.routes.list(value, options),
  'neighbours.list': (socket, value, options) => socket.neighbours.list(value, options),
  'rules.list': (socket, value, options) => socket.rules.list(value, options),
}

function shown(value: unknown): string {
  return typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value)
}

/** One row for each value. */
function each(title: string, values: readonly unknown[], attempt: (value: never) => Attempt): [string, Attempt][] {
  return values.map((value) => [`${title}: ${shown(value)}`, attempt(wrong(value))])
}

const bridge = { kind: 'bridge' } as const
const withInfo =
  (info: unknown): Attempt =>
  (socket) =>
    socket.links.add({ name: 'q0', info: wrong(info) })
const withRoute =
  (more: object): Attempt =>
  (socket, index) =>
    socket.routes.add({ destination: '10.9.0.0/16', index, ...more })
const withAddress =
  (more: object): Attempt =>
  (socket, index) =>
    socket.addresses.add({ index, address: '10.1.0.1/24', ...more })

const ROWS: readonly [string, Attempt][] = [
  ...Object.entries(VERBS).flatMap(([name, verb]) =>
    each(name, NO_OBJECTS, (value) => (socket) => verb(socket, value)),
  ),
  ...each('batch', [undefined, null, 5, 'x', {}], (value) => (socket) => socket.batch(value)),
  ...Object.entries(LISTS).flatMap(([name, verb]) => [
    ...each(name, NO_OBJECTS.slice(1), (value) => (socket) => verb(socket, value)),
    ...each(`${name} (signal)`, ['x', null, {}], (signal) => (socket) => verb(socket, wrong({}), wrong({ signal }))),
  ]),
  ...each(
    'a selector',
    [{}, { name: undefined }, { index: undefined }],
    (value) => (socket) => socket.links.delete(value),
  ),
  ...each('links.get index', BAD_INDEXES, (index) => (socket) => socket.links.get({ index })),
  ...each('links.set index', BAD_INDEXES, (index) => (socket) => socket.links.set({ index }, { mtu: 1300 })),
  ...each('links.delete index', BAD_INDEXES, (index) => (socket) => socket.links.delete({ index })),
  ...each(
    'links.add index',
    BAD_INDEXES.slice(1),
    (index) => (socket) => socket.links.add({ name: 'q0', index, info: bridge }),
  ),
  ...each(
    'addresses.add index',
    BAD_INDEXES,
    (index) => (socket) => socket.addresses.add({ index, address: '10.1.0.1/24' }),
  ),
  ...each(
    'neighbours.add index',
    BAD_INDEXES,
    (index) => (socket) => socket.neighbours.add({ index, address: '10.0.0.4', mac: MAC }),
  ),
  ...each('routes.add index', BAD_INDEXES.slice(1), (index) => withRoute({ index })),
  ...each('links.add name', BAD_NAMES, (name) => (socket) => socket.links.add({ name, info: bridge })),
  ...each('links.get name', BAD_NAMES, (name) => (socket) => socket.links.get({ name })),
  ...each('links.delete name', BAD_NAMES, (name) => (socket) => socket.links.delete({ name })),
  ...each('links.set new name', BAD_NAMES, (name) => (socket, index) => socket.links.set({ index }, { name })),
  ['links.set new name of a link by name', (socket) => socket.links.set({ name: 'br0' }, { name: 'br1' })],
  ...each('rules.add inputName', BAD_NAMES, (inputName) => (socket) => socket.rules.add({ inputName, table: 77 })),
  ...each('links.set up', ['yes', 1, 0, null], (up) => (socket) => socket.links.set({ name: 'br0' }, { up })),
  ...each(
    'links.set mtu',
    [-1, 1.5, NaN, 2 ** 32, '1300', null],
    (mtu) => (socket) => socket.links.set({ name: 'br0' }, { mtu }),
  ),
  ...each(
    'links.set address',
    ['', '02:42', `${MAC}:00`, 'zz:zz:zz:zz:zz:zz', 5],
    (address) => (socket) => socket.links.set({ name: 'br0' }, { address }),
  ),
  ...each(
    'links.set alias',
    ['x'.repeat(256), 'a\0b', 5],
    (alias) => (socket) => socket.links.set({ name: 'br0' }, { alias }),
  ),
  ...each(
    'links.set netns',
    ['x', {}, { fd: -1 }, { pid: 'x' }, { fd: 3, pid: 1 }],
    (netns) => (socket) => socket.links.set({ name: 'br0' }, { netns }),
  ),
  ...each(
    'links.set ipv6AddressGeneration',
    ['x', 'constructor', 5],
    (ipv6AddressGeneration) => (socket) => socket.links.set({ name: 'br0' }, { ipv6AddressGeneration }),
  ),
  ...each(
    'links.set port',
    ['x', 5, { isolated: 'yes' }, { cost: -1 }],
    (port) => (socket) => socket.links.set({ name: 'br0' }, { port }),
  ),
  ...each('info', [undefined, null, 'bridge', {}, { kind: 5 }, { kind: 'nonsense' }, { kind: 'toString' }], withInfo),
  ...each('bridge data', [null, 'x', 5, { forwardDelay: -1 }, { mcastSnooping: 1 }], (data) =>
    withInfo({ kind: 'bridge', data }),
  ),
  ...each('macvlan mode', ['x', 'toString', 5], (mode) => withInfo({ kind: 'macvlan', data: { mode } })),
  ...each(
    'veth peer',
    [null, 'x', {}, { name: 'a/b' }, { name: 'q1', index: -4 }, { name: 'q1', netns: {} }],
    (peer) => withInfo({ kind: 'veth', peer }),
  ),
  ...each(
    'vxlan data',
    [{ group: 'fd00::1' }, { local: 'fd00::1' }, { group6: '10.0.0.1' }, { port: 65536 }],
    (data) => withInfo({ kind: 'vxlan', data }),
  ),
  ...each('another kind', [{ name: '' }, { name: 'x'.repeat(64) }, { name: 'bridge', data: 'zz' }], (more: object) =>
    withInfo({ kind: 'other', ...more }),
  ),
  ...each(
    'unknown attributes',
    ['x', [null], [{ type: 70_000, data: '' }], [{ type: 1, data: 'z' }], [{ type: 1, data: '00'.repeat(65_532) }]],
    (unknown) => (socket) => socket.links.add({ name: 'q0', info: bridge, unknown }),
  ),
  ...each('addresses.add address', BAD_CIDRS, (address) => withAddress({ address })),
  ...each('addresses.add scope', BAD_BYTES, (scope) => withAddress({ scope })),
  ...each('addresses.add peer', ['fd00::1', 'x', 5], (peer) => withAddress({ peer })),
  ...each('addresses.add broadcast', ['fd00::1', 'x', 5], (broadcast) => withAddress({ broadcast })),
  ...each('addresses.add label', ['x'.repeat(16), 'a\0b', 5], (label) => withAddress({ label })),
  ...each('routes.add destination', BAD_CIDRS, (destination) => withRoute({ destination })),
  ...(['protocol', 'scope', 'type'] as const).flatMap((key) =>
    each(`routes.add ${key}`, BAD_BYTES, (value) => withRoute({ [key]: value })),
  ),
  ...each('routes.add table', [-1, 1.5, NaN, 2 ** 32, 'x', null], (table) => withRoute({ table })),
  ...each('routes.add gateway', ['fd00::1', 'x', 5], (gateway) => withRoute({ gateway })),
  ...each('routes.add source', ['fd00::1', 'x', 5], (source) => withRoute({ source })),
  ...each('routes.add onLink', ['yes', 1, null], (onLink) => withRoute({ onLink })),
  ...each('routes.add metrics', ['x', 5, { mtu: -1 }], (metrics) => withRoute({ metrics })),
  ...each(
    'routes.add nextHops',
    ['x', 5, [], [null], [{ index: 0 }], [{ index: 1, weight: 257 }], [{ index: 1, gateway: 'fd00::1' }]],
    (nextHops) => withRoute({ nextHops }),
  ),
  [
    'routes.add 9,000 next hops',
    (_socket, index) => withRoute({ nextHops: Array.from({ length: 9_000 }, () => ({ index })) })(_socket, index),
  ],
  ...each(
    'neighbours.add state',
    [-1, 65_536, 1.5, 'x', null],
    (state) => (socket, index) => socket.neighbours.add({ index, address: '10.0.0.4', mac: MAC, state }),
  ),
  ...each(
    'neighbours.add fdb',
    ['both', true, 5],
    (fdb) => (socket, index) => socket.neighbours.add({ index, mac: MAC, fdb }),
  ),
  ...each(
    'neighbours.add mac',
    ['', '02:42', 5],
    (mac) => (socket, index) => socket.neighbours.add({ index, address: '10.0.0.4', mac }),
  ),
  ['neighbours.add without an address', (socket, index) => socket.neighbours.add({ index, mac: MAC })],
  [
    'neighbours.add a forwarding entry without a MAC',
    (socket, index) => socket.neighbours.add({ index, fdb: 'self' }),
  ],
  ...each('rules.add from', [...BAD_CIDRS, {}], (from) => (socket) => socket.rules.add({ from })),
  ['rules.add of two families', (socket) => socket.rules.add({ from: '10.0.0.0/8', to: 'fd00::/8' })],
  ...each('rules.add family', ['ipx', 4, null], (family) => (socket) => socket.rules.add({ family, table: 77 })),
  ...each(
    'rules.add table',
    [-1, 1.5, NaN, 2 ** 32, 'x', null],
    (table) => (socket) => socket.rules.add({ from: '10.0.0.0/8', table }),
  ),
  ...each('addresses.list index', BAD_INDEXES.slice(1), (index) => (socket) => socket.addresses.list({ index })),
  ...each('addresses.list family', ['ipx', 4, null], (family) => (socket) => socket.addresses.list({ family })),
  ...each('links.list kind', ['', 5, 'a\0b'], (kind) => (socket) => socket.links.list({ kind })),
  ...each('openRouteSocket', NO_OBJECTS.slice(1), (options) => () => openRouteSocket(options)),
  ...each(
    'openRouteSocket receiveBuffer',
    [0, -1, 1.5, 'big', 2 ** 31],
    (receiveBuffer) => () => openRouteSocket({ receiveBuffer }),
  ),
  ...each('openRouteEvents', NO_OBJECTS, (options) => () => openRouteEvents(options)),
  ...each(
    'openRouteEvents groups',
    [undefined, 'link', [], ['x'], ['toString'], [1]],
    (groups) => () => openRouteEvents({ groups }),
  ),
  ...each('openRouteEvents signal', ['x', null, {}], (signal) => () => openRouteEvents({ groups: ['link'], signal })),
]

/** What could be changed, as `ip` prints it. Other neighbours than permanent ones the kernel makes on its own. */
function kernel(): string {
  const ip = witness('ip')
  return ['-j link', '-o address', 'route show table all', 'neighbour show nud permanent', 'rule', '-6 rule']
    .map((args) => ip?.(args.split(' ')))
    .join('\n')
    .replace(/(?:valid|preferred)_lft \S+/g, '')
}

describeWith('ip', 'what is refused, with the kernel unchanged', () => {
  let socket: RouteSocket
  let index = 0
  let before = ''

  beforeAll(async () => {
    // Link-local addresses would come at a time of the kernel's choice.
    writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1')
    socket = openRouteSocket()
    await socket.links.add({ name: 'br0', up: true, info: bridge })
    index = (await socket.links.get({ name: 'br0' })).index
    await socket.addresses.add({ index, address: '10.0.0.1/24' })
    before = kernel()
  })

  afterAll(async () => {
    await socket.links.delete({ name: 'br0' })
    socket.close()
  })

  it.each(ROWS)('%s', async (_title, attempt) => {
    let error: unknown
    try {
      await attempt(socket, index)
    } catch (thrown) {
      error = thrown
    }
    expect(isLibnetworkError(error, 'ERR_INVALID_ARGUMENT') && error.kind).toBe('invalid')
  })

  it('leaves links, addresses, routes, neighbours and rules as they were', () => {
    expect(kernel()).toBe(before)
  })

  it('rejects, and never throws before there is a promise', async () => {
    const promises = [
      socket.links.add(wrong(undefined)),
      socket.links.set(wrong({}), {}),
      socket.addresses.add(wrong({})),
      socket.routes.delete(wrong({})),
      socket.neighbours.add(wrong({})),
      socket.rules.add(wrong(5)),
      socket.batch(wrong(5)),
      socket.request(wrong(5)),
    ]
    for (const result of await Promise.allSettled(promises)) expect(result.status).toBe('rejected')
  })

  it('does not refuse what is right', async () => {
    await socket.routes.add({
      destination: '10.9.0.0/16',
      index,
      table: 2 ** 31,
      protocol: 255,
      metrics: { mtu: 1300 },
    })
    await socket.routes.delete({ destination: '10.9.0.0/16', index, table: 2 ** 31 })
    await socket.links.set({ index }, { name: 'br0', up: true, mtu: 1400 })
    await socket.links.set({ index }, { mtu: 1500 })
    expect(kernel()).toBe(before)
  })
})
