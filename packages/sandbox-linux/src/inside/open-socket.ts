import {
  AF_INET,
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_BINDTODEVICE,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from '../sys/constants.ts'
import { encodeSockaddr } from '../sys/sockaddr.ts'
import { bind, close, setsockopt, socket } from '../sys/syscalls.ts'
import type { SocketHost } from './check-arguments.ts'
import { enterInside, type InsideNamespace } from './inside-namespace.ts'

/** What to open. */
export interface OpenSocketRequest {
  /** What is done, for errors: `listen on 10.0.0.2:80 in /run/netns/blue`. */
  readonly operation: string
  /** SOCK_STREAM or SOCK_DGRAM. */
  readonly type: number
  /** Decides the family, and by its zone the interface. */
  readonly host: SocketHost
  /** How errors of the kernel call it: `10.0.0.2:80 in /run/netns/blue`. */
  readonly subject: string
}

/**
 * Opens a socket that belongs to a namespace. It stays there for good, so everything after `socket(2)` is done from
 * outside. The caller closes the descriptor or hands it to Node.
 */
export function openSocket(inside: InsideNamespace, { operation, type, host, subject }: OpenSocketRequest): number {
  const family = host.address.family === 'ipv6' ? AF_INET6 : AF_INET
  const fd = enterInside(inside, operation, () => socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, subject))
  return closeOnError(fd, () => {
    // The sysctl net.ipv6.bindv6only would otherwise decide.
    if (family === AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0, subject)
    if (host.zone !== undefined) setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(host.zone), subject)
    return fd
  })
}

/** Binds a socket that {@link openSocket} opened. */
export function bindSocket(fd: number, host: SocketHost, port: number, subject: string): void {
  bind(fd, encodeSockaddr(host.address, port), subject)
}

/** Does something with a descriptor, and closes it if that fails. */
export function closeOnError<T>(fd: number, action: () => T): T {
  try {
    return action()
  } catch (error) {
    close(fd)
    throw error
  }
}

/** An address and port as errors show them. */
export function formatTarget({ address, text, zone }: SocketHost, port: number): string {
  const scoped = zone === undefined ? text : `${text}%${zone}`
  return address.family === 'ipv6' ? `[${scoped}]:${port}` : `${scoped}:${port}`
}
