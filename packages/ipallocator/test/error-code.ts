import { isLibnetworkError, type LibnetworkError } from '@libnetwork/driver-sdk'
import { expect } from 'vitest'

function assertOurs(error: unknown, code: string): LibnetworkError {
  if (!isLibnetworkError(error)) throw new Error(`expected ${code}, got ${String(error)}`, { cause: error })
  expect(error.code).toBe(code)
  return error
}

/** Runs a function that must throw this code. */
export function thrown(run: () => unknown, code: string): LibnetworkError {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    return assertOurs(error, code)
  }
  throw new Error(`expected ${code}, got the result ${String(result)}`)
}

/** Awaits a promise that must reject with this code. */
export async function rejected(promise: Promise<unknown>, code: string): Promise<LibnetworkError> {
  const error: unknown = await promise.then(
    (result) => {
      throw new Error(`expected ${code}, got the result ${JSON.stringify(result)}`)
    },
    (reason: unknown) => reason,
  )
  return assertOurs(error, code)
}
