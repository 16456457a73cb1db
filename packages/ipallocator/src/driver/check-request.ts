/* eslint-disable @typescript-eslint/no-unnecessary-condition -- what the types promise is what is checked here */
import {
  checkOptions,
  invalidArgument,
  parseAddress,
  type AddressReference,
  type AddressRequest,
  type OptionsSchema,
  type PoolReference,
  type PoolRequest,
  type Problem,
} from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { formatAddress, showValue, unmapAddress } from '../ip/address.ts'
import { explainAddress } from '../ip/explain-address.ts'
import { explainCidrLike, explainNetwork, parseCidr, parseNetwork } from '../ip/cidr.ts'
import { POOL_STRATEGIES, type PoolStrategy } from '../pool/pool.ts'
import { isSpaceName } from './pool-id.ts'

/** Options of `requestPool`. */
export interface DefaultIpamPoolOptions {
  /** Which free address comes next. Default `next-fit`. */
  readonly strategy?: PoolStrategy | undefined
}

const poolOptionsSchema: OptionsSchema<DefaultIpamPoolOptions> = v.strictObject({
  strategy: v.optional(v.picklist(POOL_STRATEGIES)),
})

const noOptionsSchema: OptionsSchema<object> = v.strictObject({})

function checkNetworks({ pool, range, exclude, family }: PoolRequest): Problem[] {
  const problems: Problem[] = []
  for (const [path, text] of Object.entries({ pool, range })) {
    if (text === undefined) continue
    const message = explainNetwork(text)
    if (message !== undefined) problems.push({ path, message: `${showValue(text)} ${message}` })
    else if (parseNetwork(text).family !== family)
      problems.push({ path, message: `${showValue(text)} is not ${family}` })
  }
  if (range !== undefined && pool === undefined)
    problems.push({ path: 'range', message: 'is only possible with a pool' })
  if (exclude === undefined) return problems
  if (!Array.isArray(exclude)) return [...problems, { path: 'exclude', message: 'is not an array' }]
  for (const [index, text] of exclude.entries()) {
    const message = explainCidrLike(text)
    if (message !== undefined) problems.push({ path: `exclude.${index}`, message: `${showValue(text)} ${message}` })
  }
  return problems
}

/**
 * Checks a request for a pool.
 *
 * @throws `ERR_INVALID_ARGUMENT` with every problem
 */
export async function checkPoolRequest(request: PoolRequest, operation: string): Promise<DefaultIpamPoolOptions> {
  const problems: Problem[] = []
  if (!isSpaceName(request.addressSpace)) {
    problems.push({
      path: 'addressSpace',
      message: `is ${showValue(request.addressSpace)}; allowed are local, global`,
    })
  }
  if (request.family !== 'ipv4' && request.family !== 'ipv6') {
    problems.push({ path: 'family', message: `is ${showValue(request.family)}; allowed are ipv4, ipv6` })
  } else {
    problems.push(...checkNetworks(request))
  }
  const options = await checkOptions(poolOptionsSchema, request.options, 'options')
  if ('problems' in options) throw invalidArgument(operation, [...problems, ...options.problems])
  if (problems.length > 0) throw invalidArgument(operation, problems)
  return options.value
}

/**
 * Checks a request for an address.
 *
 * @throws `ERR_INVALID_ARGUMENT` with every problem
 */
export async function checkAddressRequest(request: AddressRequest, operation: string): Promise<void> {
  const { poolId, address, purpose } = request
  const problems = checkPoolId(poolId)
  if (address !== undefined) {
    const message = typeof address === 'string' ? explainIfBad(address) : 'is not a text'
    if (message !== undefined) problems.push({ path: 'address', message: `${showValue(address)} ${message}` })
  }
  if (!['gateway', 'auxiliary', 'endpoint'].includes(purpose)) {
    problems.push({ path: 'purpose', message: `is ${showValue(purpose)}; allowed are gateway, auxiliary, endpoint` })
  }
  const options = await checkOptions(noOptionsSchema, request.options, 'options')
  if ('problems' in options) problems.push(...options.problems)
  if (problems.length > 0) throw invalidArgument(operation, problems)
}

function explainIfBad(address: string): string | undefined {
  return parseAddress(address) === undefined ? explainAddress(address) : undefined
}

function checkPoolId(poolId: unknown): Problem[] {
  return typeof poolId === 'string' ? [] : [{ path: 'poolId', message: `is ${showValue(poolId)}, not a text` }]
}

/**
 * Checks the name of a pool.
 *
 * @throws `ERR_INVALID_ARGUMENT`
 */
export function checkPoolReference({ poolId }: PoolReference, operation: string): void {
  const problems = checkPoolId(poolId)
  if (problems.length > 0) throw invalidArgument(operation, problems)
}

/**
 * Checks the name of an address.
 *
 * @returns the address text without its prefix length
 * @throws `ERR_INVALID_ARGUMENT`
 */
export function checkAddressReference(request: AddressReference, operation: string): string {
  checkPoolReference(request, operation)
  const { address } = request
  if (typeof address === 'string' && address.includes('/')) return formatAddress(parseCidr(address))
  const read = typeof address === 'string' ? parseAddress(address) : undefined
  if (read !== undefined) return formatAddress(unmapAddress(read))
  const message = typeof address === 'string' ? explainAddress(address) : 'is not a text'
  throw invalidArgument(operation, [{ path: 'address', message: `${showValue(address)} ${message}` }])
}
