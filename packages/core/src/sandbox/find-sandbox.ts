import { createHash } from 'node:crypto'
import { invalidArgument } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SandboxRecord } from '../store/records.ts'
import type { Sandbox } from './sandbox.ts'

/** The key of the lock under which a sandbox and its joins are changed. */
export function sandboxLock(id: string): string {
  return `sandbox/${id}`
}

/** The store's key that keeps a sandbox key for one sandbox. Hashed, since a path may be longer than a store's key. */
export function sandboxNameKey(key: string): string {
  return `names/sandbox/${createHash('sha256').update(key).digest('hex')}`
}

/** The error for a sandbox that does not exist. */
export function sandboxNotFound(reference: string): Error {
  return coreError('ERR_SANDBOX_RECORD_NOT_FOUND', `sandbox ${JSON.stringify(reference)} does not exist`, {
    details: { sandbox: reference },
  })
}

/**
 * Finds a sandbox by its key, its id or the beginning of its id.
 *
 * @throws `ERR_SANDBOX_RECORD_NOT_FOUND`, `ERR_AMBIGUOUS_ID`
 */
export async function findSandbox(runtime: Runtime, reference: string): Promise<SandboxRecord> {
  const keyed = (await runtime.store.get(sandboxNameKey(reference)))?.value
  const record = typeof keyed === 'string' ? (await runtime.sandboxes.get(keyed))?.record : undefined
  if (record?.status === 'ready') return record
  const found = await runtime.sandboxes.byPartialId(reference, 'sandbox')
  if (found === undefined) throw sandboxNotFound(reference)
  return found
}

/**
 * The id of what a caller gives as a sandbox.
 *
 * @throws `ERR_INVALID_ARGUMENT` for anything but a handle
 */
export function sandboxIdOf(operation: string, sandbox: Sandbox): string {
  const id: unknown = (sandbox as Partial<Sandbox> | null | undefined)?.id
  if (typeof id === 'string') return id
  throw invalidArgument(operation, [
    { path: 'sandbox', message: 'must be a sandbox of createSandbox() or getSandbox()' },
  ])
}
