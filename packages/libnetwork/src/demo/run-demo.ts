import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Controller, Endpoint, Network, Sandbox } from '@libnetwork/core'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { createController } from '../create-controller.ts'
import type { Topology } from './draw-topology.ts'
import { fetchInside, serveInside } from './http-in-sandbox.ts'

/** One attempt to reach one sandbox from another. */
export interface Attempt {
  /** Name of the sandbox that tries. */
  readonly from: string
  /** Name of the sandbox that is tried. */
  readonly to: string
  /** The network whose address is used. */
  readonly network: string
  /** The address that is used. */
  readonly address: string
  /** Whether the other side answered. */
  readonly reached: boolean
  /** Whether it should. */
  readonly expected: boolean
  /** The answer, or why there was none. */
  readonly detail: string
}

/** What the demonstration saw. Plain JSON. */
export interface DemoReport {
  /** What was built. */
  readonly topology: Topology
  /** Who reaches whom by which address, and who does not. */
  readonly reachability: readonly Attempt[]
  /** Time of each step in milliseconds. */
  readonly steps: readonly { readonly step: string; readonly milliseconds: number }[]
  /** Names of links and namespaces that were not there before. */
  readonly leftOver: readonly string[]
  /** Whether all of it is as it should be. */
  readonly asExpected: boolean
}

interface Member {
  readonly name: string
  readonly sandbox: Sandbox
  readonly endpoints: readonly { readonly network: Network; readonly endpoint: Endpoint }[]
}

const PORT = 8080
const TIMEOUT = 700
// The kernel removes the links of a namespace that has gone a little later.
const CLEAN_UP_TRIES = 100

/** Links and bound namespaces, read without any code of ours. */
function present(): readonly string[] {
  const links = readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2)
  const mounts = readFileSync('/proc/thread-self/mountinfo', 'utf8').split('\n')
  return [
    ...links.map((line) => (line.split(':')[0] ?? '').trim()).filter((name) => name !== ''),
    ...mounts.filter((line) => line.includes(' - nsfs ')).map((line) => line.split(' ')[4] ?? ''),
  ]
}

class Stopwatch {
  readonly steps: { step: string; milliseconds: number }[] = []

  async time<Result>(step: string, task: () => Promise<Result>): Promise<Result> {
    const start = performance.now()
    const result = await task()
    this.steps.push({ step, milliseconds: performance.now() - start })
    return result
  }
}

async function makeMember(
  controller: Controller,
  watch: Stopwatch,
  name: string,
  networks: readonly Network[],
): Promise<Member> {
  const sandbox = await watch.time(`create sandbox ${name}`, () => controller.createSandbox({ labels: { name } }))
  const endpoints: { network: Network; endpoint: Endpoint }[] = []
  for (const network of networks) {
    const endpoint = await watch.time(`join ${name} to ${network.name}`, async () => {
      const made = await network.createEndpoint(name)
      await made.join(sandbox)
      return made
    })
    endpoints.push({ network, endpoint })
  }
  return { name, sandbox, endpoints }
}

function bare(address: string): string {
  return address.slice(0, address.indexOf('/'))
}

async function attempt(from: Member, to: Member, network: Network, address: string): Promise<Attempt> {
  const facts = {
    from: from.name,
    to: to.name,
    network: network.name,
    address,
    expected: from.endpoints.some((joined) => joined.network.id === network.id),
  }
  try {
    return { ...facts, reached: true, detail: await fetchInside(from.sandbox, address, PORT, TIMEOUT) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // What was tried stands in the table already; what is left is the kernel's answer.
    const answer = message.slice(message.lastIndexOf(': ') + 1).trim()
    const reason = isLibnetworkError(error) && error.kind === 'aborted' ? 'no answer' : answer
    return { ...facts, reached: false, detail: reason }
  }
}

async function attempts(members: readonly Member[]): Promise<readonly Attempt[]> {
  const tries = members.flatMap((from) =>
    members
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.endpoints.flatMap(({ network, endpoint }) =>
          endpoint.addresses.map((address) => attempt(from, to, network, bare(address))),
        ),
      ),
  )
  return await Promise.all(tries)
}

async function topologyOf(networks: readonly Network[], members: readonly Member[]): Promise<Topology> {
  const inspected = await Promise.all(networks.map((network) => network.inspect()))
  const sandboxes = await Promise.all(
    members.map(async ({ name, endpoints }) => ({
      name,
      interfaces: await Promise.all(
        endpoints.map(async ({ network, endpoint }) => {
          const { sandbox, addresses } = await endpoint.inspect()
          return {
            name: sandbox?.interfaces[0] ?? '',
            network: network.name,
            addresses,
            gateway: (sandbox?.gatewayFor ?? []).length > 0,
          }
        }),
      ),
    })),
  )
  return {
    networks: inspected.map(({ name, subnets, driverState }) => ({
      name,
      bridge: typeof driverState['bridgeName'] === 'string' ? driverState['bridgeName'] : '',
      gateways: subnets.flatMap(({ gateway }) => (gateway === undefined ? [] : [`gateway ${gateway}`])),
    })),
    sandboxes,
  }
}

async function tearDown(watch: Stopwatch, networks: readonly Network[], members: readonly Member[]): Promise<void> {
  for (const { name, sandbox, endpoints } of members) {
    await watch.time(`delete sandbox ${name}`, () => sandbox.delete())
    for (const { endpoint } of endpoints) await endpoint.delete()
  }
  for (const network of networks) await watch.time(`delete network ${network.name}`, () => network.delete())
}

async function waitForCleanUp(before: readonly string[]): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const left = present().filter((name) => !before.includes(name))
    if (left.length === 0 || tries === CLEAN_UP_TRIES) return left
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/**
 * The main job: two networks, one of them dual stack, three sandboxes, one of them on both networks, real HTTP servers and
 * clients inside. Run it inside namespaces of its own.
 */
export async function runDemo(): Promise<DemoReport> {
  const before = present()
  const watch = new Stopwatch()
  const sandboxFolder = mkdtempSync(join(tmpdir(), 'libnetwork-demo-'))
  const controller = await watch.time('create controller', () =>
    createController({ name: 'demo', from: import.meta.url, sandboxFolder }),
  )
  const servers: Server[] = []
  try {
    const front = await watch.time('create network front (IPv4 and IPv6)', () =>
      controller.createNetwork('front', { ipv6: true }),
    )
    const back = await watch.time('create network back (IPv4)', () => controller.createNetwork('back'))
    const members = [
      await makeMember(controller, watch, 'web', [front]),
      await makeMember(controller, watch, 'app', [front, back]),
      await makeMember(controller, watch, 'db', [back]),
    ]
    for (const { name, sandbox } of members) servers.push(await serveInside(sandbox, PORT, `hello from ${name}`))
    const topology = await topologyOf([front, back], members)
    const reachability = await watch.time('try every address from everywhere', () => attempts(members))
    for (const server of servers.splice(0)) server.close()
    await tearDown(watch, [front, back], members)
    const leftOver = await waitForCleanUp(before)
    return {
      topology,
      reachability,
      steps: watch.steps,
      leftOver,
      asExpected: leftOver.length === 0 && reachability.every(({ reached, expected }) => reached === expected),
    }
  } finally {
    for (const server of servers) server.close()
    await controller.close()
    rmSync(sandboxFolder, { recursive: true, force: true })
  }
}
