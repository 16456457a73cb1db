import { join } from 'node:path'
import {
  invalidArgument,
  isLibnetworkError,
  throwIfAborted,
  type CallContext,
  type SandboxProvider,
  type SandboxReference,
} from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { check } from '../model/argument-checks.ts'
import { newId, shortId } from '../model/ids.ts'
import { undoOnFailure } from '../model/undo-list.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SandboxRecord } from '../store/records.ts'
import { sandboxNameKey } from './find-sandbox.ts'
import { sandboxOptionsSchema, type CreateSandboxOptions } from './sandbox-options.ts'

type Wanted = Pick<CreateSandboxOptions, 'key' | 'path' | 'pid' | 'host'>

function makeOrOpen(
  provider: SandboxProvider,
  wanted: Wanted,
  key: string,
  owner: string,
  context: CallContext,
): Promise<SandboxReference> {
  const { path, pid, host } = wanted
  if (host === true) return provider.open({ host }, context)
  if (path !== undefined || pid !== undefined) return provider.open({ path, pid }, context)
  return provider.create({ key, owner }, context)
}

async function reserveKey(runtime: Runtime, record: SandboxRecord, operation: string): Promise<void> {
  try {
    await runtime.store.transact({
      expect: [{ key: sandboxNameKey(record.key), version: 0 }],
      put: { ...runtime.sandboxes.put(record), [sandboxNameKey(record.key)]: record.id },
    })
  } catch (cause) {
    if (!isLibnetworkError(cause, 'ERR_STORE_CONFLICT')) throw cause
    throw coreError(
      'ERR_SANDBOX_KEY_IN_USE',
      `${operation}: a sandbox of this controller has the key ${record.key}`,
      {
        details: { key: record.key },
        hint: 'Choose another key, or get the sandbox with getSandbox().',
      },
    )
  }
}

/** Makes or opens a sandbox: checks everything, records the intent, asks the provider, records the outcome. */
export async function createSandbox(runtime: Runtime, options: CreateSandboxOptions): Promise<SandboxRecord> {
  const shape = check(sandboxOptionsSchema, options, '')
  if (!('value' in shape)) throw invalidArgument('create sandbox', shape.problems)
  const { labels = {}, signal, ...wanted } = shape.value
  throwIfAborted(signal, 'create sandbox')
  const id = newId()
  const key = wanted.key ?? wanted.path ?? join(runtime.sandboxFolder, `ln-${shortId(id)}`)
  const operation = `create sandbox ${key}`
  const provider = await runtime.provider()
  return await undoOnFailure(runtime.logger, async (undo) => {
    const intent: SandboxRecord = {
      id,
      status: 'creating',
      createdAt: runtime.clock.now(),
      key,
      identity: '',
      owned: false,
      host: wanted.host ?? false,
      labels,
      endpoints: [],
      interfaces: [],
    }
    await reserveKey(runtime, intent, operation)
    undo.add('forget the sandbox', () =>
      runtime.store.transact({ delete: [runtime.sandboxes.key(id), sandboxNameKey(key)] }),
    )
    const context = await runtime.context('sandbox', provider.name, signal)
    const undoContext = await runtime.context('sandbox', provider.name, undefined)
    const made = await makeOrOpen(provider, wanted, key, runtime.name, context)
    undo.add('destroy the sandbox', () => provider.destroy({ key: made.key, owned: made.owned }, undoContext))
    throwIfAborted(signal, operation)
    const outcome: SandboxRecord = { ...intent, ...made, status: 'ready' }
    if (made.key !== key) {
      // The provider names what it opened by pid or as the host; that name is the one to keep unique.
      await reserveKey(runtime, outcome, operation)
      await runtime.store.delete(sandboxNameKey(key))
    } else {
      await runtime.store.transact({ put: runtime.sandboxes.put(outcome) })
    }
    return outcome
  })
}
