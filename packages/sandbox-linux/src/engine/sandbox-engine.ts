import { existsSync, statSync } from 'node:fs'
import {
  invalidArgument,
  teardownError,
  type AppliedInterface,
  type InterfaceStatistics,
  type SandboxApplyRequest,
  type SandboxApplyResult,
  type SandboxCollectRequest,
  type SandboxCreateRequest,
  type SandboxDestroyRequest,
  type SandboxDestroyResult,
  type SandboxOpenRequest,
  type SandboxReference,
  type SandboxRemoveRequest,
} from '@libnetwork/driver-sdk'
import { deleteLink, setLink, type Link } from '@libnetwork/netlink'
import { checkApplyRequest } from '../apply/check-apply-request.ts'
import { awaitForwarding } from '../apply/await-forwarding.ts'
import { configureInside, greetNeighbours, type InsideLink } from '../apply/configure-inside.ts'
import { chooseNames, isNameFree } from '../apply/interface-name.ts'
import { isNameTaken, makeLink, moveOut, type LinkPlace, type NamedInterface } from '../apply/make-links.ts'
import { sandboxError } from '../errors.ts'
import { HostEngine } from '../host/host-engine.ts'
import { findProcesses } from '../inside/processes.ts'
import {
  bindNewNamespace,
  checkKey,
  identityOf,
  isNamespace,
  unbind,
  withNamespace,
  type OpenNamespace,
} from '../namespace/namespace-file.ts'
import { OwnerMarks } from '../namespace/owner-marks.ts'
import { KeyedQueue } from './keyed-queue.ts'

/** The key of the host's own namespace. */
export const HOST_KEY = 'host'

const MAX_NAME_TRIES = 10
const OWN_NAMESPACE = '/proc/thread-self/ns/net'

function pathOf(key: string): string {
  return key === HOST_KEY ? OWN_NAMESPACE : key
}

function isLoopback({ index }: Link): boolean {
  return index === 1
}

/** Works on namespaces, in the thread that calls it. Everything that goes in and comes out is plain JSON. */
export class SandboxEngine {
  readonly host: HostEngine = new HostEngine()
  readonly #marks: OwnerMarks
  readonly #queue = new KeyedQueue()

  /** @param stateFolder - where the marks of owners are */
  constructor(stateFolder: string) {
    this.#marks = new OwnerMarks(stateFolder)
  }

  async create(request: SandboxCreateRequest): Promise<SandboxReference> {
    const key = checkKey(request.key, 'create sandbox')
    return await this.#queue.run(key, async () => {
      const identity = await bindNewNamespace(key)
      this.#marks.add(request.owner, key)
      return { key, identity, owned: true }
    })
  }

  async open({ path, pid, host }: SandboxOpenRequest): Promise<SandboxReference> {
    const given = [path, pid, host === true ? true : undefined].filter((value) => value !== undefined)
    if (given.length !== 1) {
      throw invalidArgument('open sandbox', [
        { path: '', message: 'exactly one of path, pid and host must be given' },
      ])
    }
    if (host === true) {
      return await Promise.resolve({ key: HOST_KEY, identity: identityOf(OWN_NAMESPACE), owned: false })
    }
    const key = path === undefined ? `/proc/${pid}/ns/net` : checkKey(path, 'open sandbox')
    if (!existsSync(key) || !isNamespace(key)) {
      throw sandboxError('ERR_SANDBOX_NOT_FOUND', `open sandbox: ${key} is no namespace`, {
        details: { key },
        hint: path === undefined ? 'Is the process still there?' : 'Make one with `key` instead of `path`.',
      })
    }
    return { key, identity: identityOf(key), owned: false }
  }

  async apply(request: SandboxApplyRequest): Promise<SandboxApplyResult> {
    const { key } = request
    this.#refuseHost(key, 'apply to')
    checkApplyRequest(request)
    return await this.#queue.run(key, () =>
      withNamespace(key, `apply to sandbox ${key}`, (namespace) => this.#apply(request, namespace)),
    )
  }

  async remove({ key, interfaces }: SandboxRemoveRequest): Promise<void> {
    if (interfaces.length === 0 || key === HOST_KEY) return
    await this.#queue.run(key, async () => {
      // Somebody has taken the namespace away; the kernel does so with the links when it has the time.
      if (!isNamespace(key)) await this.#deleteHostEnds(interfaces)
      else {
        await withNamespace(key, `remove from sandbox ${key}`, async (namespace) =>
          this.#removeAll(namespace, interfaces),
        )
      }
    })
  }

  async destroy(request: SandboxDestroyRequest): Promise<SandboxDestroyResult> {
    const { key, interfaces = [], owned } = request
    if (key === HOST_KEY) return { survivors: [] }
    return await this.#queue.run(key, async () => {
      if (!isNamespace(key)) {
        await this.#deleteHostEnds(interfaces)
        this.#marks.remove(key)
        if (owned && existsSync(key) && statSync(key).size === 0) unbind(key)
        return { survivors: [] }
      }
      const moved = owned ? interfaces.filter(({ hostName }) => hostName !== undefined) : interfaces
      if (moved.length > 0) {
        await withNamespace(key, `destroy sandbox ${key}`, (namespace) => this.#removeAll(namespace, moved))
      }
      if (!owned) return { survivors: [] }
      await this.#cutOff(interfaces)
      const survivors = findProcesses(identityOf(key))
      unbind(key)
      this.#marks.remove(key)
      return { survivors }
    })
  }

  async list({ owner }: { readonly owner: string }): Promise<readonly SandboxReference[]> {
    return await Promise.resolve(this.#marks.list(owner))
  }

  async collect({ owner, keep }: SandboxCollectRequest): Promise<readonly SandboxReference[]> {
    const garbage = this.#marks.list(owner).filter(({ key }) => !keep.includes(key))
    const errors: unknown[] = []
    for (const { key } of garbage) {
      await this.destroy({ key, owned: true }).catch((error: unknown) => errors.push(error))
    }
    if (errors.length > 0) throw teardownError(`collect the sandboxes of ${owner}`, errors)
    return garbage
  }

  async statistics(request: { readonly key: string; readonly interface: string }): Promise<InterfaceStatistics> {
    const { key, interface: name } = request
    return await withNamespace(pathOf(key), `statistics of sandbox ${key}`, async ({ socket }) => {
      const {
        more: _more,
        multicast: _multicast,
        collisions: _collisions,
        ...counters
      } = await socket.links.statistics({
        name,
      })
      return counters
    })
  }

  async interfaces({ key }: { readonly key: string }): Promise<readonly AppliedInterface[]> {
    return await withNamespace(pathOf(key), `interfaces of sandbox ${key}`, async ({ socket }) => {
      const [links, addresses] = [await socket.links.list(), await socket.addresses.list()]
      const linkLocal = 253
      return links
        .filter((link) => !isLoopback(link))
        .map((link) => ({
          name: link.name,
          index: link.index,
          macAddress: link.address,
          mtu: link.mtu,
          addresses: addresses
            .filter(({ index, scope }) => index === link.index && scope !== linkLocal)
            .map(({ address }) => address),
        }))
    })
  }

  close(): void {
    this.host.close()
  }

  #refuseHost(key: string, verb: string): void {
    if (key !== HOST_KEY) return
    throw sandboxError('ERR_SANDBOX_KEY', `${verb} sandbox ${key}: the host's own namespace is not changed`, {
      details: { key },
    })
  }

  async #apply(request: SandboxApplyRequest, namespace: OpenNamespace): Promise<SandboxApplyResult> {
    const { interfaces = [] } = request
    const undo: (() => Promise<unknown>)[] = []
    try {
      const place: LinkPlace = { host: this.host.socket, namespace, undo: (step) => undo.push(step) }
      const named = await this.#makeLinks(place, interfaces)
      const links: InsideLink[] = []
      for (const entry of named)
        links.push({ ...entry, link: await namespace.socket.links.get({ name: entry.name }) })
      await configureInside(namespace, request, links)
      await awaitForwarding(this.host.socket, namespace.socket, links)
      await greetNeighbours(namespace, links)
      return { interfaces: links.map(appliedInterface) }
    } catch (error) {
      // What cannot be taken back has gone by itself; the first error is the one that the caller must see.
      for (const step of undo.reverse()) await step().catch(() => undefined)
      throw error
    }
  }

  async #makeLinks(
    place: LinkPlace,
    interfaces: SandboxApplyRequest['interfaces'] & object,
  ): Promise<readonly NamedInterface[]> {
    const made: NamedInterface[] = []
    for (let tries = 1; ; tries++) {
      const rest = interfaces.slice(made.length)
      if (rest.length === 0) return made
      const links = await place.namespace.socket.links.list()
      const names = chooseNames(rest, new Set(links.map(({ name }) => name)))
      try {
        for (const [place_, info] of rest.entries()) {
          const named: NamedInterface = { info, name: names[place_] ?? '' }
          await makeLink(place, named)
          made.push(named)
        }
      } catch (error) {
        // Another process may have taken the chosen name since the names were read.
        const next = interfaces[made.length]
        const raced = next !== undefined && isNameFree(next) && isNameTaken(error) && tries < MAX_NAME_TRIES
        if (!raced || !(await this.#hasNewNames(place, links))) throw error
      }
    }
  }

  async #hasNewNames({ namespace }: LinkPlace, before: readonly Link[]): Promise<boolean> {
    const known = new Set(before.map(({ name }) => name))
    return (await namespace.socket.links.list()).some(({ name }) => !known.has(name))
  }

  async #removeAll(namespace: OpenNamespace, interfaces: readonly AppliedInterface[]): Promise<void> {
    const errors: unknown[] = []
    for (const { name, hostName } of interfaces.filter((applied) => applied.hostName !== undefined)) {
      await moveOut(namespace, name, hostName ?? name).catch((error: unknown) => errors.push(error))
    }
    const made = interfaces.filter(({ hostName }) => hostName === undefined)
    const result = await namespace.socket.batch(made.map(({ name }) => deleteLink({ name })))
    errors.push(...result.errors.filter((error) => error !== undefined && error.kind !== 'not-found'))
    if (errors.length > 0) throw teardownError('remove interfaces', errors)
  }

  async #deleteHostEnds(interfaces: readonly AppliedInterface[]): Promise<void> {
    const { errors } = await this.host.socket.batch(hostEnds(interfaces).map((name) => deleteLink({ name })))
    const failures = errors.filter((error) => error !== undefined && error.kind !== 'not-found')
    if (failures.length > 0) throw teardownError('remove interfaces', failures)
  }

  /** Cuts the host ends off, so that nothing inside reaches the network any more, whenever the kernel removes them. */
  async #cutOff(interfaces: readonly AppliedInterface[]): Promise<void> {
    await this.host.socket.batch(hostEnds(interfaces).map((name) => setLink({ name }, { up: false })))
  }
}

function hostEnds(interfaces: readonly AppliedInterface[]): readonly string[] {
  return interfaces.flatMap(({ hostEnd }) => (hostEnd === undefined ? [] : [hostEnd]))
}

function appliedInterface({ info, name, link }: InsideLink): AppliedInterface {
  return {
    name,
    index: link.index,
    macAddress: link.address,
    mtu: link.mtu,
    addresses: info.addresses,
    hostName: info.source.kind === 'existing' ? info.source.name : undefined,
    hostEnd: info.source.kind === 'veth' ? info.source.host.name : undefined,
  }
}
