import type { StateEntry, StateScope } from '../../contract/state-scope.ts'
import { commonError } from '../../errors/common-errors.ts'
import type { JsonValue } from '../../errors/libnetwork-error.ts'

const KEY = /^[a-zA-Z0-9._:/-]+$/

/** How {@link memoryState} behaves. */
export interface MemoryStateOptions {
  /**
   * So many times each update is run a second time, as it is when another process has written meanwhile. Shows update
   * functions that have side effects. Default 0.
   */
  readonly conflicts?: number | undefined
}

function checkKey(key: string): string {
  if (!KEY.test(key) || Buffer.byteLength(key) > 512) {
    throw commonError(
      'ERR_INVALID_ARGUMENT',
      `state key ${JSON.stringify(key)}: allowed are 1 to 512 of a-z A-Z 0-9 . _ : / -`,
    )
  }
  return key
}

/** Plain JSON is copied in and out, so that nobody can change what is stored by holding on to it. */
function copy(value: JsonValue, key: string): JsonValue {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw commonError('ERR_INVALID_ARGUMENT', `state key "${key}": the value is not JSON`)
  return JSON.parse(text) as JsonValue
}

/**
 * A driver's state scope in memory, for tests of drivers.
 *
 * @param options - how it behaves
 */
export function memoryState(options: MemoryStateOptions = {}): StateScope {
  const values = new Map<string, JsonValue>()
  const read = (key: string): JsonValue | undefined => {
    const value = values.get(checkKey(key))
    return value === undefined ? undefined : copy(value, key)
  }
  return {
    get: async (key) => await Promise.resolve(read(key)),
    list: async (prefix) =>
      await Promise.resolve(
        [...values.keys()]
          .filter((key) => key.startsWith(prefix))
          .sort()
          .map((key): StateEntry => ({ key, value: copy(values.get(key) ?? null, key) })),
      ),
    update: async (keys, change) => {
      await Promise.resolve()
      const current = (): Map<string, JsonValue | undefined> => new Map(keys.map((key) => [key, read(key)]))
      for (let lost = 0; lost < (options.conflicts ?? 0); lost++) change(current())
      const { set = {}, delete: deleted = [], result } = change(current())
      const stranger = [...Object.keys(set), ...deleted].find((key) => !keys.includes(key))
      if (stranger !== undefined) {
        throw commonError('ERR_INVALID_ARGUMENT', `state update: "${stranger}" is not among the keys of the update`)
      }
      const written = Object.entries(set).map(([key, value]): [string, JsonValue] => [key, copy(value, key)])
      for (const key of deleted) values.delete(key)
      for (const [key, value] of written) values.set(key, value)
      return result
    },
  }
}
