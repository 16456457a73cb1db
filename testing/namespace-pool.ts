import { fileURLToPath } from 'node:url'
import { ForksPoolWorker, type PoolOptions, type PoolRunnerInitializer } from 'vitest/node'

const wrapper = fileURLToPath(new URL('./namespace-node.sh', import.meta.url))

/** A forked test process that is in network and mount namespaces of its own from its first instruction on. */
class NamespaceWorker extends ForksPoolWorker {
  constructor(options: PoolOptions) {
    super({ ...options, env: { ...options.env, LIBNETWORK_TEST_NODE: process.execPath } })
  }

  override async start(): Promise<void> {
    // `fork` starts process.execPath, and Vitest offers no other way to choose the program. It is called before
    // `super.start()` returns its promise: waiting for that in the `try` would send other files' processes here, too.
    const node = process.execPath
    process.execPath = wrapper
    let started: Promise<void>
    try {
      started = super.start()
    } finally {
      process.execPath = node
    }
    await started
  }
}

/** The Vitest pool of the kernel tests: one process and one fresh "host" (network and mount namespace) per test file. */
export function namespacePool(): PoolRunnerInitializer {
  return { name: 'netns', createPoolWorker: (options: PoolOptions) => new NamespaceWorker(options) }
}
