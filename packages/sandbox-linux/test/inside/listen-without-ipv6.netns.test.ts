import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { listen } from '../../src/inside/listen.ts'
import { AF_INET6 } from '../../src/sys/constants.ts'
import { syscallError } from '../../src/sys/syscall-error.ts'
import { TestNamespace } from '../fixtures/namespace.ts'

// Stands in for a kernel started with ipv6.disable=1, which cannot be had by a sysctl.
vi.mock(import('../../src/sys/syscalls.ts'), async (importOriginal) => {
  const original = await importOriginal()
  return {
    ...original,
    socket: (domain, type, protocol, subject) => {
      if (domain !== AF_INET6) return original.socket(domain, type, protocol, subject)
      throw syscallError({ syscall: 'socket', errno: 'EAFNOSUPPORT', text: original.strerror(97), subject })
    },
  }
})

let inside: TestNamespace

beforeAll(() => {
  inside = new TestNamespace()
})

afterAll(() => inside.close())

it('listens on 0.0.0.0 where the kernel has no IPv6', async () => {
  const server = await listen(inside, { port: 0 })
  expect(server.address()).toMatchObject({ address: '0.0.0.0', family: 'IPv4' })
})

it('does not, if :: was asked for', async () => {
  await expect(listen(inside, { port: 0, host: '::' })).rejects.toMatchObject({
    code: 'ERR_SYSCALL',
    kind: 'unsupported',
    details: { syscall: 'socket', errno: 'EAFNOSUPPORT' },
  })
})
