import { describe, expect, it } from 'vitest'
import { createPool } from '../../src/index.ts'
import { thrown } from '../error-code.ts'

describe('export and import', () => {
  it('is compact JSON', () => {
    const pool = createPool({ cidr: '10.0.0.0/24' })
    expect(pool.export()).toEqual({ version: 1, cidr: '10.0.0.0/24', next: '10.0.0.1', chunks: {} })
    pool.request()
    expect(pool.export()).toEqual({ version: 1, cidr: '10.0.0.0/24', next: '10.0.0.2', chunks: { 0: 'Ag==' } })
    const large = createPool({ cidr: '10.0.0.0/16' })
    for (let count = 0; count < 65_534; count++) large.request()
    expect(JSON.stringify(large.export()).length).toBeLessThan(1100)
  })

  it('goes on exactly where it stopped', () => {
    const pool = createPool({ cidr: 'fd00::/64' })
    for (let count = 0; count < 3000; count++) pool.request()
    pool.release('fd00::7')
    pool.request('fd00::dead:0:0:1')
    const text = JSON.stringify(pool.export())
    const resumed = createPool({ cidr: 'fd00::/64', state: JSON.parse(text) as ReturnType<typeof pool.export> })
    expect(JSON.stringify(resumed.export())).toBe(text)
    expect(resumed.taken).toBe(pool.taken)
    expect([...resumed.addresses()]).toEqual([...pool.addresses()])
    expect(resumed.request()).toBe(pool.request())
  })

  it('is not a view of the pool', () => {
    const pool = createPool({ cidr: '10.0.0.0/24' })
    const before = pool.export()
    pool.request()
    expect(before.chunks).toEqual({})
  })

  it('survives the end of the address space', () => {
    const pool = createPool({ cidr: '255.255.255.254/31' })
    pool.request()
    pool.request()
    const resumed = createPool({ cidr: '255.255.255.254/31', state: pool.export() })
    thrown(() => resumed.request(), 'ERR_POOL_EXHAUSTED')
  })

  const good = { version: 1, cidr: '10.0.0.0/24', next: '10.0.0.1', chunks: {} } as const
  it.each([
    [null, 'state'],
    [{}, 'state.version'],
    [{ ...good, version: 2 }, 'state.version'],
    [{ ...good, cidr: '10.0.1.0/24' }, 'state.cidr'],
    [{ ...good, next: '10.0.1.0' }, 'state.next'],
    [{ ...good, next: 'fd00::1' }, 'state.next'],
    [{ ...good, next: 1 }, 'state.next'],
    [{ ...good, chunks: undefined }, 'state.chunks'],
    [{ ...good, chunks: { 0: 5 } }, 'state.chunks.0'],
    [{ ...good, chunks: { 0: '' } }, 'state.chunks.0'],
    [{ ...good, chunks: { 0: 'not base64' } }, 'state.chunks.0'],
    [{ ...good, chunks: { 0: 'AAAA' } }, 'state.chunks.0'],
    [{ ...good, chunks: { 0: 'AQ==' } }, 'state.chunks.0'],
    [{ ...good, chunks: { 0: '*' } }, 'state.chunks.0'],
    [{ ...good, chunks: { 1: 'Ag==' } }, 'state.chunks.1'],
    [{ ...good, chunks: { '00': 'Ag==' } }, 'state.chunks.00'],
    [{ ...good, chunks: { x: 'Ag==' } }, 'state.chunks.x'],
    [{ ...good, chunks: { 0: 'A'.repeat(400) } }, 'state.chunks.0'],
  ])('refuses %j', (state, path) => {
    // @ts-expect-error -- what a file may hold
    const error = thrown(() => createPool({ cidr: '10.0.0.0/24', state }), 'ERR_INVALID_ARGUMENT')
    expect(JSON.stringify(error.details['problems'])).toContain(`"${path}"`)
  })

  it('reports all problems at once', () => {
    const state = { ...good, cidr: 'x', next: 'y', chunks: { z: '' } }
    const error = thrown(() => createPool({ cidr: '10.0.0.0/24', state }), 'ERR_INVALID_ARGUMENT')
    expect(error.details['problems']).toHaveLength(3)
  })
})
