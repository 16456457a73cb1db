import {
  defineErrors,
  ERROR_KINDS,
  errorFromJson,
  errorToJson,
  isLibnetworkError,
  LibnetworkError,
  type JsonValue,
} from '@libnetwork/driver-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const full = new LibnetworkError('create network "blue": the bridge br0 is taken', {
  code: 'ERR_BRIDGE_NAME_TAKEN',
  kind: 'conflict',
  details: { bridge: 'br0', tries: 3, links: ['a', 'b'] },
  hint: 'Choose another name.',
  cause: new LibnetworkError('link add br0: EEXIST (File exists)', { code: 'ERR_NETLINK', kind: 'exists' }),
  errors: [new LibnetworkError('one', { code: 'ERR_ONE', kind: 'timeout' }), new Error('two')],
})

describe('LibnetworkError', () => {
  it('has what it was made of, and empty facts where there are none', () => {
    expect(full).toMatchObject({ code: 'ERR_BRIDGE_NAME_TAKEN', kind: 'conflict', hint: 'Choose another name.' })
    expect(full.details).toEqual({ bridge: 'br0', tries: 3, links: ['a', 'b'] })
    const bare = new LibnetworkError('x', { code: 'ERR_X', kind: 'invalid' })
    expect(bare.details).toEqual({})
    expect(bare.errors).toEqual([])
    expect(bare.hint).toBeUndefined()
    expect('cause' in bare).toBe(false)
    expect(bare).toBeInstanceOf(Error)
  })

  it('is recognised by another copy of the package', async () => {
    const path = '../../src/errors/libnetwork-error.ts?copy'
    const copy = (await import(/* @vite-ignore */ path)) as {
      LibnetworkError: typeof LibnetworkError
      isLibnetworkError: typeof isLibnetworkError
    }
    expect(copy.LibnetworkError).not.toBe(LibnetworkError)
    const foreign = new copy.LibnetworkError('x', { code: 'ERR_X', kind: 'invalid' })
    expect(foreign).not.toBeInstanceOf(LibnetworkError)
    expect(isLibnetworkError(foreign)).toBe(true)
    expect(copy.isLibnetworkError(full)).toBe(true)
  })

  it('is told from everything else, and by its code', () => {
    expect(isLibnetworkError(full, 'ERR_BRIDGE_NAME_TAKEN')).toBe(true)
    expect(isLibnetworkError(full, 'ERR_NETLINK')).toBe(false)
    const lookalike = Object.assign(new Error('x'), { code: 'ERR_X', kind: 'invalid' })
    for (const other of [lookalike, undefined, null, 'ERR_X', 1, {}]) expect(isLibnetworkError(other)).toBe(false)
  })

  it('does not show its brand among its keys', () => {
    expect(Object.getOwnPropertyDescriptor(full, Symbol.for('@libnetwork/error'))).toMatchObject({
      enumerable: false,
    })
  })
})

describe('errorToJson and errorFromJson', () => {
  it('carry an error with its cause and its errors through JSON', () => {
    const back = errorFromJson(JSON.parse(JSON.stringify(full)) as ReturnType<typeof errorToJson>)
    expect(isLibnetworkError(back)).toBe(true)
    expect(back.message).toBe(full.message)
    expect(back.cause).toMatchObject({ code: 'ERR_NETLINK', kind: 'exists' })
    expect(back.errors).toMatchObject([
      { code: 'ERR_ONE', kind: 'timeout' },
      { code: 'ERR_INTERNAL', kind: 'internal', message: 'two' },
    ])
    expect(errorToJson(back)).toEqual(errorToJson(full))
  })

  it('write down any thrown value as internal', () => {
    expect(errorToJson('text')).toEqual({ message: 'text', code: 'ERR_INTERNAL', kind: 'internal' })
    expect(errorToJson(undefined)).toEqual({ message: 'undefined', code: 'ERR_INTERNAL', kind: 'internal' })
    const error = new Error('outer', { cause: full.cause })
    expect(errorToJson(error)).toMatchObject({ code: 'ERR_INTERNAL', cause: { code: 'ERR_NETLINK' } })
  })

  it('are each other’s inverse for every error', () => {
    const init = fc.record({
      code: fc.string().map((text) => `ERR_${text}`),
      kind: fc.constantFrom(...ERROR_KINDS),
      details: fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
      ),
      hint: fc.option(fc.string(), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.string(), init, (message, parts) => {
        const json = errorToJson(new LibnetworkError(message, parts))
        expect(errorToJson(errorFromJson(JSON.parse(JSON.stringify(json)) as typeof json))).toEqual(json)
      }),
    )
  })
})

describe('defineErrors', () => {
  const poolError = defineErrors({
    ERR_POOL_EXHAUSTED: { kind: 'unavailable', summary: 'Every address is taken.' },
    ERR_POOL_WRONG: { kind: 'invalid', summary: 'No pool.' },
  })

  it("makes errors with their row's kind and what the thrower adds", () => {
    const cause = new Error('why')
    const error = poolError('ERR_POOL_EXHAUSTED', 'all taken', { details: { taken: 2 }, hint: 'More.', cause })
    expect(error).toMatchObject({
      code: 'ERR_POOL_EXHAUSTED',
      kind: 'unavailable',
      message: 'all taken',
      hint: 'More.',
    })
    expect(error.details).toEqual({ taken: 2 })
    expect(error.cause).toBe(cause)
    expect(poolError('ERR_POOL_WRONG', 'x').kind).toBe('invalid')
  })
})
