import {
  checkOptions,
  invalidArgument,
  isLibnetworkError,
  throwIfAborted,
  type AddressFamily,
  type DriverOptions,
  type NetworkDriver,
  type Problem,
} from '@libnetwork/driver-sdk'
import { parseCidr } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { check, nameSchema, shown } from '../model/argument-checks.ts'
import { newId } from '../model/ids.ts'
import { undoOnFailure } from '../model/undo-list.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { NetworkRecord } from '../store/records.ts'
import { driverNetwork } from './driver-network.ts'
import {
  networkOptionsSchema,
  subnetProblems,
  type CreateNetworkOptions,
  type SubnetOptions,
} from './network-options.ts'
import { requestPools } from './network-pools.ts'

/** A request to make a network, with everything about it checked. */
interface CheckedRequest {
  readonly name: string
  readonly driver: NetworkDriver
  readonly ipam: string
  readonly families: readonly AddressFamily[]
  readonly subnets: readonly SubnetOptions[]
  readonly options: DriverOptions
  readonly ipamOptions: DriverOptions
  readonly internal: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

/** The store's key that keeps a network name for one network. */
export function networkNameKey(name: string): string {
  return `names/network/${name}`
}

async function checkRequest(runtime: Runtime, name: string, options: CreateNetworkOptions): Promise<CheckedRequest> {
  const operation = `create network ${shown(name)}`
  const checkedName = check(nameSchema, name, 'name')
  const shape = check(networkOptionsSchema, options, '')
  const problems: Problem[] = [checkedName, shape].flatMap((result) => ('problems' in result ? result.problems : []))
  if (!('value' in shape)) throw invalidArgument(operation, problems)
  const wanted = shape.value
  const driver = await runtime.networkDriver(wanted.driver ?? runtime.defaultNetworkDriver)
  const can = (capability: NetworkDriver['capabilities'][number]): boolean => driver.capabilities.includes(capability)

  const subnets = wanted.subnets ?? []
  const ipv6 = wanted.ipv6 ?? subnets.some(({ subnet }) => parseCidr(subnet)?.family === 'ipv6')
  const ipv4 = wanted.ipv4 ?? true
  const addressed = can('addresses')
  if (addressed) problems.push(...subnetProblems(subnets, ipv4, ipv6))
  else {
    for (const key of ['subnets', 'ipv4', 'ipv6', 'ipam', 'ipamOptions'] as const) {
      if (wanted[key] !== undefined)
        problems.push({ path: key, message: `driver "${driver.name}" gives no addresses` })
    }
  }
  if (addressed && ipv6 && !can('ipv6'))
    problems.push({ path: 'ipv6', message: `driver "${driver.name}" has no IPv6` })
  if (wanted.internal === true && !can('internal')) {
    problems.push({ path: 'internal', message: `driver "${driver.name}" has no internal networks` })
  }
  const driverOptions = await checkOptions(driver.networkOptions, wanted.options, 'options')
  if ('problems' in driverOptions) problems.push(...driverOptions.problems)
  if (problems.length > 0 || !('value' in driverOptions)) throw invalidArgument(operation, problems)
  const families: AddressFamily[] = [...(ipv4 ? (['ipv4'] as const) : []), ...(ipv6 ? (['ipv6'] as const) : [])]
  return {
    name,
    driver,
    ipam: wanted.ipam ?? runtime.defaultIpamDriver,
    families: addressed ? families : [],
    subnets,
    options: driverOptions.value,
    ipamOptions: (wanted.ipamOptions ?? {}) as DriverOptions,
    internal: wanted.internal ?? false,
    labels: wanted.labels ?? {},
    signal: wanted.signal,
  }
}

async function recordIntent(runtime: Runtime, record: NetworkRecord): Promise<void> {
  try {
    await runtime.store.transact({
      expect: [{ key: networkNameKey(record.name), version: 0 }],
      put: { ...runtime.networks.put(record), [networkNameKey(record.name)]: record.id },
    })
  } catch (cause) {
    if (!isLibnetworkError(cause, 'ERR_STORE_CONFLICT')) throw cause
    throw coreError(
      'ERR_NETWORK_EXISTS',
      `create network ${JSON.stringify(record.name)}: a network of this name exists`,
      {
        details: { name: record.name },
        hint: 'Choose another name, or delete the network first.',
      },
    )
  }
}

/** Makes a network: checks everything, records the intent, asks IPAM and driver, records the outcome. */
export async function createNetwork(
  runtime: Runtime,
  name: string,
  options: CreateNetworkOptions,
): Promise<NetworkRecord> {
  const request = await checkRequest(runtime, name, options)
  const { driver, signal } = request
  const operation = `create network ${shown(name)}`
  throwIfAborted(signal, operation)
  const intent: NetworkRecord = {
    id: newId(),
    status: 'creating',
    createdAt: runtime.clock.now(),
    name,
    driver: driver.name,
    ipamDriver: request.ipam,
    ipamOptions: request.ipamOptions,
    internal: request.internal,
    subnets: [],
    options: request.options,
    labels: request.labels,
    driverState: {},
  }
  return await undoOnFailure(runtime.logger, async (undo) => {
    // Taking back must go on when the caller has given up, so it gets contexts without the caller's signal.
    await recordIntent(runtime, intent)
    undo.add('forget the network', () =>
      runtime.store.transact({ delete: [runtime.networks.key(intent.id), networkNameKey(name)] }),
    )
    let subnets: NetworkRecord['subnets'] = []
    if (request.families.length > 0) {
      const ipam = await runtime.ipamDriver(request.ipam)
      const context = await runtime.context('ipam', ipam.name, undefined)
      throwIfAborted(signal, operation)
      subnets = await requestPools(
        {
          families: request.families,
          subnets: request.subnets,
          options: request.ipamOptions,
          gateway: true,
          resolvConf: runtime.resolvConf,
        },
        ipam,
        context,
        undo,
      )
    }
    throwIfAborted(signal, operation)
    const planned = { ...intent, subnets }
    const context = await runtime.context('network', driver.name, signal)
    const undoContext = await runtime.context('network', driver.name, undefined)
    const network = driverNetwork(planned, runtime.name)
    undo.add('delete the network in its driver', () => driver.deleteNetwork({ network }, undoContext))
    const { driverState = {} } = await driver.createNetwork({ network }, context)
    throwIfAborted(signal, operation)
    const outcome: NetworkRecord = { ...planned, driverState, status: 'ready' }
    await runtime.store.transact({ put: runtime.networks.put(outcome) })
    return outcome
  })
}
