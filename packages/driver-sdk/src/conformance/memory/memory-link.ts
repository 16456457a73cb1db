import type { HostLink, LinkKindSpec, LinkSettings, LinkSpec } from '../../host/host-link.ts'
import { kernelRefusal } from './kernel-refusal.ts'

/** Ports that a bridge of Linux can have (`BR_MAX_PORTS` less the one that is never given out). */
const BRIDGE_PORTS = 1023
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i

/** A link of the in-memory kernel. */
export interface MemoryLink {
  /** Its number. */
  readonly index: number
  /** Its name. */
  readonly name: string
  /** `undefined` for loopback. */
  readonly info: LinkKindSpec | undefined
  /** What was set of it. */
  readonly settings: LinkSettings
  /** What the kernel drew, for a link whose creator named no MAC address. */
  readonly ownMac: string
}

/** The links by name. */
export type MemoryLinks = Map<string, MemoryLink>

function checkName(name: string): void {
  if (Buffer.byteLength(name) > 15) throw kernelRefusal('link add', name, 'ERANGE')
  if (name === '' || name === '.' || name === '..' || /[\s/:\0]/.test(name)) {
    throw kernelRefusal('link add', name, 'EINVAL')
  }
}

function checkSettings(links: MemoryLinks, operation: string, name: string, settings: LinkSettings): void {
  const { macAddress, master, mtu, alias } = settings
  if (macAddress !== undefined) {
    if (!MAC.test(macAddress)) throw kernelRefusal(operation, name, 'EINVAL')
    if ((Number.parseInt(macAddress.slice(0, 2), 16) & 1) === 1 || /^[0:]+$/.test(macAddress)) {
      throw kernelRefusal(operation, name, 'EADDRNOTAVAIL')
    }
  }
  if (mtu !== undefined && (mtu < 68 || mtu > 65535)) throw kernelRefusal(operation, name, 'EINVAL')
  if (alias !== undefined && Buffer.byteLength(alias) > 255) throw kernelRefusal(operation, name, 'EINVAL')
  if (typeof master !== 'string') return
  const bridge = links.get(master)
  if (bridge === undefined) throw kernelRefusal(operation, name, 'ENODEV')
  if (bridge.info?.kind !== 'bridge') throw kernelRefusal(operation, name, 'EOPNOTSUPP')
  const ports = [...links.values()].filter((link) => link.settings.master === master && link.name !== name)
  if (ports.length >= BRIDGE_PORTS) throw kernelRefusal(operation, name, 'EXFULL')
}

function insert(links: MemoryLinks, name: string, info: LinkKindSpec, settings: LinkSettings): void {
  checkName(name)
  if (links.has(name)) throw kernelRefusal('link add', name, 'EEXIST')
  checkSettings(links, 'link add', name, settings)
  const index = Math.max(0, ...[...links.values()].map((link) => link.index)) + 1
  const tail = [index >> 16, index >> 8, index].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')
  links.set(name, { index, name, info, settings, ownMac: `0a:00:00:${tail}` })
}

/** Adds a link, and for a veth pair its peer. */
export function addLink(links: MemoryLinks, { name, info, ...settings }: LinkSpec): void {
  if ('parent' in info && info.parent !== undefined && !links.has(info.parent)) {
    throw kernelRefusal('link add', name, 'ENODEV')
  }
  insert(links, name, info, settings)
  if (info.kind === 'veth') insert(links, info.peer, { kind: 'veth', peer: name }, {})
}

/** Changes a link. */
export function setLink(links: MemoryLinks, name: string, settings: LinkSettings): void {
  const link = links.get(name)
  if (link === undefined) throw kernelRefusal('link set', name, 'ENODEV')
  checkSettings(links, 'link set', name, settings)
  links.set(name, { ...link, settings: { ...link.settings, ...settings } })
}

/**
 * Deletes a link with what belongs to it.
 *
 * @returns the names of the links that are gone
 */
export function deleteLink(links: MemoryLinks, name: string): readonly string[] {
  const link = links.get(name)
  if (link === undefined) return []
  if (link.info === undefined) throw kernelRefusal('link delete', name, 'EOPNOTSUPP')
  const gone = link.info.kind === 'veth' ? [name, link.info.peer] : [name]
  for (const each of links.values()) {
    if (each.info !== undefined && 'parent' in each.info && each.info.parent === name) gone.push(each.name)
    if (each.settings.master === name) links.set(each.name, { ...each, settings: { ...each.settings, master: null } })
  }
  for (const each of gone) links.delete(each)
  return gone
}

/** The link as {@link HostLink}. A bridge whose MAC address nobody set has the lowest of its ports'. */
export function describeLink(links: MemoryLinks, link: MemoryLink): HostLink {
  const { index, name, info, settings } = link
  const mac = (each: MemoryLink): string => each.settings.macAddress ?? each.ownMac
  const ports = [...links.values()].filter((each) => each.settings.master === name)
  const macAddress =
    info?.kind === 'bridge' && settings.macAddress === undefined
      ? (ports.map(mac).sort()[0] ?? link.ownMac)
      : mac(link)
  return {
    index,
    name,
    ...(info !== undefined && { kind: info.kind }),
    macAddress,
    mtu: settings.mtu ?? 1500,
    up: settings.up ?? false,
    ...(typeof settings.master === 'string' && { master: settings.master }),
    group: settings.group ?? 0,
    ...(settings.alias !== undefined && settings.alias !== '' && { alias: settings.alias }),
  }
}
