import {
  silentLogger,
  systemClock,
  type CallContext,
  type HostNetwork,
  type IpamDriver,
  type JsonValue,
  type StateChange,
  type StateEntry,
  type StateScope,
} from '@libnetwork/driver-sdk'
import driverModule from '../../src/driver.ts'

/** State in memory, with the conflicts that several processes on one store would have. */
export class FakeState implements StateScope {
  readonly entries: Map<string, { value: JsonValue; version: number }> = new Map()
  /** Keys that committed updates read, and those that they changed, one set for each update. */
  readonly reads: ReadonlySet<string>[] = []
  readonly writes: ReadonlySet<string>[] = []
  /** How often an update had to be run again because of another one. */
  conflicts: number = 0
  /** Awaited wherever another process could come in between. */
  pause: () => Promise<void> = () => Promise.resolve()
  #version = 0

  async get(key: string): Promise<JsonValue | undefined> {
    await this.pause()
    return structuredClone(this.entries.get(key)?.value)
  }

  async list(prefix: string): Promise<readonly StateEntry[]> {
    await this.pause()
    return [...this.entries]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { value }]) => ({ key, value: structuredClone(value) }))
      .sort((left, right) => (left.key < right.key ? -1 : 1))
  }

  async update<Result>(
    keys: readonly string[],
    change: (current: ReadonlyMap<string, JsonValue | undefined>) => StateChange<Result>,
  ): Promise<Result> {
    for (;;) {
      await this.pause()
      const seen = new Map(keys.map((key) => [key, this.entries.get(key)]))
      await this.pause()
      const {
        set = {},
        delete: deleted = [],
        result,
      } = change(new Map([...seen].map(([key, entry]) => [key, structuredClone(entry?.value)])))
      for (const key of [...Object.keys(set), ...deleted]) {
        if (!seen.has(key)) throw new Error(`${key} is written, but was not named`)
        if (!/^[a-zA-Z0-9._:/-]{1,480}$/.test(key)) throw new Error(`${key} is no key`)
      }
      if ([...seen].some(([key, entry]) => this.entries.get(key)?.version !== entry?.version)) {
        this.conflicts++
        continue
      }
      for (const [key, value] of Object.entries(set)) {
        this.entries.set(key, { value: JSON.parse(JSON.stringify(value)) as JsonValue, version: ++this.#version })
      }
      for (const key of deleted) this.entries.delete(key)
      const written = [...Object.keys(set), ...deleted]
      if (written.length > 0) {
        this.reads.push(new Set(keys))
        this.writes.push(new Set(written))
      }
      return result
    }
  }

  /** Keys of chunks. */
  chunkKeys(): string[] {
    return [...this.entries.keys()].filter((key) => key.startsWith('chunk/'))
  }
}

function forbidden(): never {
  throw new Error('an IPAM driver does not touch the kernel')
}

const noHost: HostNetwork = {
  links: forbidden,
  link: forbidden,
  addresses: forbidden,
  routes: forbidden,
  sysctl: forbidden,
  apply: forbidden,
}

/** A context over a state. */
export function contextOf(state: StateScope, signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, logger: silentLogger, clock: systemClock, host: noHost, state }
}

/** The driver. */
export async function makeDriver(): Promise<IpamDriver> {
  return driverModule.create()
}
