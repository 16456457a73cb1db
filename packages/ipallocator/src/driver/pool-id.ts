import type { AddressFamily } from '@libnetwork/driver-sdk'

/** The driver's address spaces. */
export const SPACES = { local: 'local', global: 'global' } as const

/** One of {@link SPACES}. */
export type SpaceName = keyof typeof SPACES

/** Whether a text names an address space. */
export function isSpaceName(text: unknown): text is SpaceName {
  return text === 'local' || text === 'global'
}

/** A pool's id, taken apart. */
export interface PoolId {
  /** The id itself: `local/10.0.0.0/24/7`. */
  readonly text: string
  /** The address space. */
  readonly space: SpaceName
  /** IPv4 or IPv6. */
  readonly family: AddressFamily
}

/**
 * Names a pool. The serial makes a pool that was given back and granted again another one, so that a late release meant
 * for the first cannot hit the second.
 */
export function poolIdOf(space: SpaceName, cidr: string, serial: number): string {
  return `${space}/${cidr}/${serial}`
}

/** Takes an id apart; `undefined` for what {@link poolIdOf} cannot have made. */
export function parsePoolId(text: string): PoolId | undefined {
  const match = /^(local|global)\/([0-9a-f.:]{2,45})\/\d{1,3}\/\d{1,15}$/.exec(text)
  const [, space, address] = match ?? []
  if (address === undefined || !isSpaceName(space)) return undefined
  return { text, space, family: address.includes(':') ? 'ipv6' : 'ipv4' }
}
