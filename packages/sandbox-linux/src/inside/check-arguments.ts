import { inspect } from 'node:util'
import { type Address, invalidArgument, parseAddress, type Problem } from '@libnetwork/driver-sdk'
import { IFNAMSIZ } from '../sys/constants.ts'

/** An address to bind or connect to. */
export interface SocketHost {
  /** The address. */
  readonly address: Address
  /** The address as text, without its zone. */
  readonly text: string
  /** The interface that the zone of an IPv6 address names. */
  readonly zone?: string | undefined
}

/** How an argument's value is shown in an error. */
function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Infinity })
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** An argument that is read from a request: its value, or the problem with it. */
export type Check<T> = (value: unknown) => { readonly value: T } | { readonly problem: string }

/** A whole number within bounds. */
export function integer(min: number, max: number): Check<number> {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? { value }
      : { problem: `must be a whole number from ${min} to ${max}, got ${shown(value)}` }
}

/** An address; names are not looked up, since the resolver's answer would be that of the host's network. */
export const host: Check<SocketHost> = (value) => {
  const problem = { problem: `must be an IPv4 or IPv6 address, got ${shown(value)}` }
  if (typeof value !== 'string') return problem
  const percent = value.indexOf('%')
  const text = percent < 0 ? value : value.slice(0, percent)
  const address = parseAddress(text)
  if (address === undefined) return problem
  if (percent < 0) return { value: { address, text } }
  const zone = value.slice(percent + 1)
  if (address.family !== 'ipv6' || !isInterfaceName(zone)) {
    return { problem: `the zone of ${shown(value)} must name an interface, and belongs to IPv6 addresses only` }
  }
  return { value: { address, text, zone } }
}

function isInterfaceName(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) < IFNAMSIZ && !/[/\s\0]/.test(text) && text !== '.' && text !== '..'
}

/** An object with Node's own options; Node checks what is in it. */
export const plainObject: Check<object> = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { value }
    : { problem: `must be an object, got ${shown(value)}` }

/** An AbortSignal. */
export const abortSignal: Check<AbortSignal> = (value) =>
  value instanceof AbortSignal ? { value } : { problem: `must be an AbortSignal, got ${shown(value)}` }

/** An argument that may be missing. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => (value === undefined ? { value } : check(value))
}

/** What a request says, once each of its checks has passed. */
type Values<Checks> = { readonly [Key in keyof Checks]: Checks[Key] extends Check<infer T> ? T : never }

/**
 * Reads a request's arguments and reports all problems with them at once.
 *
 * @param operation - what would have been done, such as `listen in /run/netns/blue`
 * @param request - what the caller gave
 * @param checks - one for every key that is allowed
 * @throws `ERR_INVALID_ARGUMENT` with all problems in `details.problems`
 */
export function readArguments<const Checks extends Readonly<Record<string, Check<unknown>>>>(
  operation: string,
  request: unknown,
  checks: Checks,
): Values<Checks> {
  const object = plainObject(request)
  if ('problem' in object) throw invalidArgument(operation, [{ path: 'options', message: object.problem }])
  const given = new Map<string, unknown>(Object.entries(object.value))
  const allowed = Object.keys(checks).join(', ')
  const problems: Problem[] = [...given.keys()]
    .filter((key) => !Object.hasOwn(checks, key))
    .map((key) => ({ path: key, message: `is not known; allowed are ${allowed}` }))
  const values: Record<string, unknown> = {}
  for (const [key, check] of Object.entries(checks)) {
    const result = check(given.get(key))
    if ('problem' in result) problems.push({ path: key, message: result.problem })
    else values[key] = result.value
  }
  if (problems.length > 0) throw invalidArgument(operation, problems)
  // Every key of `checks` has been filled with what its own check returned.
  return values as Values<Checks>
}
