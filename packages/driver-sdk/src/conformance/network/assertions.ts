import assert from 'node:assert/strict'
import { isLibnetworkError, type LibnetworkError } from '../../errors/libnetwork-error.ts'
import type { ErrorKind } from '../../errors/error-kind.ts'

/** What became of a call. */
export type Outcome = { readonly answer: unknown } | { readonly error: unknown }

/** Waits for a call and answers what became of it; never rejects. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await call() }
  } catch (error) {
    return { error }
  }
}

/** The error of a call that must fail, and fail with one of the contract's errors. */
export async function refusal(what: string, call: () => Promise<unknown>): Promise<LibnetworkError> {
  const outcome = await outcomeOf(call)
  if (!('error' in outcome)) assert.fail(`${what}: must fail, and succeeded`)
  if (!isLibnetworkError(outcome.error)) {
    assert.fail(`${what}: must fail with a LibnetworkError, and failed with ${String(outcome.error)}`)
  }
  return outcome.error
}

/** Checks that a call fails with an error of this kind. */
export async function assertRefused(kind: ErrorKind, what: string, call: () => Promise<unknown>): Promise<void> {
  const error = await refusal(what, call)
  assert.equal(error.kind, kind, `${what}: kind of the error ${error.code} (${error.message})`)
}

/** Checks that an error is the one of an aborted call. */
export function assertAborted(what: string, error: unknown): void {
  assert.ok(
    isLibnetworkError(error, 'ERR_ABORTED'),
    `${what}: must fail with ERR_ABORTED, and failed with ${String(error)}`,
  )
}

/** An answer without the keys whose value is `undefined`, which JSON leaves out and the contract's types allow. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, withoutUndefined(part)]),
  )
}

/** Checks that an answer survives a way through JSON: no dates, maps, classes, functions, NaN. */
export function assertPlainJson(what: string, answer: unknown): void {
  const text = JSON.stringify(answer) as string | undefined
  assert.ok(text !== undefined, `${what}: the answer is not JSON`)
  assert.deepEqual(withoutUndefined(answer), JSON.parse(text), `${what}: the answer is not plain JSON`)
}

/** Checks that two answers say the same. */
export function assertSameAnswer(what: string, answer: unknown, expected: unknown): void {
  assert.deepEqual(withoutUndefined(answer), withoutUndefined(expected), `${what}: the answer`)
}
