import type { SandboxProvider } from '@libnetwork/driver-sdk'
import { InlineEngine, type Engine } from './engine/engine-calls.ts'
import { engineHost } from './host/engine-host.ts'
import { InsideSockets } from './inside/inside-sockets.ts'
import { localSandbox } from './local-sandbox.ts'
import { WorkerEngine } from './worker-engine.ts'

/** Options of {@link createSandboxProvider}. */
export interface SandboxProviderOptions {
  /**
   * Where the work is done: in a thread of its own, so that waits in the kernel hold up nobody else, or in the calling one.
   * Default `worker`.
   */
  readonly engine?: 'worker' | 'inline' | undefined
  /** Folder for the marks that tell whose namespaces are whose. Default `/run/libnetwork/namespaces`. */
  readonly stateFolder?: string | undefined
}

const STATE_FOLDER = '/run/libnetwork/namespaces'

/**
 * Makes the sandbox provider for network namespaces of this machine. Nothing is started or touched before the first verb.
 */
export function createSandboxProvider(options: SandboxProviderOptions = {}): SandboxProvider {
  const { stateFolder = STATE_FOLDER } = options
  const engine: Engine = options.engine === 'inline' ? new InlineEngine(stateFolder) : new WorkerEngine(stateFolder)
  const sockets = new Map<string, InsideSockets>()
  const socketsOf = (key: string): InsideSockets => {
    const found = sockets.get(key) ?? new InsideSockets(key)
    sockets.set(key, found)
    return found
  }
  return {
    kind: 'sandbox',
    name: 'linux',
    capabilities: ['local', 'host'],
    host: engineHost(engine),
    create: async (request, { signal }) => {
      const made = await engine.call('create', request, signal)
      // A new namespace at an old path has sockets of its own.
      sockets.delete(made.key)
      return made
    },
    open: async (request, { signal }) => {
      const opened = await engine.call('open', request, signal)
      sockets.delete(opened.key)
      return opened
    },
    apply: (request, { signal }) => engine.call('apply', request, signal),
    remove: (request, { signal }) => engine.call('remove', request, signal),
    destroy: async (request, { signal }) => {
      // The kernel keeps a namespace as long as one of our own sockets is open inside.
      await socketsOf(request.key).closeAll()
      const result = await engine.call('destroy', request, signal)
      sockets.delete(request.key)
      return result
    },
    list: (request, { signal }) => engine.call('list', request, signal),
    collect: (request, { signal }) => engine.call('collect', request, signal),
    statistics: (request, { signal }) => engine.call('statistics', request, signal),
    attach: (key) => localSandbox(engine, key, socketsOf(key)),
    close: () => engine.close(),
  }
}
