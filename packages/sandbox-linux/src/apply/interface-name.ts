import { commonError, type InterfaceInfo } from '@libnetwork/driver-sdk'

const DEFAULT_PREFIX = 'eth'
// IFNAMSIZ of <linux/if.h>, its closing NUL left out.
const IFNAME_MAX = 15

/** Whether the name is the provider's to choose. */
export function isNameFree(info: InterfaceInfo): boolean {
  return info.name === undefined
}

/**
 * Names for the interfaces: their own, or their prefix with the first number that is free.
 *
 * @param taken - names that are inside already; the chosen ones are added
 */
export function chooseNames(interfaces: readonly InterfaceInfo[], taken: Set<string>): readonly string[] {
  // Own names first, so that no chosen one takes a name that a later interface asks for.
  for (const { name } of interfaces) if (name !== undefined) taken.add(name)
  return interfaces.map(({ name, prefix = DEFAULT_PREFIX }) => {
    if (name !== undefined) return name
    for (let number = 0; ; number++) {
      const candidate = `${prefix}${number}`
      if (Buffer.byteLength(candidate) > IFNAME_MAX) {
        throw commonError(
          'ERR_INVALID_ARGUMENT',
          `interface prefix ${JSON.stringify(prefix)}: leaves no room for a number`,
        )
      }
      if (!taken.has(candidate)) {
        taken.add(candidate)
        return candidate
      }
    }
  })
}
