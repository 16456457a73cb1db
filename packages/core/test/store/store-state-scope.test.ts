import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { StoreStateScope } from '../../src/store/store-state-scope.ts'

describe("a driver's own room", () => {
  it('is its own', async () => {
    const store = new MemoryStore()
    const [one, two] = [
      new StoreStateScope(store, 'state/network/one/'),
      new StoreStateScope(store, 'state/network/two/'),
    ]
    await one.update(['key'], () => ({ set: { key: 1 }, result: undefined }))
    expect(await one.get('key')).toBe(1)
    expect(await two.get('key')).toBeUndefined()
    expect(await two.list('')).toEqual([])
    expect(await one.list('')).toEqual([{ key: 'key', value: 1 }])
    expect((await store.list('')).map(({ key }) => key)).toEqual(['state/network/one/key'])
  })

  it('runs an update again when somebody was faster, and loses none', async () => {
    const scope = new StoreStateScope(new MemoryStore(), 'x/')
    let runs = 0
    const increments = Array.from({ length: 50 }, () =>
      scope.update(['count'], (current) => {
        runs++
        const next = ((current.get('count') as number | undefined) ?? 0) + 1
        return { set: { count: next }, result: next }
      }),
    )
    expect(new Set(await Promise.all(increments)).size).toBe(50)
    expect(await scope.get('count')).toBe(50)
    expect(runs).toBeGreaterThan(50)
  })

  it('writes nothing when the update throws, or writes what it has not named', async () => {
    const scope = new StoreStateScope(new MemoryStore(), 'x/')
    const thrown = new Error('no')
    const refused = await scope
      .update(['a'], () => {
        throw thrown
      })
      .catch((error: unknown) => error)
    expect(refused).toBe(thrown)
    const stranger = await scope
      .update(['a'], () => ({ set: { a: 1, b: 1 }, result: 1 }))
      .catch((error: unknown) => error)
    expect(isLibnetworkError(stranger, 'ERR_INVALID_ARGUMENT')).toBe(true)
    expect(await scope.list('')).toEqual([])
  })

  it.each(['', 'a b', 'ü', 'x'.repeat(481), 'a\0', '*'])('refuses the key %j', async (key) => {
    const scope = new StoreStateScope(new MemoryStore(), 'x/')
    const refused = await scope.get(key).catch((error: unknown) => error)
    expect(isLibnetworkError(refused, 'ERR_INVALID_ARGUMENT')).toBe(true)
  })
})
