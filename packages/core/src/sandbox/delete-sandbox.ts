import { teardownError, throwIfAborted, type SandboxDestroyResult } from '@libnetwork/driver-sdk'
import { disconnectExternal } from '../endpoint/external-connectivity.ts'
import { isJoined } from '../endpoint/gateway-selection.ts'
import { leaveInDriver, teardownSteps } from '../endpoint/leave-endpoint.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SandboxRecord } from '../store/records.ts'
import { sandboxLock, sandboxNameKey, sandboxNotFound } from './find-sandbox.ts'

async function tearDown(runtime: Runtime, record: SandboxRecord): Promise<SandboxDestroyResult> {
  const endpoints = (await runtime.endpoints.byIds(record.endpoints)).filter(isJoined)
  const provider = await runtime.provider()
  const context = await runtime.context('sandbox', provider.name, undefined)
  const interfaces = [...record.interfaces, ...endpoints.flatMap(({ join }) => join.applied)]
  let result: SandboxDestroyResult = { survivors: [] }
  const errors = await teardownSteps([
    ...endpoints.map((endpoint) => () => disconnectExternal(runtime, endpoint, endpoint.join.gatewayFor)),
    async () => (result = await provider.destroy({ key: record.key, owned: record.owned, interfaces }, context)),
    ...endpoints.map((endpoint) => () => leaveInDriver(runtime, endpoint)),
  ])
  if (errors.length > 0) throw teardownError(`delete sandbox ${record.key}`, errors)
  const left = endpoints.map(({ join: _join, ...endpoint }) => endpoint)
  await runtime.store.transact({
    put: runtime.endpoints.putAll(left),
    delete: [runtime.sandboxes.key(record.id), sandboxNameKey(record.key)],
  })
  for (const endpoint of endpoints) {
    runtime.events.emit({
      type: 'endpoint.left',
      endpoint: endpoint.id,
      network: endpoint.networkId,
      sandbox: record.id,
    })
  }
  return result
}

/**
 * Deletes a sandbox: all its endpoints leave, and the provider destroys it. Goes on over errors; what failed can be tried
 * again by another delete.
 */
export async function deleteSandbox(
  runtime: Runtime,
  id: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<SandboxDestroyResult> {
  const task = async (): Promise<SandboxDestroyResult> => {
    throwIfAborted(signal, `delete sandbox ${key}`)
    const found = await runtime.sandboxes.update(id, (record) => ({ ...record, status: 'deleting' }))
    if (found === undefined) throw sandboxNotFound(key)
    const result = await tearDown(runtime, found)
    runtime.events.emit({ type: 'sandbox.deleted', sandbox: id, key })
    return result
  }
  return await runtime.locks.exclusive(sandboxLock(id), task, signal)
}
