import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { MemoryStore } from '../../src/store/memory-store.ts'

async function conflicts(promise: Promise<unknown>): Promise<boolean> {
  return await promise.then(
    () => false,
    (error: unknown) => isLibnetworkError(error, 'ERR_STORE_CONFLICT'),
  )
}

describe('MemoryStore', () => {
  it('keeps what is put, in the order of keys, with versions that grow', async () => {
    const store = new MemoryStore()
    await store.put('b/2', { x: 2 })
    await store.put('b/1', 1)
    await store.put('a', null)
    expect((await store.list('b/')).map(({ key }) => key)).toEqual(['b/1', 'b/2'])
    const first = await store.get('b/2')
    await store.put('b/2', { x: 3 })
    const second = await store.get('b/2')
    expect(second?.value).toEqual({ x: 3 })
    expect(second?.version).toBeGreaterThan(first?.version ?? Infinity)
    await store.delete('b/2')
    await store.delete('b/2')
    expect(await store.get('b/2')).toBeUndefined()
  })

  it('does not let a caller change a record behind its back', async () => {
    const store = new MemoryStore()
    const value = { list: [1] }
    await store.put('a', value)
    value.list.push(2)
    expect((await store.get('a'))?.value).toEqual({ list: [1] })
  })

  it('does all of a transaction or nothing', async () => {
    const store = new MemoryStore()
    await store.put('a', 1)
    const version = (await store.get('a'))?.version ?? 0
    expect(await conflicts(store.transact({ expect: [{ key: 'a', version: version + 1 }], put: { b: 1 } }))).toBe(
      true,
    )
    expect(await conflicts(store.transact({ expect: [{ key: 'a', version: 0 }], delete: ['a'] }))).toBe(true)
    expect(await store.get('b')).toBeUndefined()
    await store.transact({
      expect: [
        { key: 'a', version },
        { key: 'b', version: 0 },
      ],
      put: { b: 1 },
      delete: ['a'],
    })
    expect((await store.list('')).map(({ key }) => key)).toEqual(['b'])
  })

  it('tells changes below a prefix until the signal fires', async () => {
    const store = new MemoryStore()
    const stop = new AbortController()
    const seen: unknown[] = []
    const iterator = store.watch('a/', { signal: stop.signal })[Symbol.asyncIterator]()
    const reading = (async () => {
      for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) seen.push(step.value)
    })()
    await store.put('a/1', 'x')
    await store.put('b/1', 'y')
    await store.delete('a/1')
    await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await reading
    expect(seen).toMatchObject([
      { key: 'a/1', value: 'x' },
      { key: 'a/1', version: 0 },
    ])
  })

  it('gives up before it does anything when the signal has fired', async () => {
    const store = new MemoryStore()
    const signal = AbortSignal.abort()
    const failed = await store.put('a', 1, { signal }).catch((error: unknown) => error)
    expect(isLibnetworkError(failed, 'ERR_ABORTED')).toBe(true)
    expect(await store.get('a')).toBeUndefined()
  })
})
