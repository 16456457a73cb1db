import { throwIfAborted } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { driverNetwork } from '../network/driver-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { EndpointRecord } from '../store/records.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import { endpointLock, endpointNotFound } from './find-endpoint.ts'

async function deleteRecorded(
  runtime: Runtime,
  record: EndpointRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  const network = (await runtime.networks.get(record.networkId))?.record
  if (network === undefined) return
  const driver = await runtime.networkDriver(network.driver)
  const context = await runtime.context('network', driver.name, signal)
  const request = { network: driverNetwork(network, runtime.name), endpoint: driverEndpoint(record) }
  await driver.deleteEndpoint(request, context)
  if (record.addresses.length === 0) return
  const ipam = await runtime.ipamDriver(network.ipamDriver)
  const ipamContext = await runtime.context('ipam', ipam.name, undefined)
  for (const { poolId, address } of record.addresses) await ipam.releaseAddress({ poolId, address }, ipamContext)
}

/** Deletes an endpoint that is joined to no sandbox. A failure leaves it as it was. */
export async function deleteEndpoint(
  runtime: Runtime,
  id: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<EndpointRecord> {
  const operation = `delete endpoint ${JSON.stringify(name)}`
  const task = async (): Promise<EndpointRecord> => {
    throwIfAborted(signal, operation)
    const record = (await runtime.endpoints.get(id))?.record
    if (record === undefined) throw endpointNotFound(name)
    if (record.join !== undefined) {
      throw coreError('ERR_ENDPOINT_JOINED', `${operation}: it is joined to sandbox ${record.join.sandboxKey}`, {
        details: { endpoint: name, sandbox: record.join.sandboxKey },
        hint: 'Let it leave first.',
      })
    }
    await runtime.store.transact({ put: runtime.endpoints.put({ ...record, status: 'deleting' }) })
    try {
      await deleteRecorded(runtime, record, signal)
    } catch (error) {
      await runtime.store.transact({ put: runtime.endpoints.put(record) })
      throw error
    }
    await runtime.store.transact(runtime.endpoints.removal(record))
    return record
  }
  return await runtime.locks.exclusive(endpointLock(id), task, signal)
}
