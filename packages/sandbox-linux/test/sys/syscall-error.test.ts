import { describe, expect, it } from 'vitest'
import { errnoName, syscallError } from '../../src/sys/syscall-error.ts'

function kindOf(errno: string): string {
  return syscallError({ syscall: 'bind', errno, text: '', subject: '' }).kind
}

describe('errnoName', () => {
  it('knows the kernel names, and of two names for one number the usual one', () => {
    expect([1, 2, 11, 95, 98, 111].map(errnoName)).toEqual([
      'EPERM',
      'ENOENT',
      'EAGAIN',
      'EOPNOTSUPP',
      'EADDRINUSE',
      'ECONNREFUSED',
    ])
    expect(errnoName(4095)).toBe('errno 4095')
  })
})

describe('syscallError', () => {
  it('reads like the kernel error that it is, and has its facts', () => {
    const cause = new Error('underneath')
    const error = syscallError({
      syscall: 'setns',
      errno: 'EPERM',
      text: 'Operation not permitted',
      subject: '/run/x',
      cause,
    })
    expect(error.message).toBe('setns /run/x: EPERM (Operation not permitted)')
    expect(error).toMatchObject({
      code: 'ERR_SYSCALL',
      kind: 'forbidden',
      details: { syscall: 'setns', errno: 'EPERM', subject: '/run/x' },
      cause,
    })
  })

  it.each([
    ['EACCES', 'forbidden'],
    ['ENOENT', 'not-found'],
    ['ENODEV', 'not-found'],
    ['EEXIST', 'exists'],
    ['EINVAL', 'invalid'],
    ['EADDRNOTAVAIL', 'invalid'],
    ['EBUSY', 'conflict'],
    ['EADDRINUSE', 'conflict'],
    ['ETIMEDOUT', 'timeout'],
    ['EAFNOSUPPORT', 'unsupported'],
    ['ECONNREFUSED', 'unavailable'],
    ['EMFILE', 'unavailable'],
    ['EBADF', 'internal'],
  ])('%s is of kind %s', (errno, kind) => {
    expect(kindOf(errno)).toBe(kind)
  })
})
