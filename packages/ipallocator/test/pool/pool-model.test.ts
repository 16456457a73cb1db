// The pool against a naive one: an array of every address, and a set of the taken ones.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidrRange, createPool, formatAddress, overlaps, type Pool, type PoolOptions } from '../../src/index.ts'

class Model {
  /** Every address that is given out automatically, ascending. */
  readonly lease: readonly string[]
  readonly requestable: ReadonlySet<string>
  readonly taken = new Set<string>()
  readonly options: PoolOptions
  /** Index into `all` at which the next search begins. */
  next = 0
  readonly all: readonly string[]

  constructor(options: PoolOptions) {
    this.options = options
    this.all = members(options.cidr)
    const isReserved = (address: string): boolean => (options.reserved ?? []).some((hole) => overlaps(hole, address))
    const usable = inner(this.all)
    this.requestable = new Set(usable.filter((address) => !isReserved(address)))
    const range = new Set(options.range === undefined ? usable : inner(members(options.range)))
    this.lease = this.all.filter((address) => range.has(address) && this.requestable.has(address))
  }

  free(): readonly string[] {
    return this.lease.filter((address) => !this.taken.has(address))
  }

  request(): string | undefined {
    const free = this.free()
    const start = this.options.strategy === 'first-fit' ? 0 : this.next
    const chosen = free.find((address) => this.all.indexOf(address) >= start) ?? free[0]
    if (chosen === undefined) return undefined
    this.taken.add(chosen)
    this.next = this.all.indexOf(chosen) + 1
    return chosen
  }
}

function members(cidr: string): string[] {
  const { first, last } = cidrRange(cidr)
  const all: string[] = []
  for (let { value } = first; value <= last.value; value++) all.push(formatAddress({ family: first.family, value }))
  return all
}

function inner(all: readonly string[]): readonly string[] {
  return all.length > 2 ? all.slice(1, -1) : all
}

interface Real {
  pool: Pool
}

type Step = fc.Command<Model, Real>

class Request implements Step {
  check = (): boolean => true
  run(model: Model, real: Real): void {
    const expected = model.request()
    if (expected === undefined)
      expect(() => real.pool.request()).toThrow(expect.objectContaining({ code: 'ERR_POOL_EXHAUSTED' }))
    else expect(real.pool.request()).toBe(expected)
  }
  toString = (): string => 'request()'
}

class RequestNamed implements Step {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
  check = (): boolean => true
  run(model: Model, real: Real): void {
    const address = model.all[this.index % model.all.length] ?? ''
    if (!model.requestable.has(address)) {
      const code = expect.stringMatching(/^ERR_ADDRESS_(?:RESERVED|OUT_OF_RANGE)$/) as unknown
      expect(() => real.pool.request(address)).toThrow(expect.objectContaining({ code }))
    } else if (model.taken.has(address)) {
      expect(() => real.pool.request(address)).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS_TAKEN' }))
    } else {
      expect(real.pool.request(address)).toBe(address)
      model.taken.add(address)
    }
  }
  toString = (): string => `request(${this.index})`
}

class Release implements Step {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
  check = (): boolean => true
  run(model: Model, real: Real): void {
    const address = model.all[this.index % model.all.length] ?? ''
    expect(real.pool.release(address)).toBe(model.taken.delete(address))
  }
  toString = (): string => `release(${this.index})`
}

class Restart implements Step {
  check = (): boolean => true
  run(model: Model, real: Real): void {
    const state = JSON.parse(JSON.stringify(real.pool.export())) as ReturnType<Pool['export']>
    real.pool = createPool({ ...model.options, state })
    // The state does not tell "past the end" from "at the beginning"; neither does the search.
    if (model.next >= model.all.length) model.next = 0
  }
  toString = (): string => 'restart()'
}

class Look implements Step {
  check = (): boolean => true
  run(model: Model, { pool }: Real): void {
    expect([...pool.addresses()]).toEqual(model.all.filter((address) => model.taken.has(address)))
    expect(pool.taken).toBe(BigInt(model.taken.size))
    expect(pool.capacity).toBe(BigInt(model.requestable.size))
    expect(model.all.filter((address) => pool.has(address)).length).toBe(model.taken.size)
  }
  toString = (): string => 'look()'
}

const steps = fc.commands(
  [
    fc.constant(new Request()),
    fc.constant(new Request()),
    fc.nat(300).map((index) => new RequestNamed(index)),
    fc.nat(300).map((index) => new Release(index)),
    fc.constant(new Restart()),
    fc.constant(new Look()),
  ],
  { maxCommands: 80, size: 'max' },
)

const shapes: PoolOptions[] = [
  { cidr: '10.0.0.0/32' },
  { cidr: '10.0.0.0/31' },
  { cidr: '10.0.0.0/30' },
  { cidr: '10.0.0.0/28', reserved: ['10.0.0.1', '10.0.0.8/30'] },
  { cidr: '10.0.0.0/27', range: '10.0.0.8/29', reserved: ['10.0.0.10'] },
  { cidr: '10.0.0.0/27', range: '10.0.0.31/32' },
  { cidr: 'fd00::/128' },
  { cidr: 'fd00::/127' },
  { cidr: 'fd00::/124', reserved: ['fd00::3'] },
  { cidr: 'fd00::/123', range: 'fd00::10/125' },
]

describe.each(['next-fit', 'first-fit'] as const)('%s against a naive set', (strategy) => {
  it.each(shapes)('$cidr, range $range, without $reserved', (shape) => {
    const options = { ...shape, strategy }
    fc.assert(
      fc.property(steps, (commands) => {
        fc.modelRun(() => ({ model: new Model(options), real: { pool: createPool(options) } }), commands)
      }),
      { numRuns: 40 },
    )
  })
})

it('gives out every address once before it is exhausted, whatever was taken by name', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { maxLength: 200 }), (hosts) => {
      const pool = createPool({ cidr: '10.0.0.0/20' })
      const seen = new Set(hosts.map((host) => pool.request(`10.0.${host >> 8}.${host & 255}`)))
      while (pool.taken < pool.capacity) seen.add(pool.request())
      expect(seen.size).toBe(4094)
      expect(() => pool.request()).toThrow(expect.objectContaining({ code: 'ERR_POOL_EXHAUSTED' }))
    }),
    { numRuns: 20 },
  )
})
