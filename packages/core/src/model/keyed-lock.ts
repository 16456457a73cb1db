import { commonError, throwIfAborted } from '@libnetwork/driver-sdk'

interface Waiter {
  readonly shared: boolean
  start(): void
}

interface LockState {
  readers: number
  writer: boolean
  readonly queue: Waiter[]
}

/**
 * Locks by key, first come first served. Shared holders of one key run together; an exclusive holder runs alone.
 */
export class KeyedLock {
  readonly #states = new Map<string, LockState>()

  /** Runs a task while nobody else holds the key. */
  exclusive<Result>(key: string, task: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#run(key, false, task, signal)
  }

  /** Runs a task while nobody holds the key exclusively. */
  shared<Result>(key: string, task: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#run(key, true, task, signal)
  }

  async #run<Result>(
    key: string,
    shared: boolean,
    task: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    await this.#acquire(key, shared, signal)
    try {
      return await task()
    } finally {
      this.#release(key, shared)
    }
  }

  #acquire(key: string, shared: boolean, signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal, `wait for ${key}`)
    const state = this.#states.get(key) ?? { readers: 0, writer: false, queue: [] }
    this.#states.set(key, state)
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        shared,
        start: () => {
          signal?.removeEventListener('abort', onAbort)
          if (shared) state.readers++
          else state.writer = true
          resolve()
        },
      }
      const onAbort = (): void => {
        state.queue.splice(state.queue.indexOf(waiter), 1)
        this.#advance(key, state)
        reject(commonError('ERR_ABORTED', `wait for ${key}: aborted`, { cause: signal?.reason }))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      state.queue.push(waiter)
      this.#advance(key, state)
    })
  }

  #release(key: string, shared: boolean): void {
    const state = this.#states.get(key)
    if (state === undefined) return
    if (shared) state.readers--
    else state.writer = false
    this.#advance(key, state)
  }

  #advance(key: string, state: LockState): void {
    for (;;) {
      const next = state.queue[0]
      if (next === undefined) break
      if (state.writer || (!next.shared && state.readers > 0)) return
      state.queue.shift()
      next.start()
    }
    if (state.readers === 0 && !state.writer) this.#states.delete(key)
  }
}
