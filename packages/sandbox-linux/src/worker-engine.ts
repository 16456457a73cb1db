import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { commonError, errorFromJson, throwIfAborted } from '@libnetwork/driver-sdk'
import { loadKernelSockets } from '@libnetwork/netlink'
import type { Engine, EngineArgument, EngineCall, EngineResult } from './engine/engine-calls.ts'
import type {
  EngineAnswerMessage,
  EngineMessage,
  EngineRequestMessage,
  EngineWorkerData,
} from './engine/engine-messages.ts'
import { sandboxError } from './errors.ts'
import { startThreadPool } from './sys/enter-namespace.ts'

interface Pending {
  readonly call: EngineCall
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

// This file stands beside the Worker's entry, in the sources as in what is built of them.
const WORKER_ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './engine-worker.ts' : './engine-worker.js',
  import.meta.url,
)

/**
 * An engine in a thread of its own, started with the first call. While it has nothing to do it does not keep the process
 * alive. Should the thread end, what was on its way fails, and the next call starts another.
 */
export class WorkerEngine implements Engine {
  readonly #data: EngineWorkerData
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #lastId = 0
  #closed = false

  constructor(stateFolder: string) {
    this.#data = { stateFolder }
  }

  async call<Call extends EngineCall>(
    call: Call,
    argument: EngineArgument<Call>,
    signal?: AbortSignal,
  ): Promise<EngineResult<Call>> {
    if (this.#closed) throw commonError('ERR_CLOSED', `${call}: the sandbox provider was closed`)
    throwIfAborted(signal, call)
    const worker = (this.#worker ??= this.#start())
    const id = ++this.#lastId
    const message: EngineRequestMessage = { id, call, argument }
    return await new Promise<EngineResult<Call>>((resolve, reject) => {
      this.#pending.set(id, { call, resolve: (value) => resolve(value as EngineResult<Call>), reject })
      worker.ref()
      worker.postMessage(message)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = undefined
    if (worker === undefined) return
    // What is on its way is finished first: half a piece of work would be left in the kernel.
    await this.#idle()
    worker.ref()
    const ended = once(worker, 'exit')
    worker.postMessage('close' satisfies EngineMessage)
    await ended
  }

  #start(): Worker {
    // Before any thread enters a namespace: libuv's pool lives where it was started.
    startThreadPool()
    // Before any thread loads it: see there.
    loadKernelSockets()
    const worker = new Worker(WORKER_ENTRY, { workerData: this.#data, name: 'libnetwork-engine' })
    worker.unref()
    worker.on('message', (answer: EngineAnswerMessage) => this.#settle(worker, answer))
    worker.on('error', (cause) => this.#abandon(worker, cause))
    worker.on('exit', () => this.#abandon(worker, undefined))
    return worker
  }

  #settle(worker: Worker, answer: EngineAnswerMessage): void {
    if ('crash' in answer) {
      this.#abandon(worker, errorFromJson(answer.crash))
      return
    }
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (this.#pending.size === 0) worker.unref()
    if ('error' in answer) pending?.reject(errorFromJson(answer.error))
    else pending?.resolve(answer.value)
  }

  #abandon(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = undefined
    for (const { call, reject } of this.#pending.values()) {
      reject(
        sandboxError('ERR_ENGINE_CRASHED', `${call}: the thread that works for the provider has ended`, {
          cause,
          hint: 'Whether the call was carried out is not known. Calls can be repeated.',
        }),
      )
    }
    this.#pending.clear()
  }

  async #idle(): Promise<void> {
    while (this.#pending.size > 0) {
      await Promise.allSettled(
        [...this.#pending.values()].map(
          (pending) =>
            new Promise<void>((resolve) => {
              const { resolve: done, reject } = pending
              pending.resolve = (value) => {
                done(value)
                resolve()
              }
              pending.reject = (error) => {
                reject(error)
                resolve()
              }
            }),
        ),
      )
    }
  }
}
