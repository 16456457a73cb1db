import {
  commonError,
  isLibnetworkError,
  type HostOperation,
  type LinkSettings,
  type LinkSpec,
  type NeighbourSpec,
  type RouteSpec,
} from '@libnetwork/driver-sdk'
import {
  deleteAddress,
  deleteLink,
  deleteNeighbour,
  deleteRoute,
  IFA_F_NODAD,
  newAddress,
  newLink,
  newNeighbour,
  newRoute,
  setLink,
  type LinkInfo,
  type RouteRequest,
  type RouteSocket,
} from '@libnetwork/netlink'
import { writeSysctl } from './sysctl-file.ts'

/** How to take back something that was done. */
type Undo = () => Promise<unknown>

/** Carries out operations one group after the other, and takes back what was done when one fails. */
class HostTransaction {
  readonly #socket: RouteSocket
  readonly #indexes = new Map<string, number>()
  readonly #undo: Undo[] = []
  /** Requests that wait for the next `sendmsg`, each with what takes it back. */
  #waiting: { readonly request: RouteRequest; readonly undo?: Undo; readonly goneIsDone: boolean }[] = []

  constructor(socket: RouteSocket) {
    this.#socket = socket
  }

  async run(operations: readonly HostOperation[]): Promise<void> {
    try {
      for (const operation of operations) await this.#do(operation)
      await this.#flush()
    } catch (error) {
      for (const undo of this.#undo.reverse()) {
        // What cannot be taken back has gone by itself; the first error is the one that the caller must see.
        await undo().catch(() => undefined)
      }
      throw error
    }
  }

  async #do(operation: HostOperation): Promise<void> {
    switch (operation.op) {
      case 'link.add':
        await this.#addLink(operation.link)
        return
      case 'link.set':
        await this.#setLink(operation.name, operation.settings)
        return
      case 'link.delete':
        this.#queue(deleteLink({ name: operation.name }), undefined, true)
        this.#indexes.delete(operation.name)
        return
      case 'address.add':
      case 'address.delete': {
        const { link, address } = operation
        const spec = {
          index: await this.#index(link),
          address,
          flags: address.includes(':') ? IFA_F_NODAD : undefined,
        }
        const remove = deleteAddress({ index: spec.index, address })
        if (operation.op === 'address.delete') this.#queue(remove, undefined, true)
        else this.#queue(newAddress(spec), () => this.#socket.request(remove))
        return
      }
      case 'route.add':
      case 'route.delete':
        await this.#route(operation.op, operation.route)
        return
      case 'neighbour.add':
      case 'neighbour.delete':
        await this.#neighbour(operation.op, operation.neighbour)
        return
      case 'sysctl.set': {
        await this.#flush()
        const { key, value } = operation
        const before = writeSysctl(key, value)
        if (before !== undefined && before !== value) {
          this.#undo.push(async () => await Promise.resolve(writeSysctl(key, before)))
        }
      }
    }
  }

  async #addLink({ name, info, ...settings }: LinkSpec): Promise<void> {
    const { macAddress, mtu, master, group, up, alias, port, ipv6AddressGeneration } = settings
    const link = 'parent' in info && info.parent !== undefined ? await this.#index(info.parent) : undefined
    const request = newLink({
      name,
      info: kindOf(info, link),
      address: macAddress,
      mtu,
      group,
      link: info.kind === 'vlan' ? link : undefined,
      master: typeof master === 'string' ? await this.#index(master) : undefined,
      txQueues: 1,
      rxQueues: 1,
    })
    this.#queue(request, () => this.#socket.request(deleteLink({ name })))
    // The kernel goes on after a failure: sent together, what follows would change a stranger's link of the same name.
    await this.#flush()
    // The kernel takes these only of a link that is there.
    const later = { alias, port, ipv6AddressGeneration, up }
    if (Object.values(later).some((value) => value !== undefined)) this.#queue(setLink({ name }, later))
  }

  async #setLink(name: string, settings: LinkSettings): Promise<void> {
    const { macAddress, mtu, master, group, up, alias, port, ipv6AddressGeneration } = settings
    const before = await this.#socket.links.find({ name })
    const masterIndex = typeof master === 'string' ? await this.#index(master) : master === null ? 0 : undefined
    // The master first: only a link that is a port can have the flags of one.
    if (masterIndex !== undefined) this.#queue(setLink({ name }, { master: masterIndex }))
    const changes = { address: macAddress, mtu, group, alias, port, up, ipv6AddressGeneration }
    const undo =
      before &&
      ((): Promise<unknown> =>
        this.#socket.request(
          setLink(
            { name },
            {
              ...(macAddress !== undefined && { address: before.address }),
              ...(mtu !== undefined && { mtu: before.mtu }),
              ...(group !== undefined && { group: before.group }),
              ...(alias !== undefined && { alias: before.alias ?? '' }),
              ...(masterIndex !== undefined && { master: before.master ?? 0 }),
              ...(up !== undefined && { up: before.up }),
            },
          ),
        ))
    if (Object.values(changes).some((value) => value !== undefined)) this.#queue(setLink({ name }, changes), undo)
  }

  async #route(op: 'route.add' | 'route.delete', { link, ...route }: RouteSpec): Promise<void> {
    const spec = { ...route, index: link === undefined ? undefined : await this.#index(link) }
    if (op === 'route.delete') this.#queue(deleteRoute(spec), undefined, true)
    else this.#queue(newRoute(spec), () => this.#socket.request(deleteRoute(spec)))
  }

  async #neighbour(op: 'neighbour.add' | 'neighbour.delete', neighbour: NeighbourSpec): Promise<void> {
    const { link, macAddress, address, fdb } = neighbour
    const spec = {
      index: await this.#index(link),
      mac: macAddress,
      address,
      fdb: fdb === true ? ('self' as const) : undefined,
    }
    if (op === 'neighbour.delete') this.#queue(deleteNeighbour(spec), undefined, true)
    else this.#queue(newNeighbour(spec, { replace: true }), () => this.#socket.request(deleteNeighbour(spec)))
  }

  #queue(request: RouteRequest, undo?: Undo, goneIsDone = false): void {
    this.#waiting.push(undo === undefined ? { request, goneIsDone } : { request, undo, goneIsDone })
  }

  /** The index of a link; what waits is sent first, since it may make the link. */
  async #index(name: string): Promise<number> {
    await this.#flush()
    const known = this.#indexes.get(name)
    if (known !== undefined) return known
    const { index } = await this.#socket.links.get({ name })
    this.#indexes.set(name, index)
    return index
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    const { errors } = await this.#socket.batch(waiting.map(({ request }) => request))
    const failures: Error[] = []
    waiting.forEach(({ undo, goneIsDone }, place) => {
      const error = errors[place]
      if (error === undefined) {
        // Only what was done is taken back: a stranger's object of the same name stays.
        if (undo !== undefined) this.#undo.push(undo)
      } else if (!goneIsDone || !isLibnetworkError(error) || error.kind !== 'not-found') failures.push(error)
    })
    if (failures[0] !== undefined) throw failures[0]
  }
}

function kindOf(info: LinkSpec['info'], parent: number | undefined): LinkInfo {
  switch (info.kind) {
    case 'bridge': {
      const { forwardDelay, stp, mcastSnooping } = info
      return {
        kind: 'bridge',
        data: { forwardDelay, stpState: stp === undefined ? undefined : Number(stp), mcastSnooping },
      }
    }
    case 'veth':
      return { kind: 'veth', peer: { name: info.peer, txQueues: 1, rxQueues: 1 } }
    case 'vxlan': {
      const { id, local, remote, port, learning } = info
      const ipv6 = (text: string | undefined): boolean => text?.includes(':') === true
      return {
        kind: 'vxlan',
        data: {
          id,
          link: parent,
          port,
          learning,
          ...(local !== undefined && (ipv6(local) ? { local6: local } : { local })),
          ...(remote !== undefined && (ipv6(remote) ? { group6: remote } : { group: remote })),
        },
      }
    }
    case 'vlan':
      return { kind: 'vlan', data: { id: info.id } }
    default:
      return { kind: info.kind }
  }
}

const OPERATIONS: ReadonlySet<string> = new Set<HostOperation['op']>([
  'link.add',
  'link.set',
  'link.delete',
  'address.add',
  'address.delete',
  'route.add',
  'route.delete',
  'neighbour.add',
  'neighbour.delete',
  'sysctl.set',
])

/** Carries out operations on the host, all of them or none. */
export async function applyHostOperations(socket: RouteSocket, operations: readonly HostOperation[]): Promise<void> {
  const stranger = operations.find((operation) => !OPERATIONS.has(operation.op))
  if (stranger !== undefined) {
    throw commonError('ERR_INVALID_ARGUMENT', `host apply: ${JSON.stringify(stranger.op)} is no operation`)
  }
  await new HostTransaction(socket).run(operations)
}
