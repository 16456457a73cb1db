import { defineErrors, type ErrorFactory } from '@libnetwork/driver-sdk'

/** The codes that this package throws, beside `ERR_INVALID_ARGUMENT` and `ERR_ABORTED`. */
export const IPALLOCATOR_ERRORS = {
  ERR_ADDRESS_OUT_OF_RANGE: { kind: 'invalid', summary: 'The address is not one that the pool can give out.' },
  ERR_ADDRESS_RESERVED: { kind: 'conflict', summary: 'The address is reserved by the pool itself.' },
  ERR_ADDRESS_TAKEN: { kind: 'conflict', summary: 'The address has been given out already.' },
  ERR_BAD_SUBRANGE: { kind: 'invalid', summary: 'The range does not lie within its pool.' },
  ERR_NO_FREE_POOL: { kind: 'unavailable', summary: 'Every predefined pool is in use or clashes with the host.' },
  ERR_POOL_EXHAUSTED: { kind: 'unavailable', summary: 'Every address of the pool or of its range is taken.' },
  ERR_POOL_NOT_FOUND: { kind: 'not-found', summary: 'There is no pool of this name, or it has been given back.' },
  ERR_POOL_OVERLAP: { kind: 'conflict', summary: 'The pool has addresses in common with one granted before.' },
} as const

/** Makes an error of {@link IPALLOCATOR_ERRORS}. */
export const poolError: ErrorFactory<keyof typeof IPALLOCATOR_ERRORS> = defineErrors(IPALLOCATOR_ERRORS)
