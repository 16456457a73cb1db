import koffi from 'koffi'

// <sys/socket.h>, <linux/netlink.h>
const AF_NETLINK = 16
const SOL_SOCKET = 1
const SO_SNDBUFFORCE = 32
const SOL_NETLINK = 270
const NETLINK_CAP_ACK = 10
const NETLINK_EXT_ACK = 11
const NETLINK_GET_STRICT_CHK = 12
const SOCKADDR_NL_SIZE = 12

interface Libc {
  getsockname(fd: number, address: Buffer, length: Buffer): number
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number
  strerror(errno: number): string
}

let loaded: Libc | undefined

function libc(): Libc {
  if (loaded === undefined) {
    const library = koffi.load('libc.so.6')
    loaded = {
      getsockname: library.func(
        'int getsockname(int fd, _Out_ void *address, _Inout_ void *length)',
      ) as Libc['getsockname'],
      setsockopt: library.func(
        'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
      ) as Libc['setsockopt'],
      strerror: library.func('const char *strerror(int errno)') as Libc['strerror'],
    }
  }
  return loaded
}

/** The C library's text for an errno number: `File exists`. */
export function errnoText(errno: number): string {
  return libc().strerror(errno)
}

/** The port (`nl_pid`) of a netlink socket, or `undefined` for any other descriptor. */
export function netlinkPort(fd: number): number | undefined {
  const address = Buffer.alloc(SOCKADDR_NL_SIZE)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(SOCKADDR_NL_SIZE)
  if (libc().getsockname(fd, address, length) !== 0) return undefined
  return address.readUInt16LE(0) === AF_NETLINK ? address.readUInt32LE(4) : undefined
}

function setOption(fd: number, level: number, name: number, value: number): boolean {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return libc().setsockopt(fd, level, name, bytes, bytes.length) === 0
}

/**
 * Asks the kernel for texts with its errors, for acknowledgements without a copy of the request, and for the filtering of
 * dumps. Kernels that know one of these not are as good without it.
 */
export function askForDetails(fd: number): void {
  setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1)
  setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1)
  setOption(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
}

/** Sets the size of the send buffer in bytes past the system's limit, where the process may. */
export function forceSendBuffer(fd: number, bytes: number): boolean {
  return setOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes)
}
