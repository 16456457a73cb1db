import { coreError } from '../errors.ts'
import { isName } from '../model/argument-checks.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { EndpointRecord } from '../store/records.ts'

/** The key of the lock under which an endpoint is changed. */
export function endpointLock(id: string): string {
  return `endpoint/${id}`
}

/** The error for an endpoint that does not exist. */
export function endpointNotFound(reference: string): Error {
  return coreError('ERR_ENDPOINT_NOT_FOUND', `endpoint ${JSON.stringify(reference)} does not exist`, {
    details: { endpoint: reference },
  })
}

/**
 * Finds an endpoint of a network by its name, its id or the beginning of its id.
 *
 * @throws `ERR_ENDPOINT_NOT_FOUND`, `ERR_AMBIGUOUS_ID`
 */
export async function findEndpoint(runtime: Runtime, networkId: string, reference: string): Promise<EndpointRecord> {
  const named = isName(reference) ? await runtime.endpoints.idByName(networkId, reference) : undefined
  const record = named === undefined ? undefined : (await runtime.endpoints.get(named))?.record
  if (record?.status === 'ready') return record
  const found = await runtime.endpoints.byPartialId(reference, 'endpoint')
  if (found?.networkId !== networkId) throw endpointNotFound(reference)
  return found
}
