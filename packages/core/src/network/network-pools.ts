import {
  formatCidr,
  firstAddress,
  isLibnetworkError,
  parseCidr,
  type AddressFamily,
  type CallContext,
  type DriverOptions,
  type IpamDriver,
} from '@libnetwork/driver-sdk'
import type { UndoList } from '../model/undo-list.ts'
import type { SubnetRecord } from '../store/records.ts'
import { readNameservers } from './nameservers.ts'
import type { SubnetOptions } from './network-options.ts'

/** What the pools of a network are made from. */
export interface PoolPlan {
  /** The families of the network. */
  readonly families: readonly AddressFamily[]
  /** What the user asks for. */
  readonly subnets: readonly SubnetOptions[]
  /** Options of the IPAM driver. */
  readonly options: DriverOptions
  /** Whether a gateway address is taken where the user names none. */
  readonly gateway: boolean
  /** Where the host's nameservers are written. */
  readonly resolvConf: string
}

function familyOf(subnet: SubnetOptions): AddressFamily | undefined {
  return parseCidr(subnet.subnet)?.family
}

/** What a pool of the driver's choice must keep away from: the host's routes, addresses and nameservers. */
async function hostNetworks(
  family: AddressFamily,
  context: CallContext,
  resolvConf: string,
): Promise<readonly string[]> {
  const [routes, addresses] = await Promise.all([context.host.routes({ family }), context.host.addresses({ family })])
  const texts = [
    ...routes.map((route) => route.destination),
    ...addresses.map(({ address }) => address),
    ...readNameservers(resolvConf),
  ]
  const networks = texts.flatMap((text) => {
    const cidr = parseCidr(text)
    // A default route covers everything, and clashes with nothing.
    if (cidr === undefined || cidr.family !== family || cidr.prefix === 0) return []
    return [formatCidr({ ...cidr, value: firstAddress(cidr) })]
  })
  return [...new Set(networks)]
}

/**
 * Asks the IPAM driver for the pools of a network, their gateways and auxiliary addresses.
 *
 * @param undo - gets the release of whatever was granted
 */
export async function requestPools(
  plan: PoolPlan,
  ipam: IpamDriver,
  context: CallContext,
  undo: UndoList,
): Promise<readonly SubnetRecord[]> {
  const { local: addressSpace } = await ipam.defaultAddressSpaces(context)
  const granted: SubnetRecord[] = []
  for (const family of plan.families) {
    const wanted = plan.subnets.find((subnet) => familyOf(subnet) === family)
    const exclude = wanted === undefined ? await hostNetworks(family, context, plan.resolvConf) : undefined
    const pool = await ipam.requestPool(
      { addressSpace, family, pool: wanted?.subnet, range: wanted?.range, exclude, options: plan.options },
      context,
    )
    const { poolId } = pool
    undo.add(`release pool ${pool.pool}`, () => ipam.releasePool({ poolId }, context))
    const prefix = pool.pool.slice(pool.pool.indexOf('/'))
    for (const address of Object.values(wanted?.auxiliary ?? {})) {
      await ipam.requestAddress({ poolId, address, purpose: 'auxiliary' }, context)
    }
    const gatewayWish = wanted?.gateway ?? pool.gateway
    const gateway =
      gatewayWish !== undefined || plan.gateway
        ? (await ipam.requestAddress({ poolId, address: gatewayWish, purpose: 'gateway' }, context)).address
        : undefined
    granted.push({
      family,
      subnet: pool.pool,
      range: wanted?.range,
      gateway: gateway === undefined || gateway.includes('/') ? gateway : gateway + prefix,
      auxiliary: wanted?.auxiliary,
      poolId,
    })
  }
  return granted
}

/** Gives the pools of a network back. Pools that are gone already are no error. */
export async function releasePools(
  subnets: readonly SubnetRecord[],
  ipam: IpamDriver,
  context: CallContext,
): Promise<void> {
  for (const { poolId } of subnets) {
    try {
      await ipam.releasePool({ poolId }, context)
    } catch (error) {
      if (!isLibnetworkError(error) || error.kind !== 'not-found') throw error
    }
  }
}
