import { Socket } from 'node:net'
import { commonError, type LibnetworkError, type SandboxConnectOptions, throwIfAborted } from '@libnetwork/driver-sdk'
import { SOCK_STREAM } from '../sys/constants.ts'
import { syscallError } from '../sys/syscall-error.ts'
import { strerror } from '../sys/syscalls.ts'
import { abortSignal, host, integer, optional, readArguments } from './check-arguments.ts'
import type { InsideNamespace } from './inside-namespace.ts'
import { closeOnError, formatTarget, openSocket } from './open-socket.ts'

/**
 * A TCP connection of this process that starts inside a namespace. The signal ends the attempt, not the connection.
 *
 * @throws `ERR_INVALID_ARGUMENT`; `ERR_SYSCALL` of kind `unavailable` for ECONNREFUSED, EHOSTUNREACH and ENETUNREACH,
 *   `timeout` for ETIMEDOUT, with Node's error as cause; `ERR_ABORTED`; `ERR_CLOSED` if the sandbox is destroyed meanwhile
 */
export async function connect(inside: InsideNamespace, options: SandboxConnectOptions): Promise<Socket> {
  const operation = `connect in ${inside.path}`
  const request = readArguments(operation, options, {
    port: integer(1, 65_535),
    host,
    signal: optional(abortSignal),
  })
  throwIfAborted(request.signal, operation)
  const subject = `${formatTarget(request.host, request.port)} in ${inside.path}`
  const fd = openSocket(inside, { operation, type: SOCK_STREAM, host: request.host, subject })
  const socket = inside.sockets.track(closeOnError(fd, () => new Socket({ fd, readable: true, writable: true })))
  socket.connect({ host: request.host.text, port: request.port })
  await connected(socket, subject, request.signal)
  return socket
}

/** Resolves when the socket is connected. When it rejects, the socket has been closed. */
function connected(socket: Socket, subject: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure = commonError('ERR_CLOSED', `connect ${subject}: closed before it was connected`)
    const settle = (): void => {
      socket.off('connect', onConnect).off('error', onError).off('close', onClose)
      signal?.removeEventListener('abort', onAbort)
    }
    const onConnect = (): void => {
      settle()
      resolve()
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      failure = connectError(error, subject)
    }
    const onAbort = (): void => {
      failure = commonError('ERR_ABORTED', `connect ${subject}: aborted`, { cause: signal?.reason })
      socket.destroy()
    }
    const onClose = (): void => {
      settle()
      reject(failure)
    }
    socket.on('connect', onConnect).on('error', onError).on('close', onClose)
    signal?.addEventListener('abort', onAbort)
  })
}

function connectError(cause: NodeJS.ErrnoException, subject: string): LibnetworkError {
  const { code = 'EIO', errno = 0 } = cause
  return syscallError({ syscall: 'connect', errno: code, text: strerror(-errno), subject, cause })
}
