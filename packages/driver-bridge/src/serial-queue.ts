/**
 * Lets tasks of one key run one after the other within this process. Nothing depends on it for being right, that is the
 * store's matter; it keeps many tasks of this process from overtaking each other in the store again and again.
 */
export class SerialQueue {
  readonly #tails = new Map<string, Promise<unknown>>()

  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key) ?? Promise.resolve()
    const result = before.then(task, task)
    this.#tails.set(key, result)
    try {
      return await result
    } finally {
      if (this.#tails.get(key) === result) this.#tails.delete(key)
    }
  }
}
