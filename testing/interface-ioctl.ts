import { readlinkSync } from 'node:fs'
import koffi from 'koffi'

// <linux/sockios.h>, <linux/if.h>; the same on x86-64 and arm64.
const SIOCGIFCONF = 0x8912
const SIOCGIFFLAGS = 0x8913
const SIOCSIFFLAGS = 0x8914
const IFNAMSIZ = 16
const IFF_UP = 1
/** sizeof(struct ifreq) */
const IFREQ_SIZE = 40
const AF_INET = 2
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000

const libc = koffi.load('libc.so.6')
const socket: (domain: number, type: number, protocol: number) => number = libc.func('int socket(int, int, int)')
const close: (fd: number) => number = libc.func('int close(int)')
const ioctl: (fd: number, request: number, argument: Uint8Array) => number = libc.func(
  'int ioctl(int, unsigned long, void *)',
)

function withSocket<T>(use: (fd: number) => T): T {
  const fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  if (fd < 0) throw new Error(`socket: errno ${koffi.errno()}`)
  try {
    return use(fd)
  } finally {
    close(fd)
  }
}

function request(fd: number, code: number, argument: Uint8Array): void {
  if (ioctl(fd, code, argument) < 0) {
    throw new Error(`ioctl 0x${code.toString(16)}: errno ${koffi.errno()} in ${readlinkSync('/proc/self/ns/net')}`)
  }
}

/** Sets a link of this process's namespace up. */
export function setLinkUp(name: string): void {
  const ifreq = Buffer.alloc(IFREQ_SIZE)
  ifreq.write(name, 0, IFNAMSIZ - 1, 'latin1')
  withSocket((fd) => {
    request(fd, SIOCGIFFLAGS, ifreq)
    ifreq.writeUInt16LE(ifreq.readUInt16LE(IFNAMSIZ) | IFF_UP, IFNAMSIZ)
    request(fd, SIOCSIFFLAGS, ifreq)
  })
}

/** The IPv4 addresses of all links, those that are down included, as `"10.0.0.1 on eth0"`. */
export function ipv4Addresses(): string[] {
  const list = Buffer.alloc(IFREQ_SIZE * 4096)
  const ifconf = Buffer.alloc(16)
  ifconf.writeInt32LE(list.length, 0)
  ifconf.writeBigUInt64LE(koffi.address(list), 8)
  withSocket((fd) => {
    request(fd, SIOCGIFCONF, ifconf)
  })
  const addresses: string[] = []
  for (let offset = 0; offset < ifconf.readInt32LE(0); offset += IFREQ_SIZE) {
    const name = list.toString('latin1', offset, offset + IFNAMSIZ).replace(/\0.*$/s, '')
    // struct sockaddr_in: family, port, address.
    const address = list.subarray(offset + IFNAMSIZ + 4, offset + IFNAMSIZ + 8)
    addresses.push(`${address.join('.')} on ${name}`)
  }
  return addresses
}
