import { setTimeout as sleep } from 'node:timers/promises'
import type { Link, RouteSocket } from '@libnetwork/netlink'
import type { InsideLink } from './configure-inside.ts'

// BR_STATE_FORWARDING of <linux/if_bridge.h>, IF_OPER_UP of <linux/if.h>
const BR_STATE_FORWARDING = 3
const IF_OPER_UP = 6
const MAX_WAIT_MS = 1000

async function until(isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS
  // A bridge with spanning tree takes its time, and says so to whoever set it up.
  while (!(await isReady()) && performance.now() < deadline) await sleep(1)
}

function isOperational(link: Link | undefined): boolean {
  return link === undefined || link.attributes.operState === IF_OPER_UP
}

function isForwarding(link: Link | undefined): boolean {
  return link?.port?.kind !== 'bridge' || link.port.data.state === BR_STATE_FORWARDING
}

/**
 * Waits until both ends of new veth pairs are operational, and until the bridges forward what comes from and goes to them. The
 * kernel learns in a work of its own that both ends are up; what is sent before, such as the first question for a MAC address,
 * is lost, and asked again a second later. Reading a link makes the kernel do that work at once (since Linux 6.8), so this
 * seldom waits.
 */
export async function awaitForwarding(
  host: RouteSocket,
  inside: RouteSocket,
  links: readonly InsideLink[],
): Promise<void> {
  for (const { info, link } of links) {
    const { source } = info
    if (source.kind !== 'veth') continue
    const { name } = source.host
    await until(async () => {
      const end = await host.links.find({ name })
      return isOperational(end) && isForwarding(end)
    })
    await until(async () => isOperational(await inside.links.find({ index: link.index })))
  }
}
