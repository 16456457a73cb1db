interface Subscriber<Value> {
  push(value: Value): void
  end(): void
}

/** One source, any number of async iterators that each see every value from their start on. */
export class Broadcast<Value> {
  readonly #subscribers = new Set<Subscriber<Value>>()
  #ended = false

  /** Gives the value to all who listen. */
  publish(value: Value): void {
    for (const subscriber of this.#subscribers) subscriber.push(value)
  }

  /** Ends all iterators, those of later subscribers too. */
  end(): void {
    this.#ended = true
    for (const subscriber of this.#subscribers) subscriber.end()
  }

  /**
   * The values from now on. Subscribed when this returns, not when the iteration begins. Ends when the signal fires or the
   * source ends.
   */
  subscribe(signal?: AbortSignal): AsyncIterableIterator<Value> {
    const waiting: Value[] = []
    let wake: (() => void) | undefined
    let ended = this.#ended || signal?.aborted === true
    const subscriber: Subscriber<Value> = {
      push: (value) => {
        waiting.push(value)
        wake?.()
      },
      end: () => {
        ended = true
        wake?.()
      },
    }
    const onAbort = (): void => subscriber.end()
    if (!ended) {
      this.#subscribers.add(subscriber)
      signal?.addEventListener('abort', onAbort, { once: true })
    }
    const unsubscribe = (): void => {
      this.#subscribers.delete(subscriber)
      signal?.removeEventListener('abort', onAbort)
    }
    async function* iterate(): AsyncGenerator<Value> {
      try {
        for (;;) {
          const value = waiting.shift()
          if (value !== undefined) yield value
          else if (ended) return
          else {
            await new Promise<void>((resolve) => (wake = resolve))
            wake = undefined
          }
        }
      } finally {
        unsubscribe()
      }
    }
    const iterator = iterate()
    return {
      next: () => iterator.next(),
      // A generator that was never started would not run its finally block.
      return: async () => {
        unsubscribe()
        ended = true
        wake?.()
        return await iterator.return(undefined)
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
}
