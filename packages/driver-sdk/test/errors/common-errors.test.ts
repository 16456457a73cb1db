import {
  COMMON_ERRORS,
  commonError,
  ERROR_KINDS,
  isLibnetworkError,
  teardownError,
  throwIfAborted,
} from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'

describe('COMMON_ERRORS', () => {
  it('has a known kind for every code, and commonError uses it', () => {
    for (const [code, { kind }] of Object.entries(COMMON_ERRORS)) {
      expect(code).toMatch(/^ERR_[A-Z]+(?:_[A-Z]+)*$/)
      expect(ERROR_KINDS).toContain(kind)
      expect(commonError(code as keyof typeof COMMON_ERRORS, 'x')).toMatchObject({ code, kind })
    }
  })
})

describe('throwIfAborted', () => {
  it('lets a call pass without a signal or with one that has not fired', () => {
    expect(() => {
      throwIfAborted(undefined, 'create')
      throwIfAborted(new AbortController().signal, 'create')
    }).not.toThrow()
  })

  it("throws ERR_ABORTED with the signal's reason as its cause", () => {
    const reason = new Error('enough')
    expect(() => {
      throwIfAborted(AbortSignal.abort(reason), 'create')
    }).toThrow(expect.objectContaining({ code: 'ERR_ABORTED', kind: 'aborted', cause: reason }) as Error)
  })
})

describe('teardownError', () => {
  it('is nothing for no error and the error itself for one', () => {
    const only = new Error('one')
    expect(teardownError('delete', [])).toBeUndefined()
    expect(teardownError('delete', [only])).toBe(only)
  })

  it('has all of several errors', () => {
    const errors = [new Error('one'), 'two', commonError('ERR_TIMEOUT', 'three')]
    const error = teardownError('delete network', errors)
    expect(isLibnetworkError(error, 'ERR_TEARDOWN')).toBe(true)
    expect(error).toMatchObject({ kind: 'internal', errors })
  })
})
