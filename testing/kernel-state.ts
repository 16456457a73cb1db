import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ipv4Addresses } from './interface-ioctl.ts'

/** What a test could leave behind on its "host", by kind. Each entry is a line that names one thing. */
export interface KernelState {
  readonly links: readonly string[]
  readonly addresses: readonly string[]
  readonly routes: readonly string[]
  readonly neighbours: readonly string[]
  readonly mounts: readonly string[]
  /** Files below /run, which is private to the test file. */
  readonly files: readonly string[]
  /** Open descriptors of network namespaces other than the process's own. */
  readonly descriptors: readonly string[]
  /** Threads of this process, and its children, that are in another network namespace. */
  readonly tasks: readonly string[]
}

const ATF_PERM = 0x04
const RTF_CACHE = 0x01000000

// Where the process started, whatever a test has done to its main thread since.
const homeNamespace = readlinkSync('/proc/self/ns/net')

// A task or descriptor can be gone between the listing and the look.
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

function lines(path: string, header: number): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(header).filter(Boolean)
}

function field(fields: readonly string[], index: number): string {
  return fields[index] ?? ''
}

function ipv6(hex: string): string {
  return hex.replace(/(.{4})(?!$)/g, '$1:')
}

// The kernel gives and takes link-local addresses on its own time, also on links of a fixture.
function isLinkLocalOrMulticast(hex: string): boolean {
  return /^(fe[89ab]|ff)/.test(hex)
}

function links(): string[] {
  return lines('/proc/self/net/dev', 2).map((line) => line.replace(/:.*$/, '').trim())
}

function addresses(): string[] {
  if (!existsSync('/proc/self/net/if_inet6')) return ipv4Addresses()
  const v6 = lines('/proc/self/net/if_inet6', 0)
    .map((line) => line.split(/\s+/))
    .filter(([address = '']) => !isLinkLocalOrMulticast(address))
    .map(([address = '', , prefix = '', , , name = '']) => `${ipv6(address)}/${parseInt(prefix, 16)} on ${name}`)
  return [...ipv4Addresses(), ...v6]
}

/**
 * `fib_trie` knows all tables; it prints a prefix's address and its length on separate lines. Left out is what comes and
 * goes with an address, and the table of local routes, which the kernel shows in one place or in two.
 */
function ipv4Routes(): string[] {
  const routes = new Set<string>()
  let table = ''
  let address = ''
  for (const line of lines('/proc/self/net/fib_trie', 0)) {
    const [, prefix] = /\|-- (\S+)/.exec(line) ?? []
    const [, length, scope, type] = /^\s+\/(\d+) (\S+) (\S+)/.exec(line) ?? []
    if (/^\S.*:$/.test(line)) table = line.slice(0, -1)
    else if (prefix !== undefined) address = prefix
    else if (length === undefined || type === 'BROADCAST' || (type === 'LOCAL' && length === '32')) continue
    else if (type === 'LOCAL') routes.add(`local ${address}/${length}`)
    else routes.add(`${address}/${length} ${scope} ${type} in table ${table}`)
  }
  return [...routes]
}

function ipv6Routes(): string[] {
  if (!existsSync('/proc/self/net/ipv6_route')) return []
  return lines('/proc/self/net/ipv6_route', 0)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      (fields) => !isLinkLocalOrMulticast(field(fields, 0)) && (parseInt(field(fields, 8), 16) & RTF_CACHE) === 0,
    )
    .map((fields) => {
      const [target = '', length = '', , , gateway = ''] = fields
      return `${ipv6(target)}/${parseInt(length, 16)} via ${ipv6(gateway)} on ${field(fields, 9)}`
    })
}

function ipv4Gateways(): string[] {
  return lines('/proc/self/net/route', 1)
    .map((line) => line.split(/\s+/))
    .map(([name, target, gateway, , , , , mask]) => `${target}/${mask} via ${gateway} on ${name} (hexadecimal)`)
}

function permanentNeighbours(): string[] {
  return lines('/proc/self/net/arp', 1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => (parseInt(field(fields, 2), 16) & ATF_PERM) !== 0)
    .map((fields) => `${field(fields, 0)} at ${field(fields, 3)} on ${field(fields, 5)}`)
}

function mounts(): string[] {
  return lines('/proc/self/mountinfo', 0).map((line) => {
    const [before = '', after = ''] = line.split(' - ')
    return `${field(before.split(' '), 4)} (${field(after.split(' '), 0)})`
  })
}

function files(folder: string): string[] {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}

function descriptors(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => unlessGone(() => readlinkSync(`/proc/self/fd/${fd}`)))
    .filter((target) => target !== undefined && target.startsWith('net:') && target !== homeNamespace)
    .map((target) => `an open descriptor of ${target}`)
}

function tasks(): string[] {
  const threads = readdirSync('/proc/self/task')
  const children = threads.flatMap(
    (id) => unlessGone(() => readFileSync(`/proc/self/task/${id}/children`, 'utf8').split(' ').filter(Boolean)) ?? [],
  )
  return [
    ...threads.map((id) => ({ id, kind: 'thread' })),
    ...children.map((id) => ({ id, kind: 'child process' })),
  ].flatMap(({ id, kind }) => {
    const namespace = unlessGone(() => readlinkSync(`/proc/${kind === 'thread' ? `self/task/${id}` : id}/ns/net`))
    if (namespace === undefined || namespace === homeNamespace) return []
    const name = unlessGone(() => readFileSync(`/proc/${id}/comm`, 'utf8').trim()) ?? ''
    return [`${kind} ${id} (${name}) in ${namespace}`]
  })
}

/** Looks at the namespaces of this process. Synchronous, and without other programs. */
export function kernelState(): KernelState {
  return {
    links: links(),
    addresses: addresses(),
    routes: [...ipv4Routes(), ...ipv4Gateways(), ...ipv6Routes()],
    neighbours: permanentNeighbours(),
    mounts: mounts(),
    files: files('/run'),
    descriptors: descriptors(),
    tasks: tasks(),
  }
}
