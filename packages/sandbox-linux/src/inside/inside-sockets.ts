import type { Socket as UdpSocket } from 'node:dgram'
import { Server, Socket } from 'node:net'
import { commonError } from '@libnetwork/driver-sdk'

/** A socket that this process has inside a namespace. */
export type InsideSocket = Server | Socket | UdpSocket

/**
 * The sockets of this process inside one namespace. The kernel keeps a namespace alive as long as one of them is open,
 * so whoever destroys the namespace closes them first.
 */
export class InsideSockets {
  readonly #key: string
  readonly #open = new Set<InsideSocket>()
  #closed: Promise<void> | undefined

  /** @param key - how error messages call the namespace */
  constructor(key: string) {
    this.#key = key
  }

  /** How many are open, connections that servers have accepted included. */
  get size(): number {
    return this.#open.size
  }

  /** Throws `ERR_CLOSED` after {@link closeAll}. */
  checkOpen(operation: string): void {
    if (this.#closed !== undefined) {
      throw commonError('ERR_CLOSED', `${operation}: the sandbox ${this.#key} was destroyed`)
    }
  }

  /** Remembers a socket until it is closed, and with a server every connection that it accepts. */
  track<T extends InsideSocket>(socket: T): T {
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    if (socket instanceof Server) socket.on('connection', (connection: Socket) => this.track(connection))
    return socket
  }

  /**
   * Closes every socket and refuses further ones. Established connections are reset: an orderly end would leave the
   * kernel waiting, with the namespace, for an answer that does not come any more. May be called again.
   */
  closeAll(): Promise<void> {
    this.#closed ??= Promise.all([...this.#open].map(closed)).then(() => undefined)
    return this.#closed
  }
}

/** Closes a socket; resolves when Node says that it is closed. */
function closed(socket: InsideSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
    if (!(socket instanceof Socket)) socket.close()
    else if (socket.connecting) socket.destroy()
    else if (isShuttingDown(socket)) socket.once('finish', () => socket.resetAndDestroy())
    else if (!socket.destroyed) socket.resetAndDestroy()
  })
}

/** Whether everything is written and `shutdown(2)` is about to be called. Until then libuv refuses to reset. */
function isShuttingDown(socket: Socket): boolean {
  return socket.writableEnded && !socket.writableFinished && socket.writableLength === 0 && !socket.destroyed
}
