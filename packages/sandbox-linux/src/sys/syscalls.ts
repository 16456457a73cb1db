import type * as Koffi from 'koffi'
import { createRequire } from 'node:module'
import { commonError } from '@libnetwork/driver-sdk'
import { O_CLOEXEC } from './constants.ts'
import { errnoName, syscallError } from './syscall-error.ts'

/**
 * Every function of the C library that this package calls, with its C prototype. Nothing checks these against the
 * library, so they stand in one place. `open` and `ioctl` take variable arguments in C; on Linux (x86-64 and arm64) such
 * a call passes pointers and integers exactly as a fixed one does.
 */
const PROTOTYPES = {
  unshare: 'int unshare(int flags)',
  setns: 'int setns(int fd, int nstype)',
  mount: 'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  umount2: 'int umount2(const char *target, int flags)',
  open: 'int open(const char *path, int flags, unsigned int mode)',
  close: 'int close(int fd)',
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, const void *address, unsigned int length)',
  listen: 'int listen(int fd, int backlog)',
  getsockname: 'int getsockname(int fd, void *address, void *length)',
  setsockopt: 'int setsockopt(int fd, int level, int option, const void *value, unsigned int length)',
  ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
  ioctlNumber: 'int ioctl(int fd, unsigned long request, unsigned long argument)',
  strerror: 'const char *strerror(int errno)',
  abort: 'void abort()',
} as const

/** {@link PROTOTYPES} as TypeScript sees them. */
interface Libc {
  unshare(flags: number): number
  setns(fd: number, nstype: number): number
  mount(source: string | null, target: string, type: string | null, flags: number, data: string | null): number
  umount2(target: string, flags: number): number
  open(path: string, flags: number, mode: number): number
  close(fd: number): number
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Uint8Array, length: number): number
  listen(fd: number, backlog: number): number
  getsockname(fd: number, address: Uint8Array, length: Uint32Array): number
  setsockopt(fd: number, level: number, option: number, value: Uint8Array | Int32Array, length: number): number
  ioctl(fd: number, request: number, argument: Uint8Array | Int32Array): number
  ioctlNumber(fd: number, request: number, argument: number): number
  strerror(errno: number): string
  abort(): void
  /** The calling thread's errno. */
  errno(): number
}

let loaded: Libc | undefined

/** The C library, opened by the first call: whoever only imports the package does not pay for it. */
function libc(): Libc {
  if (loaded !== undefined) return loaded
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi
    const library = koffi.load('libc.so.6')
    const bound = Object.entries(PROTOTYPES).map(([name, prototype]) => [name, library.func(prototype)])
    loaded = { ...(Object.fromEntries(bound) as Omit<Libc, 'errno'>), errno: koffi.errno }
    return libc()
  } catch (cause) {
    throw commonError('ERR_UNSUPPORTED', 'libc.so.6 could not be loaded', {
      cause,
      hint: 'Network namespaces need Linux with glibc on x64 or arm64.',
    })
  }
}

/** Throws `ERR_SYSCALL` for the result -1. Has to follow the call at once, since any later one may change errno. */
function check(result: number, syscall: string, subject: string): number {
  if (result !== -1) return result
  const errno = libc().errno()
  throw syscallError({ syscall, errno: errnoName(errno), text: strerror(errno), subject })
}

/** `unshare(2)`: puts the calling thread into fresh namespaces. Prefer `newNamespace`, which goes back. */
export function unshare(flags: number): void {
  check(libc().unshare(flags), 'unshare', '')
}

/** `setns(2)`: moves the calling thread. Prefer `enterNamespace`, which goes back. */
export function setns(fd: number, nstype: number, subject: string): void {
  check(libc().setns(fd, nstype), 'setns', subject)
}

/** `mount(2)`. */
export function mount(
  source: string | null,
  target: string,
  type: string | null,
  flags: number,
  data: string | null = null,
): void {
  check(libc().mount(source, target, type, flags, data), 'mount', target)
}

/** `umount2(2)`. */
export function umount2(target: string, flags: number): void {
  check(libc().umount2(target, flags), 'umount2', target)
}

/**
 * `open(2)`, always with O_CLOEXEC. Unlike `fs.openSync` its descriptor is not closed by Node when a Worker ends; close
 * it with {@link close}.
 */
export function open(path: string, flags: number): number {
  return check(libc().open(path, flags | O_CLOEXEC, 0), 'open', path)
}

/** `close(2)`. The descriptor is gone even when the call throws. */
export function close(fd: number): void {
  check(libc().close(fd), 'close', `fd ${fd}`)
}

/** `socket(2)`. */
export function socket(domain: number, type: number, protocol: number, subject: string): number {
  return check(libc().socket(domain, type, protocol), 'socket', subject)
}

/** `bind(2)`; the address as `encodeSockaddr` writes it. */
export function bind(fd: number, address: Uint8Array, subject: string): void {
  check(libc().bind(fd, address, address.length), 'bind', subject)
}

/** `listen(2)`. */
export function listen(fd: number, backlog: number, subject: string): void {
  check(libc().listen(fd, backlog), 'listen', subject)
}

/** `getsockname(2)`: the socket's own address, as long as the kernel says that it is. */
export function getsockname(fd: number): Uint8Array {
  const address = new Uint8Array(128) // sizeof(struct sockaddr_storage)
  const length = Uint32Array.of(address.length)
  check(libc().getsockname(fd, address, length), 'getsockname', `fd ${fd}`)
  return address.subarray(0, length[0])
}

/** `setsockopt(2)`; a number is passed as an int. */
export function setsockopt(
  fd: number,
  level: number,
  option: number,
  value: number | Uint8Array,
  subject: string,
): void {
  const bytes = typeof value === 'number' ? Int32Array.of(value) : value
  check(libc().setsockopt(fd, level, option, bytes, bytes.byteLength), 'setsockopt', subject)
}

/** `ioctl(2)` with a pointer. The kernel may write its answer into the argument. Returns the call's result. */
export function ioctl(fd: number, request: number, argument: Uint8Array | Int32Array, subject: string): number {
  return check(libc().ioctl(fd, request, argument), 'ioctl', subject)
}

/** `ioctl(2)` with a number in the place of the pointer. */
export function ioctlNumber(fd: number, request: number, argument: number, subject: string): number {
  return check(libc().ioctlNumber(fd, request, argument), 'ioctl', subject)
}

/** `strerror(3)`: the C library's text for an errno, such as `Connection refused`. */
export function strerror(errno: number): string {
  return libc().strerror(errno)
}

/** `abort(3)`: ends the process, from any thread. `process.abort()` refuses to in a Worker. */
export function abort(): void {
  libc().abort()
}
