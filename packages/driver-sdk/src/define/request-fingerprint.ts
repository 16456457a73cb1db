import { createHash } from 'node:crypto'
import type { DriverEndpoint, DriverNetwork } from '../contract/network-driver.ts'

// Enough that two requests of one id never have the same by chance.
const DIGITS = 32

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
}

/**
 * What tells one request about an object from another of the same id: equal for equal requests, whatever the order of their
 * keys and whatever the driver's state. 32 hexadecimal digits, to be kept in `context.state`.
 *
 * @param request - the network or endpoint, or a part of it
 */
export function requestFingerprint(
  request: Partial<DriverNetwork<object>> | Partial<DriverEndpoint<object>>,
): string {
  const { driverState: _state, ...rest } = request
  return createHash('sha256').update(canonical(rest)).digest('hex').slice(0, DIGITS)
}
