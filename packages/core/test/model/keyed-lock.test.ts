import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { KeyedLock } from '../../src/model/keyed-lock.ts'

interface Task {
  readonly run: () => Promise<void>
  readonly finish: () => void
}

function task(log: string[], name: string): Task {
  let finish = (): void => undefined
  const done = new Promise<void>((resolve) => (finish = resolve))
  return {
    run: async () => {
      log.push(`${name} begins`)
      await done
      log.push(`${name} ends`)
    },
    finish: () => finish(),
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('KeyedLock', () => {
  it('lets shared holders run together and an exclusive one alone, first come first served', async () => {
    const [lock, log] = [new KeyedLock(), [] as string[]]
    const [a, b, c, d] = [task(log, 'a'), task(log, 'b'), task(log, 'c'), task(log, 'd')]
    const all = [
      lock.shared('k', a.run),
      lock.shared('k', b.run),
      lock.exclusive('k', c.run),
      lock.shared('k', d.run),
    ]
    await turn()
    expect(log).toEqual(['a begins', 'b begins'])
    for (const each of [b, a, c, d]) {
      each.finish()
      await turn()
    }
    await Promise.all(all)
    expect(log.slice(2)).toEqual(['b ends', 'a ends', 'c begins', 'c ends', 'd begins', 'd ends'])
  })

  it('does not hold up other keys, nor anybody after a failure', async () => {
    const lock = new KeyedLock()
    const log: string[] = []
    const a = task(log, 'a')
    const held = lock.exclusive('one', a.run)
    await lock.exclusive('two', async () => Promise.resolve())
    a.finish()
    await held
    await expect(lock.exclusive('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await lock.exclusive('one', async () => Promise.resolve(7))).toBe(7)
  })

  it('lets a waiter go when its signal fires, and those behind it come up', async () => {
    const lock = new KeyedLock()
    const log: string[] = []
    const [a, c] = [task(log, 'a'), task(log, 'c')]
    const stop = new AbortController()
    const first = lock.shared('k', a.run)
    const waiting = lock
      .exclusive('k', async () => Promise.resolve(log.push('b')), stop.signal)
      .catch((error: unknown) => error)
    const third = lock.shared('k', c.run)
    await turn()
    expect(log).toEqual(['a begins'])
    stop.abort()
    expect(isLibnetworkError(await waiting, 'ERR_ABORTED')).toBe(true)
    await turn()
    expect(log).toEqual(['a begins', 'c begins'])
    a.finish()
    c.finish()
    await Promise.all([first, third])
    expect(log).not.toContain('b')
  })
})
