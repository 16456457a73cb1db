import { throwIfAborted, type CallContext, type JsonValue } from '@libnetwork/driver-sdk'

/** Thrown by {@link StateView.read} to end a run whose keys do not suffice. Never leaves this file. */
class KeyNeeded {
  readonly key: string

  constructor(key: string) {
    this.key = key
  }
}

/** The state as one run of a transaction sees it. */
export class StateView {
  readonly #named: ReadonlySet<string>
  readonly #current: ReadonlyMap<string, JsonValue | undefined>
  readonly #written = new Map<string, JsonValue | undefined>()

  constructor(named: ReadonlySet<string>, current: ReadonlyMap<string, JsonValue | undefined>) {
    this.#named = named
    this.#current = current
  }

  /** The value under a key, what this run wrote included. */
  read(key: string): JsonValue | undefined {
    if (!this.#named.has(key)) throw new KeyNeeded(key)
    return this.#written.has(key) ? this.#written.get(key) : this.#current.get(key)
  }

  /** Writes a value; `undefined` deletes the key. */
  write(key: string, value: JsonValue | undefined): void {
    if (!this.#named.has(key)) throw new KeyNeeded(key)
    this.#written.set(key, value)
  }

  /** What has to be written at the end. */
  changes(): { readonly set: Record<string, JsonValue>; readonly delete: string[] } {
    const set: Record<string, JsonValue> = {}
    const deleted: string[] = []
    for (const [key, value] of this.#written) {
      if (value !== undefined) set[key] = value
      else if (this.#current.get(key) !== undefined) deleted.push(key)
    }
    return { set, delete: deleted }
  }
}

/**
 * Runs `body` as one atomic change of the driver's state. Keys need not be known beforehand: when `body` asks for one that
 * was not read, it is run again with that key read as well. A transaction that commits has seen all of its keys at once.
 *
 * @param operation - for the message of `ERR_ABORTED`
 * @param keys - keys that `body` will certainly ask for
 * @param body - synchronous and free of side effects; what it throws ends the transaction with nothing written
 */
export async function transact<Result>(
  context: CallContext,
  operation: string,
  keys: readonly string[],
  body: (view: StateView) => Result,
): Promise<Result> {
  const named = new Set(keys)
  for (;;) {
    throwIfAborted(context.signal, operation)
    const outcome = await context.state.update<{ readonly done: Result } | KeyNeeded>([...named], (current) => {
      const view = new StateView(named, current)
      try {
        const result = body(view)
        return { ...view.changes(), result: { done: result } }
      } catch (error) {
        if (error instanceof KeyNeeded) return { result: error }
        throw error
      }
    })
    if (!(outcome instanceof KeyNeeded)) return outcome.done
    named.add(outcome.key)
  }
}
