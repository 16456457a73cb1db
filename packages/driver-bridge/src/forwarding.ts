import type { AddressFamily, CallContext, HostNetwork, HostOperation } from '@libnetwork/driver-sdk'
import type { BridgeNetwork } from './bridge-plan.ts'
import { keys, readForwarding, type ForwardingRecord } from './records.ts'
import { uplinks } from './uplink.ts'

const GLOBAL: Readonly<Record<AddressFamily, string>> = {
  ipv4: 'ipv4/ip_forward',
  ipv6: 'ipv6/conf/all/forwarding',
}

/** What has to be written so that the host forwards, and what was there before. */
interface ForwardingPlan {
  readonly operations: readonly HostOperation[]
  readonly previous: Readonly<Record<string, string>>
}

/**
 * The sysctls to write so that the host forwards packets of the families. Nothing for a family that is forwarded already.
 */
async function planForwarding(host: HostNetwork, families: ReadonlySet<AddressFamily>): Promise<ForwardingPlan> {
  const operations: HostOperation[] = []
  const previous: Record<string, string> = {}
  const write = (key: string, before: string, value: string): void => {
    previous[key] = before
    operations.push({ op: 'sysctl.set', key, value })
  }
  for (const family of families) {
    if ((await host.sysctl(GLOBAL[family])) !== '0') continue
    if (family === 'ipv6') {
      // A router does not listen to other routers, unless accept_ra is 2: the uplink would lose its default route.
      for (const link of await uplinks(host)) {
        const key = `ipv6/conf/${link}/accept_ra`
        if ((await host.sysctl(key)) === '1') write(key, '1', '2')
      }
    }
    write(GLOBAL[family], '0', '1')
    // The global sysctl overwrites those of all links, so what they had must be written back after it.
    for (const link of ['default', ...(await host.links()).map(({ name }) => name)]) {
      const key = `${family}/conf/${link}/forwarding`
      if ((await host.sysctl(key)) === '1') previous[key] = '1'
    }
  }
  return { operations, previous }
}

/** What has to be written so that the host is as it was before. What somebody else has changed since stays. */
async function planRestoring(host: HostNetwork, { previous }: ForwardingRecord): Promise<readonly HostOperation[]> {
  const operations: HostOperation[] = []
  for (const [key, value] of Object.entries(previous)) {
    const now = await host.sysctl(key)
    if (now === undefined) continue
    const ours = Object.values(GLOBAL).includes(key) ? '1' : key.endsWith('/accept_ra') ? '2' : value
    if (now === ours) operations.push({ op: 'sysctl.set', key, value })
  }
  // The global ones first, since they overwrite the others.
  const isGlobal = (operation: HostOperation): boolean =>
    operation.op === 'sysctl.set' && Object.values(GLOBAL).includes(operation.key)
  return [...operations.filter(isGlobal), ...operations.filter((operation) => !isGlobal(operation))]
}

/** Turns on forwarding of the network's families, and remembers what it was before the first network asked for it. */
export async function startForwarding(network: BridgeNetwork, { host, state }: CallContext): Promise<void> {
  const families = new Set(network.subnets.map(({ family }) => family))
  const { operations, previous } = await planForwarding(host, families)
  await state.update([keys.forwarding], (current) => {
    const known = readForwarding(current.get(keys.forwarding)) ?? { networks: [], previous: {} }
    const networks = [...new Set([...known.networks, network.id])]
    // What the first one found is what counts: the later ones find what the earlier ones wrote.
    return {
      set: { [keys.forwarding]: { networks, previous: { ...previous, ...known.previous } } },
      result: undefined,
    }
  })
  await host.apply(operations)
}

/** Changes the sysctls back when the last network that asked for forwarding goes. */
export async function stopForwarding(network: BridgeNetwork, context: CallContext): Promise<void> {
  const { host, state } = context
  const rest = await state.update([keys.forwarding], (current) => {
    const known = readForwarding(current.get(keys.forwarding))
    if (known?.networks.includes(network.id) !== true) return { result: undefined }
    const left = { ...known, networks: known.networks.filter((id) => id !== network.id) }
    return { set: { [keys.forwarding]: left }, result: left }
  })
  if (rest === undefined || rest.networks.length > 0) return
  await host.apply(await planRestoring(host, rest))
  const taken = await state.update([keys.forwarding], (current) => {
    const known = readForwarding(current.get(keys.forwarding))
    return known?.networks.length === 0
      ? { delete: [keys.forwarding], result: undefined }
      : { result: known && familiesOf(known) }
  })
  // Another network has asked for it meanwhile, and may have found it still on.
  if (taken !== undefined) await host.apply((await planForwarding(host, taken)).operations)
}

function familiesOf({ previous }: ForwardingRecord): ReadonlySet<AddressFamily> {
  return new Set((['ipv4', 'ipv6'] as const).filter((family) => previous[GLOBAL[family]] !== undefined))
}
