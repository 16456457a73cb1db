import { throwIfAborted } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { NetworkRecord } from '../store/records.ts'
import { networkNameKey } from './create-network.ts'
import { driverNetwork } from './driver-network.ts'
import { releasePools } from './network-pools.ts'

/** The key of the lock that keeps endpoints from being made while their network is deleted. */
export function networkLock(id: string): string {
  return `network/${id}`
}

function notFound(id: string, name: string): Error {
  return coreError('ERR_NETWORK_NOT_FOUND', `delete network ${JSON.stringify(name)}: it does not exist`, {
    details: { id, name },
  })
}

/**
 * Marks the network as being deleted, so that no other process makes endpoints on it, then looks for endpoints: one that
 * was made before the mark is found here, one made after it is refused there.
 */
async function recordIntent(runtime: Runtime, id: string, name: string): Promise<NetworkRecord> {
  const found = await runtime.networks.get(id)
  if (found === undefined) throw notFound(id, name)
  const marked = await runtime.networks.update(id, (record) => ({ ...record, status: 'deleting' }))
  if (marked === undefined) throw notFound(id, name)
  const endpoints = await runtime.endpoints.ofNetwork(id)
  if (endpoints.length > 0) {
    await runtime.networks.update(id, (record) => ({ ...record, status: found.record.status }))
    const names = endpoints.map((endpoint) => endpoint.name)
    throw coreError(
      'ERR_NETWORK_IN_USE',
      `delete network ${JSON.stringify(name)}: it has ${endpoints.length} endpoint(s): ${names.slice(0, 5).join(', ')}`,
      { details: { id, name, endpoints: names }, hint: 'Delete its endpoints first.' },
    )
  }
  return found.record
}

/** Deletes a network: records the intent, undoes what driver and IPAM did, forgets it. A failure leaves it as it was. */
export async function deleteNetwork(
  runtime: Runtime,
  id: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<NetworkRecord> {
  return await runtime.locks.exclusive(
    networkLock(id),
    async () => {
      throwIfAborted(signal, `delete network ${JSON.stringify(name)}`)
      const record = await recordIntent(runtime, id, name)
      try {
        const driver = await runtime.networkDriver(record.driver)
        const context = await runtime.context('network', driver.name, signal)
        await driver.deleteNetwork({ network: driverNetwork(record, runtime.name) }, context)
        if (record.subnets.length > 0) {
          const ipam = await runtime.ipamDriver(record.ipamDriver)
          await releasePools(record.subnets, ipam, await runtime.context('ipam', ipam.name, undefined))
        }
      } catch (error) {
        await runtime.networks.update(id, (current) => ({ ...current, status: record.status }))
        throw error
      }
      await runtime.store.transact({ delete: [runtime.networks.key(id), networkNameKey(name)] })
      return record
    },
    signal,
  )
}
