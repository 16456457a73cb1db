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
} as const

/** Makes an error of {@link SANDBOX_ERRORS}. */
export const sandboxError: ErrorFactory<keyof typeof SANDBOX_ERRORS> = defineErrors(SANDBOX_ERRORS)
