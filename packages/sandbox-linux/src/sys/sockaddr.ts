import type { Address } from '@libnetwork/driver-sdk'
import { AF_INET, AF_INET6 } from './constants.ts'

/**
 * An address and port as `bind(2)` takes them: `struct sockaddr_in` or `sockaddr_in6`. The family's number is in the
 * machine's byte order (little-endian on x64 and arm64), everything else in the network's.
 */
export function encodeSockaddr(address: Address, port: number): Uint8Array {
  const isIPv6 = address.family === 'ipv6'
  const bytes = new Uint8Array(isIPv6 ? 28 : 16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, isIPv6 ? AF_INET6 : AF_INET, true)
  view.setUint16(2, port)
  if (isIPv6) {
    // Offset 4 is the flow label; the scope at offset 24 stays 0, since SO_BINDTODEVICE says it by name.
    view.setBigUint64(8, address.value >> 64n)
    view.setBigUint64(16, BigInt.asUintN(64, address.value))
  } else {
    view.setUint32(4, Number(address.value))
  }
  return bytes
}
