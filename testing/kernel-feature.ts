import { describe, it } from 'vitest'

/** Parts of the kernel that a test machine may lack; the names that `.ci/kernel-gaps` uses. */
export type KernelFeature =
  'ipvlan' | 'dummy' | '8021q' | 'sctp' | 'flowtable' | 'ipvs' | 'wireguard' | 'vrf' | 'netem'

/**
 * `it` for a test that needs a part of the kernel. Where `present` is false it is skipped, and its title carries the tag
 * `[gap:<feature>]`. Ask the kernel itself, by trying.
 */
export function itOnKernel(
  feature: KernelFeature,
  present: boolean,
  name: string,
  body: () => void | Promise<void>,
  timeout?: number,
): void {
  if (present) it(name, body, timeout)
  else it.skip(`${name} [gap:${feature}]`, body, timeout)
}

/** `describe` for tests that need a part of the kernel; see {@link itOnKernel}. */
export function describeOnKernel(feature: KernelFeature, present: boolean, name: string, body: () => void): void {
  if (present) describe(name, body)
  else describe.skip(`${name} [gap:${feature}]`, body)
}
