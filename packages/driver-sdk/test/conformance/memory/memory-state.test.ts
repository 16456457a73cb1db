import { memoryState } from '@libnetwork/driver-sdk/conformance'
import { describe, expect, it } from 'vitest'

describe('memoryState', () => {
  it('reads, lists in order, and forgets', async () => {
    const state = memoryState()
    await state.update(['b/2', 'b/1', 'c'], () => ({
      set: { 'b/2': 2, 'b/1': { one: 1 }, c: null },
      result: undefined,
    }))
    expect(await state.get('b/1')).toEqual({ one: 1 })
    expect(await state.get('c')).toBeNull()
    expect(await state.get('none')).toBeUndefined()
    expect(await state.list('b/')).toEqual([
      { key: 'b/1', value: { one: 1 } },
      { key: 'b/2', value: 2 },
    ])
    const result = await state.update(['b/1'], (current) => ({ delete: ['b/1'], result: current.get('b/1') ?? null }))
    expect(result).toEqual({ one: 1 })
    expect((await state.list('')).map(({ key }) => key)).toEqual(['b/2', 'c'])
  })

  it('gives copies, so that nobody can change what is stored', async () => {
    const state = memoryState()
    const list = ['a']
    await state.update(['list'], () => ({ set: { list }, result: undefined }))
    list.push('b')
    ;((await state.get('list')) as string[]).push('c')
    await state.update(['list'], (current) => {
      ;(current.get('list') as string[]).push('d')
      return { result: undefined }
    })
    expect(await state.get('list')).toEqual(['a'])
  })

  it('writes nothing when the update function throws or names a key that the update did not', async () => {
    const state = memoryState()
    const failure = new Error('no')
    const throwing = state.update(['a'], () => {
      throw failure
    })
    await expect(throwing).rejects.toBe(failure)
    const wrong = { code: 'ERR_INVALID_ARGUMENT' }
    await expect(state.update(['a'], () => ({ set: { a: 1, b: 2 }, result: undefined }))).rejects.toMatchObject(wrong)
    await expect(state.update(['a'], () => ({ delete: ['b'], result: undefined }))).rejects.toMatchObject(wrong)
    expect(await state.list('')).toEqual([])
  })

  it.each(['', 'a b', 'ü', 'a\n', 'a\0', 'x'.repeat(513)])('refuses the key %j', async (key) => {
    const wrong = { code: 'ERR_INVALID_ARGUMENT' }
    await expect(memoryState().get(key)).rejects.toMatchObject(wrong)
    await expect(memoryState().update([key], () => ({ result: undefined }))).rejects.toMatchObject(wrong)
  })

  it('runs updates again for conflicts, and keeps what the last run said', async () => {
    const state = memoryState({ conflicts: 2 })
    let runs = 0
    await state.update(['a'], () => ({ set: { a: ++runs }, result: undefined }))
    expect(runs).toBe(3)
    expect(await state.get('a')).toBe(3)
  })

  it('loses no update of many at once', async () => {
    const state = memoryState({ conflicts: 1 })
    const add = async (): Promise<void> => {
      await state.update(['n'], (current) => ({ set: { n: Number(current.get('n') ?? 0) + 1 }, result: undefined }))
    }
    await Promise.all(Array.from({ length: 50 }, add))
    expect(await state.get('n')).toBe(50)
  })
})
