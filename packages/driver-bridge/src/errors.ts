import { defineErrors, type ErrorFactory } from '@libnetwork/driver-sdk'

/** Every code that this package throws, beside the common ones and the kernel's refusals. */
export const BRIDGE_ERRORS = {
  ERR_BRIDGE_NAME_TAKEN: {
    kind: 'conflict',
    summary: 'Another network has the bridge of this name, or the name belongs to a link that nobody offered.',
  },
  ERR_BRIDGE_NOT_A_BRIDGE: { kind: 'conflict', summary: '`bridgeName` names a link that is no bridge.' },
  ERR_BRIDGE_MISMATCH: {
    kind: 'conflict',
    summary: 'The bridge existed before and has another address, MAC address or MTU than the network shall have.',
  },
  ERR_BRIDGE_MTU: { kind: 'invalid', summary: 'The MTU is below the 1280 bytes that IPv6 needs.' },
  ERR_BRIDGE_IPV6_UNAVAILABLE: { kind: 'unsupported', summary: 'The network has IPv6, and this kernel has not.' },
  ERR_BRIDGE_NETWORK_CONFLICT: {
    kind: 'conflict',
    summary: 'A network of this id was created with another request.',
  },
  ERR_BRIDGE_NETWORK_NOT_FOUND: { kind: 'not-found', summary: 'No network of this id was created.' },
  ERR_BRIDGE_NETWORK_IN_USE: { kind: 'conflict', summary: 'The network has endpoints, which must be deleted first.' },
  ERR_BRIDGE_ENDPOINT_CONFLICT: {
    kind: 'conflict',
    summary: 'An endpoint of this id was created with another request.',
  },
  ERR_BRIDGE_ENDPOINT_NOT_FOUND: { kind: 'not-found', summary: 'No endpoint of this id was created.' },
  ERR_BRIDGE_MAC_INVALID: { kind: 'invalid', summary: 'The MAC address is none that an interface can have.' },
  ERR_BRIDGE_MAC_TAKEN: {
    kind: 'conflict',
    summary: 'Another endpoint of the network, or the bridge, has the MAC address.',
  },
} as const

/** Makes an error of {@link BRIDGE_ERRORS}. */
export const bridgeError: ErrorFactory<keyof typeof BRIDGE_ERRORS> = defineErrors(BRIDGE_ERRORS)
