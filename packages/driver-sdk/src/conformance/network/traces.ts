import type { CallContext } from '../../contract/call-context.ts'
import type { HostNetwork } from '../../host/host-network.ts'
import type { MemoryHost } from '../memory/memory-host.ts'

function isMemoryHost(host: HostNetwork): host is MemoryHost {
  return 'snapshot' in host
}

/** The kernel adds link-local addresses and their routes by itself, some time after a link came up. */
function isByItself(text: string): boolean {
  return text.startsWith('fe80:') || text.startsWith('ff00:')
}

async function addressesOf(host: HostNetwork): Promise<string[]> {
  const found = await host.addresses()
  return found.filter(({ address }) => !isByItself(address)).map(({ link, address }) => `${address} on ${link}`)
}

/** All that a driver can have left on the host, in a form that can be compared. */
export async function hostTraces(host: HostNetwork): Promise<unknown> {
  if (isMemoryHost(host)) return await host.snapshot()
  const links = (await host.links()).map(({ index: _index, ...link }) => JSON.stringify(link))
  const routes = (await host.routes()).filter(({ destination }) => !isByItself(destination))
  return {
    links: links.sort(),
    addresses: (await addressesOf(host)).sort(),
    routes: routes.map((route) => JSON.stringify(route)).sort(),
  }
}

/** All that a driver can have left, on the host and in its state. */
export async function tracesOf({ host, state }: CallContext): Promise<unknown> {
  return { host: await hostTraces(host), state: await state.list('') }
}

/** What there is without the names and MAC addresses that a driver may draw, to see whether two runs made as much. */
export async function outlineOf({ host, state }: CallContext): Promise<unknown> {
  const links = (await host.links()).map(({ kind, up, mtu, master }) => ({
    kind,
    up,
    mtu,
    port: master !== undefined,
  }))
  const addresses = await addressesOf(host)
  return {
    links: links.map((link) => JSON.stringify(link)).sort(),
    addresses: addresses.map((address) => address.replace(/ on .*/, '')).sort(),
    stateEntries: (await state.list('')).length,
  }
}
