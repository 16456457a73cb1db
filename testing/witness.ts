import { execFileSync } from 'node:child_process'
import { describe, it } from 'vitest'

/** Programs that judge what our own code claims. They are no part of the product, and may be missing. */
export type Tool = 'ip' | 'bridge' | 'ss' | 'nft' | 'conntrack' | 'ping' | 'tcpdump' | 'iperf3' | 'nsenter'

/** How a {@link Witness} is run. */
export interface WitnessOptions {
  /** Path of another network namespace to run in, such as `/run/netns/blue` or `/proc/12/ns/net`. */
  readonly namespace?: string
  /** What the program reads. */
  readonly input?: string
  /** Milliseconds after which the program is ended and the call throws; 10,000 unless told. */
  readonly timeout?: number
}

/**
 * Runs one program in the network namespace of the calling thread, or in `options.namespace`, waits for it, and returns
 * what it printed. Throws with what the program said when its exit code is not 0.
 */
export type Witness = (args: readonly string[], options?: WitnessOptions) => string

const SEARCH_PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`
const found = new Map<Tool, boolean>()

function isInstalled(tool: Tool): boolean {
  let installed = found.get(tool)
  if (installed === undefined) {
    try {
      execFileSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', tool], { env: { PATH: SEARCH_PATH }, stdio: 'ignore' })
      installed = true
    } catch {
      installed = false
    }
    found.set(tool, installed)
  }
  return installed
}

function run(
  tool: Tool,
  args: readonly string[],
  { namespace, input, timeout = 10_000 }: WitnessOptions = {},
): string {
  const command = namespace === undefined ? tool : 'nsenter'
  const rest = namespace === undefined ? args : [`--net=${namespace}`, tool, ...args]
  return execFileSync(command, rest, {
    encoding: 'utf8',
    env: { ...process.env, PATH: SEARCH_PATH },
    maxBuffer: 1 << 28,
    timeout,
    stdio: 'pipe',
    ...(input === undefined ? {} : { input }),
  })
}

/** The program as a function, or undefined when it is not installed. */
export function witness(tool: Tool): Witness | undefined {
  return isInstalled(tool) ? (args, options) => run(tool, args, options) : undefined
}

/** A row of `ip -j link` or `ip -j address`, as far as tests have asked for it. */
export interface IpLink {
  readonly ifindex: number
  readonly ifname: string
  readonly flags: readonly string[]
  readonly mtu: number
  readonly operstate: string
  readonly group: string
  readonly link_type: string
  readonly address?: string
  readonly master?: string
  readonly ifalias?: string
  readonly link?: string
  readonly link_index?: number
  readonly link_netnsid?: number
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_data?: Readonly<Record<string, unknown>>
    readonly info_slave_kind?: string
    readonly info_slave_data?: Readonly<Record<string, unknown>>
  }
  readonly addr_info?: readonly IpAddress[]
  readonly stats64?: Readonly<Record<'rx' | 'tx', Readonly<Record<'bytes' | 'packets', number>>>>
}

/** A member of `addr_info` of `ip -j address`. */
export interface IpAddress {
  readonly family: 'inet' | 'inet6'
  readonly local: string
  readonly prefixlen: number
  readonly scope: string
  readonly broadcast?: string
  readonly label?: string
  readonly tentative?: boolean
  readonly nodad?: boolean
}

/** A row of `ip -j route`. */
export interface IpRoute {
  readonly dst: string
  readonly gateway?: string
  readonly dev?: string
  readonly protocol?: string
  readonly scope?: string
  readonly prefsrc?: string
  readonly metric?: number
  readonly flags?: readonly string[]
}

/** A row of `ip -j neighbour`. */
export interface IpNeighbour {
  readonly dst: string
  readonly dev: string
  readonly lladdr?: string
  readonly state: readonly string[]
}

/** The rows that `ip -j` prints for its objects; other objects give unknown rows. */
export interface IpRows {
  readonly link: IpLink
  readonly address: IpLink
  readonly route: IpRoute
  readonly neighbour: IpNeighbour
}

/**
 * `ip -j -d <object> <args>`, parsed: `ip('link', 'show dev eth0')`, `ip('route', '-6 ...')` is `ip('route', ['show'])` with
 * `family: 6`. For use inside {@link describeWith} and {@link itWith} only.
 *
 * @throws what `ip` said, when it failed; a link that does not exist is a failure
 */
export function ip<K extends keyof IpRows>(
  object: K,
  args: string | readonly string[] = 'show',
  { family, ...options }: WitnessOptions & { readonly family?: 4 | 6 } = {},
): IpRows[K][] {
  const words = typeof args === 'string' ? args.split(' ').filter(Boolean) : args
  const text = run('ip', ['-j', '-d', ...(family === undefined ? [] : [`-${family}`]), object, ...words], options)
  // `ip` prints nothing at all for some empty lists, and empty objects for rows that a filter took away.
  const rows: (IpRows[K] | Record<string, never>)[] = text.trim() === '' ? [] : JSON.parse(text)
  return rows.filter((row): row is IpRows[K] => Object.keys(row).length > 0)
}

function missing(tools: Tool | readonly Tool[]): Tool[] {
  return [tools].flat().filter((tool) => !isInstalled(tool))
}

function reason(name: string, tools: readonly Tool[]): string {
  return `${name} [not installed: ${tools.join(', ')}]`
}

/** `describe` for tests that need the given programs; skipped, with the reason in the title, where one is missing. */
export function describeWith(tools: Tool | readonly Tool[], name: string, body: () => void): void {
  const lacking = missing(tools)
  if (lacking.length > 0) describe.skip(reason(name, lacking), body)
  else describe(name, body)
}

/** `it` for a test that needs the given programs; see {@link describeWith}. */
export function itWith(
  tools: Tool | readonly Tool[],
  name: string,
  body: () => void | Promise<void>,
  timeout?: number,
): void {
  const lacking = missing(tools)
  if (lacking.length > 0) it.skip(reason(name, lacking), body, timeout)
  else it(name, body, timeout)
}
