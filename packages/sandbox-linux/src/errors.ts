import { defineErrors, type ErrorFactory } from '@libnetwork/driver-sdk'

/** The codes that this package throws, beside the common ones. */
export const SANDBOX_ERRORS = {
  ERR_SYSCALL: {
    kind: 'internal',
    summary:
      'A system call failed. `details` has `syscall`, `errno` (such as `EPERM`) and `subject`. The kind follows the errno: EPERM is `forbidden`, ENOENT `not-found`, EADDRINUSE `conflict`, and so on.',
  },
  ERR_NAMESPACE_GONE: {
    kind: 'not-found',
    summary: 'The path does not lead to the namespace any more that the handle was made for.',
  },
  ERR_NAMESPACE_CALLBACK_ASYNC: {
    kind: 'internal',
    summary: 'What shall run inside a namespace returned a promise; it has to be synchronous.',
  },
  ERR_SANDBOX_EXISTS: { kind: 'exists', summary: 'A live namespace is bound to the path already.' },
  ERR_SANDBOX_NOT_FOUND: {
    kind: 'not-found',
    summary: 'No namespace is bound to the path, or no process has the pid.',
  },
  ERR_SANDBOX_KEY: { kind: 'invalid', summary: 'The path cannot be used for a namespace; the message says why.' },
  ERR_SANDBOX_INTERFACE_EXISTS: { kind: 'exists', summary: 'An interface of this name is inside already.' },
  ERR_SANDBOX_BUSY: {
    kind: 'conflict',
    summary: 'The namespace cannot be unbound, since something was mounted over its folder after it was made.',
  },
  ERR_SANDBOX_BRIDGE: {
    kind: 'not-found',
    summary: 'A link of the host that an interface depends on does not exist.',
  },
  ERR_ENGINE_CRASHED: {
    kind: 'unavailable',
    summary: 'The thread that works for the provider has ended unexpectedly.',
  },
} as const

/** Makes an error of {@link SANDBOX_ERRORS}. */
export const sandboxError: ErrorFactory<keyof typeof SANDBOX_ERRORS> = defineErrors(SANDBOX_ERRORS)
