import { invalidArgument, type Problem } from '@libnetwork/driver-sdk'
import { showValue } from '../ip/address.ts'
import { explainCidrLike, explainNetwork } from '../ip/cidr.ts'
import { POOL_STRATEGIES, type PoolOptions } from './pool.ts'

const KEYS: readonly string[] = ['cidr', 'range', 'reserved', 'strategy', 'state'] satisfies (keyof PoolOptions)[]

/**
 * Checks the options of a pool, each by itself. Whether they fit together is found when the pool is laid out.
 *
 * @throws `ERR_INVALID_ARGUMENT` with every problem
 */
export function checkPoolOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('create pool', [{ path: '', message: 'the options are not an object' }])
  }
  const { cidr, range, reserved, strategy } = options as Partial<Record<keyof PoolOptions, unknown>>
  const problems: Problem[] = []
  const add = (path: string, value: unknown, reason: string | undefined): void => {
    if (reason !== undefined) problems.push({ path, message: `${showValue(value)} ${reason}` })
  }
  add('cidr', cidr, explainNetwork(cidr))
  if (range !== undefined) add('range', range, explainNetwork(range))
  if (Array.isArray(reserved)) {
    for (const [index, item] of reserved.entries()) add(`reserved.${index}`, item, explainCidrLike(item))
  } else if (reserved !== undefined) {
    add('reserved', reserved, 'is not an array')
  }
  if (strategy !== undefined && !POOL_STRATEGIES.some((name) => name === strategy)) {
    add('strategy', strategy, `is not one of ${POOL_STRATEGIES.join(', ')}`)
  }
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key)) problems.push({ path: key, message: `is not an option; allowed are ${KEYS.join(', ')}` })
  }
  if (problems.length > 0) throw invalidArgument('create pool', problems)
}
