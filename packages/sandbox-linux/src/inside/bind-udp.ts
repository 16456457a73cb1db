import { createSocket, type Socket } from 'node:dgram'
import type { SandboxBindOptions } from '@libnetwork/driver-sdk'
import { SOCK_DGRAM } from '../sys/constants.ts'
import { host, integer, optional, readArguments, type SocketHost } from './check-arguments.ts'
import type { InsideNamespace } from './inside-namespace.ts'
import { bindSocket, closeOnError, formatTarget, openSocket } from './open-socket.ts'

const ANY_IPV4: SocketHost = { address: { family: 'ipv4', value: 0n }, text: '0.0.0.0' }

/**
 * A UDP socket of this process that lives inside a namespace. Bound to `::` it takes IPv4 as well. `send` has to be given
 * addresses; a name would be looked up by the host's resolver.
 *
 * @throws `ERR_INVALID_ARGUMENT`; `ERR_SYSCALL` of kind `conflict` for a port in use, `invalid` for an address that is
 *   not there, `forbidden` for a port that the process may not take
 */
export function bindUdp(inside: InsideNamespace, options: SandboxBindOptions): Socket {
  const operation = `bind UDP in ${inside.path}`
  const request = readArguments(operation, options, { port: integer(0, 65_535), host: optional(host) })
  const where = request.host ?? ANY_IPV4
  const subject = `${formatTarget(where, request.port)} in ${inside.path}`
  const fd = openSocket(inside, { operation, type: SOCK_DGRAM, host: where, subject })
  const socket = closeOnError(fd, () => {
    bindSocket(fd, where, request.port, subject)
    const bound = createSocket(where.address.family === 'ipv6' ? 'udp6' : 'udp4')
    // With a descriptor Node is done, and emits `listening`, before the call returns. Exclusive: a worker of
    // node:cluster would otherwise ask its primary process for the socket.
    return bound.bind({ fd, exclusive: true })
  })
  return inside.sockets.track(socket)
}
