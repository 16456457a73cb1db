/*
 * The kernel's constants that this package passes to system calls, under the kernel's own names. The values are those of
 * x86-64 and arm64; test/sys/constants.test.ts compares them with the kernel's headers.
 */

// linux/sched.h
export const CLONE_NEWNS = 0x00020000
export const CLONE_NEWNET = 0x40000000

// linux/mount.h, and sys/mount.h for MNT_DETACH
export const MS_BIND = 0x1000
export const MS_REC = 0x4000
export const MS_PRIVATE = 0x40000
export const MS_SHARED = 0x100000
export const MNT_DETACH = 0x2

// asm-generic/fcntl.h
export const O_RDONLY = 0x0
export const O_RDWR = 0x2
export const O_CLOEXEC = 0x80000

// bits/socket.h, asm-generic/socket.h
export const AF_INET = 2
export const AF_INET6 = 10
export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_NONBLOCK = 0x800
export const SOCK_CLOEXEC = 0x80000
export const SOL_SOCKET = 1
export const SO_REUSEADDR = 2
export const SO_BINDTODEVICE = 25

// linux/in.h, linux/in6.h
export const IPPROTO_IPV6 = 41
export const IPV6_V6ONLY = 26

// linux/sockios.h, linux/if.h
export const SIOCSIFFLAGS = 0x8914
export const IFNAMSIZ = 16
export const IFF_UP = 0x1

// linux/if_tun.h
export const TUNSETIFF = 0x400454ca
export const TUNSETPERSIST = 0x400454cb
export const TUNSETOWNER = 0x400454cc
export const TUNSETGROUP = 0x400454ce
export const IFF_TAP = 0x2
export const IFF_NO_PI = 0x1000
export const IFF_VNET_HDR = 0x4000
export const IFF_MULTI_QUEUE = 0x100
