import { coreError } from '../errors.ts'
import { isName } from '../model/argument-checks.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { NetworkRecord } from '../store/records.ts'
import { networkNameKey } from './create-network.ts'

/** The error for a network that does not exist. */
export function networkNotFound(reference: string): Error {
  return coreError('ERR_NETWORK_NOT_FOUND', `network ${JSON.stringify(reference)} does not exist`, {
    details: { network: reference },
  })
}

/**
 * Finds a network by its name, its id or the beginning of its id.
 *
 * @throws `ERR_NETWORK_NOT_FOUND`, `ERR_AMBIGUOUS_ID`
 */
export async function findNetwork(runtime: Runtime, reference: string): Promise<NetworkRecord> {
  const named = isName(reference) ? (await runtime.store.get(networkNameKey(reference)))?.value : undefined
  const record = typeof named === 'string' ? (await runtime.networks.get(named))?.record : undefined
  if (record?.status === 'ready') return record
  const found = await runtime.networks.byPartialId(reference, 'network')
  if (found === undefined) throw networkNotFound(reference)
  return found
}
