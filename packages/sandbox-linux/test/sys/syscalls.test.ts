import { readFileSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AF_INET, AF_INET6, O_RDONLY, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../../src/sys/constants.ts'
import { encodeSockaddr } from '../../src/sys/sockaddr.ts'
import * as syscalls from '../../src/sys/syscalls.ts'
import { openDescriptors } from '../fixtures/open-descriptors.ts'

function failure(syscall: string, errno: string, subject: string): unknown {
  return expect.objectContaining({ code: 'ERR_SYSCALL', details: { syscall, errno, subject } })
}

describe('syscalls', () => {
  it('load the library with the first call, not with the import', () => {
    const isLoaded = (): boolean => readFileSync('/proc/self/maps', 'utf8').includes('koffi')
    expect(isLoaded()).toBe(false)
    syscalls.strerror(1)
    expect(isLoaded()).toBe(true)
  })

  it('open and close a descriptor that no child inherits', () => {
    const before = openDescriptors()
    const fd = syscalls.open('/proc/self/status', O_RDONLY)
    expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(`/proc/${process.pid}/status`)
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).toMatch(/^flags:\s+02/m) // 02000000 is O_CLOEXEC
    syscalls.close(fd)
    expect(openDescriptors()).toBe(before)
  })

  it('throw the errno of the call that failed', () => {
    expect(() => syscalls.open('/nonexistent', O_RDONLY)).toThrow(failure('open', 'ENOENT', '/nonexistent'))
    expect(() => syscalls.close(9999)).toThrow(failure('close', 'EBADF', 'fd 9999'))
    expect(() => syscalls.setns(9999, 0, 'nowhere')).toThrow(failure('setns', 'EBADF', 'nowhere'))
    expect(() => syscalls.socket(9999, SOCK_STREAM, 0, 'x')).toThrow(failure('socket', 'EAFNOSUPPORT', 'x'))
    expect(() => syscalls.umount2('/nonexistent', 0)).toThrow(failure('umount2', expect.any(String), '/nonexistent'))
    expect(() => syscalls.getsockname(9999)).toThrow(failure('getsockname', 'EBADF', 'fd 9999'))
    expect(() => syscalls.listen(9999, 1, 'x')).toThrow(failure('listen', 'EBADF', 'x'))
    expect(() => syscalls.ioctl(9999, 0, new Uint8Array(4), 'x')).toThrow(failure('ioctl', 'EBADF', 'x'))
    expect(() => syscalls.setsockopt(9999, SOL_SOCKET, SO_REUSEADDR, 1, 'x')).toThrow(
      failure('setsockopt', 'EBADF', 'x'),
    )
  })

  it.each([
    [AF_INET, { family: 'ipv4', value: 0x7f000001n }],
    [AF_INET6, { family: 'ipv6', value: 0n }],
  ] as const)('bind a socket to the address that getsockname then tells (family %i)', (family, address) => {
    const fd = syscalls.socket(family, SOCK_STREAM, 0, 'x')
    syscalls.bind(fd, encodeSockaddr(address, 0), 'x')
    const name = syscalls.getsockname(fd)
    const port = new DataView(name.buffer, name.byteOffset).getUint16(2)
    expect(port).toBeGreaterThan(0)
    expect(name).toEqual(encodeSockaddr(address, port))
    syscalls.close(fd)
  })

  it('speak the text of the C library', () => {
    expect(syscalls.strerror(111)).toBe('Connection refused')
  })
})
