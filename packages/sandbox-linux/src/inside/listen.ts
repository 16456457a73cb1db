import cluster from 'node:cluster'
import { once } from 'node:events'
import { createServer, type Server, type ServerOpts } from 'node:net'
import { commonError, isLibnetworkError, type SandboxListenOptions } from '@libnetwork/driver-sdk'
import { SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../sys/constants.ts'
import { listen as listenSyscall, setsockopt } from '../sys/syscalls.ts'
import { host, integer, optional, plainObject, readArguments, type SocketHost } from './check-arguments.ts'
import type { InsideNamespace } from './inside-namespace.ts'
import { bindSocket, closeOnError, formatTarget, openSocket } from './open-socket.ts'

const ANY_IPV4: SocketHost = { address: { family: 'ipv4', value: 0n }, text: '0.0.0.0' }
const ANY_IPV6: SocketHost = { address: { family: 'ipv6', value: 0n }, text: '::' }

/** Node's own default for the queue of connections that wait. */
const DEFAULT_BACKLOG = 511

/**
 * A TCP server of this process whose socket lives inside a namespace.
 *
 * @throws `ERR_INVALID_ARGUMENT`; `ERR_SYSCALL` of kind `conflict` for a port in use, `invalid` for an address that is
 *   not there, `forbidden` for a port that the process may not take; `ERR_UNSUPPORTED` in a cluster worker
 */
export async function listen(inside: InsideNamespace, options: SandboxListenOptions): Promise<Server> {
  const operation = `listen in ${inside.path}`
  const request = readArguments(operation, options, {
    port: integer(0, 65_535),
    host: optional(host),
    backlog: optional(integer(1, 0x7fff_ffff)),
    server: optional(plainObject),
  })
  inside.sockets.checkOpen(operation)
  // There Node would ask the primary process to listen on a descriptor of this number of its own.
  if (cluster.isWorker) throw commonError('ERR_UNSUPPORTED', `${operation}: not possible in a worker of node:cluster`)
  const server = makeServer(operation, request.server)
  const backlog = request.backlog ?? DEFAULT_BACKLOG
  const fd = request.host
    ? openListening(inside, operation, request.host, request.port, backlog)
    : openDualStack(inside, operation, request.port, backlog)
  // Node's own listen(2) only repeats ours, which has succeeded; with a descriptor it is done before the call returns.
  server.listen({ fd }, backlog)
  if (!server.listening) throw (await once(server, 'error'))[0]
  return inside.sockets.track(server)
}

function makeServer(operation: string, options: ServerOpts = {}): Server {
  try {
    return createServer(options)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw commonError('ERR_INVALID_ARGUMENT', `${operation}: server: ${message}`, { cause })
  }
}

function openDualStack(inside: InsideNamespace, operation: string, port: number, backlog: number): number {
  try {
    return openListening(inside, operation, ANY_IPV6, port, backlog)
  } catch (error) {
    // The kernel was started without IPv6. Where it is merely switched off by sysctl, `::` works, and takes IPv4.
    if (!isLibnetworkError(error, 'ERR_SYSCALL') || error.details['errno'] !== 'EAFNOSUPPORT') throw error
    return openListening(inside, operation, ANY_IPV4, port, backlog)
  }
}

function openListening(
  inside: InsideNamespace,
  operation: string,
  where: SocketHost,
  port: number,
  backlog: number,
): number {
  const subject = `${formatTarget(where, port)} in ${inside.path}`
  const fd = openSocket(inside, { operation, type: SOCK_STREAM, host: where, subject })
  return closeOnError(fd, () => {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1, subject)
    bindSocket(fd, where, port, subject)
    listenSyscall(fd, backlog, subject)
    return fd
  })
}
