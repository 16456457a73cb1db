import {
  requestFingerprint,
  throwIfAborted,
  type CallContext,
  type NetworkRequest,
  type StateResult,
} from '@libnetwork/driver-sdk'
import { planBridge, setUpOperations, tearDownOperations, type BridgeNetwork } from './bridge-plan.ts'
import { bridgeError } from './errors.ts'
import { startForwarding, stopForwarding } from './forwarding.ts'
import { linkAlias } from './names.ts'
import type { BridgeNetworkOptions } from './options.ts'
import { keys, readBridgeClaim, readNetwork, type NetworkRecord } from './records.ts'

type Request = NetworkRequest<BridgeNetworkOptions>

function answer({ bridge, mtu }: NetworkRecord): StateResult {
  return { driverState: { bridgeName: bridge, mtu } }
}

/**
 * Writes the network's record and its claim on the bridge, before the kernel is touched.
 *
 * @returns whether nobody had written them before: another call for the same network, at work at the same time, keeps its own
 */
async function claim(network: BridgeNetwork, record: NetworkRecord, { state }: CallContext): Promise<boolean> {
  const [networkKey, bridgeKey] = [keys.network(network.id), keys.bridge(record.bridge)]
  return await state.update([networkKey, bridgeKey], (current) => {
    const holder = readBridgeClaim(current.get(bridgeKey))
    if (holder !== undefined && holder.network !== network.id) {
      throw bridgeError(
        'ERR_BRIDGE_NAME_TAKEN',
        `create network ${JSON.stringify(network.name)}: network ${JSON.stringify(holder.name)} has the bridge ${record.bridge}`,
        { details: { bridge: record.bridge, network: holder.name }, hint: 'Choose another `bridgeName`.' },
      )
    }
    return {
      set: { [networkKey]: record, [bridgeKey]: { network: network.id, name: network.name } },
      result: holder === undefined,
    }
  })
}

async function forget(network: BridgeNetwork, { bridge }: NetworkRecord, { state }: CallContext): Promise<void> {
  const named = [keys.network(network.id), keys.bridge(bridge)]
  await state.update(named, () => ({ delete: named, result: undefined }))
}

/** Whether the network that the record tells of stands on the host. */
async function isStanding(network: BridgeNetwork, record: NetworkRecord, { host }: CallContext): Promise<boolean> {
  const link = await host.link(record.bridge)
  return link !== undefined && (!record.made || link.alias === linkAlias(network.controller, network.id))
}

/** Makes the network's bridge, or fits the one that the user named. */
export async function createNetwork({ network }: Request, context: CallContext): Promise<StateResult> {
  const operation = `create network ${JSON.stringify(network.name)}`
  throwIfAborted(context.signal, operation)
  const known = readNetwork(await context.state.get(keys.network(network.id)))
  if (known !== undefined) {
    if (known.request !== requestFingerprint(network)) {
      throw bridgeError(
        'ERR_BRIDGE_NETWORK_CONFLICT',
        `${operation}: id ${network.id} was created with another request`,
        {
          details: { network: network.id },
        },
      )
    }
    if (await isStanding(network, known, context)) return answer(known)
  }
  const record = await planBridge(network, context)
  throwIfAborted(context.signal, operation)
  const isFirst = await claim(network, record, context)
  try {
    throwIfAborted(context.signal, operation)
    await context.host.apply(setUpOperations(record, network), { signal: context.signal })
    try {
      if (network.options.forwarding === 'enable') await startForwarding(network, context)
    } catch (error) {
      await stopForwarding(network, context)
      await context.host.apply(await tearDownOperations(record, network, context.host))
      throw error
    }
  } catch (error) {
    if (isFirst) await forget(network, record, context)
    throw error
  }
  return answer(record)
}

/** Takes the bridge away, unless it existed before. */
export async function deleteNetwork({ network }: Request, context: CallContext): Promise<void> {
  const operation = `delete network ${JSON.stringify(network.name)}`
  throwIfAborted(context.signal, operation)
  const record = readNetwork(await context.state.get(keys.network(network.id)))
  if (record === undefined) return
  const endpoints = await context.state.list(keys.endpoint(network.id, ''))
  if (endpoints.length > 0) {
    throw bridgeError('ERR_BRIDGE_NETWORK_IN_USE', `${operation}: it has ${endpoints.length} endpoints`, {
      details: { network: network.name, endpoints: endpoints.length },
      hint: 'Delete its endpoints first.',
    })
  }
  await stopForwarding(network, context)
  await context.host.apply(await tearDownOperations(record, network, context.host), { signal: context.signal })
  await forget(network, record, context)
}
