import { execFileSync } from 'node:child_process'
import koffi from 'koffi'

// Changes to the test's host that need neither our own packages nor a program that may be missing.

const SIOCBRADDBR = 0x89a0
const SIOCBRDELBR = 0x89a1
const AF_INET = 2
const SOCK_DGRAM = 2

const libc = koffi.load('libc.so.6')
const socket: (domain: number, type: number, protocol: number) => number = libc.func('int socket(int, int, int)')
const close: (fd: number) => number = libc.func('int close(int)')
const ioctl: (fd: number, request: number, name: string) => number = libc.func(
  'int ioctl(int, unsigned long, const char *)',
)

function bridgeRequest(request: number, name: string): void {
  const fd = socket(AF_INET, SOCK_DGRAM, 0)
  const result = ioctl(fd, request, name)
  close(fd)
  if (result < 0) throw new Error(`ioctl 0x${request.toString(16)} ${name}: errno ${koffi.errno()}`)
}

/** Makes a bridge. */
export function addBridge(name: string): void {
  bridgeRequest(SIOCBRADDBR, name)
}

/** Deletes a bridge, which has to be down. */
export function deleteBridge(name: string): void {
  bridgeRequest(SIOCBRDELBR, name)
}

/** Mounts an empty tmpfs on an existing folder. */
export function mountTmpfs(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
}

/** Undoes {@link mountTmpfs}. */
export function unmount(folder: string): void {
  execFileSync('umount', [folder])
}
