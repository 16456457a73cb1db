import { commonError, parseAddress, type AddressFamily } from '@libnetwork/driver-sdk'
import { linkName } from '../wire/attribute-codec.ts'
import { linkIndex, type ValueCheck } from '../wire/value-check.ts'

/** Whether a value has members. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An address family by its name. */
export const familyName: ValueCheck = {
  problem: (value) => (value === 'ipv4' || value === 'ipv6' ? undefined : 'must be ipv4 or ipv6'),
}

/**
 * Refuses what is no object at all, before its members are read.
 *
 * @throws `ERR_INVALID_ARGUMENT`
 */
export function assertObject(operation: string, what: string, value: unknown): asserts value is object {
  if (isObject(value)) return
  throw commonError('ERR_INVALID_ARGUMENT', `${operation}: ${what} must be an object, got ${shown(value)}`, {
    details: { operation, problems: [`${what} must be an object`] },
  })
}

/** A value as it is named in an error. It may be what JSON has no text for. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  return value === null ? 'null' : typeof value
}

/** Everything that is wrong with members that are there. */
export function memberProblems(value: object, checks: Readonly<Record<string, ValueCheck>>): readonly string[] {
  return Object.entries(checks).flatMap(([key, check]) => {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    const problem = member === undefined ? undefined : check.problem(member)
    return problem === undefined ? [] : [`${key} ${problem}, got ${shown(member)}`]
  })
}

/** What is wrong with a member that must be there. */
export function requiredProblem(key: string, value: unknown, check: ValueCheck): readonly string[] {
  const problem = check.problem(value)
  return problem === undefined ? [] : [`${key} ${problem}, got ${shown(value)}`]
}

/**
 * Addresses that are of another family than they must be. The kernel would take the first four bytes of an IPv6 address for
 * an IPv4 address.
 */
export function familyProblems(
  family: AddressFamily,
  addresses: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(addresses).flatMap(([key, value]) => {
    const found = typeof value === 'string' ? parseAddress(value)?.family : undefined
    return found === undefined || found === family ? [] : [`${key} must be of family ${family}, got ${shown(value)}`]
  })
}

/** What is wrong with a link's selector. */
export function selectorProblems(selector: object): readonly string[] {
  const { name, index } = selector as { readonly name?: unknown; readonly index?: unknown }
  if (name === undefined && index === undefined) return ['a link must be selected by its name or its index']
  return memberProblems(selector, { name: linkName, index: linkIndex })
}

/**
 * The signal of a call's options. One that has fired ends the call later, in its turn.
 *
 * @throws `ERR_INVALID_ARGUMENT`
 */
export function signalOf(operation: string, options: unknown): AbortSignal | undefined {
  if (options === undefined) return undefined
  assertObject(operation, 'the options', options)
  const { signal } = options as { readonly signal?: unknown }
  if (signal === undefined || signal instanceof AbortSignal) return signal
  throw commonError('ERR_INVALID_ARGUMENT', `${operation}: signal must be an AbortSignal, got ${shown(signal)}`, {
    details: { operation, problems: ['signal must be an AbortSignal'] },
  })
}
