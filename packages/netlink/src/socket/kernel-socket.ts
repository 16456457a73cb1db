import { closeSync, openSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { commonError } from '@libnetwork/driver-sdk'
import { netlinkError } from '../errors.ts'
import { askForDetails, forceSendBuffer, netlinkPort } from './libc.ts'
import type { NetlinkSocket, NetlinkSocketListener } from './netlink-socket.ts'

/** The part of npm `netlink` that is used. Its codecs are not loaded: they are most of its import time. */
interface RawSocket {
  on(event: 'message' | 'truncatedMessage', listener: (datagram: Buffer) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  send(bytes: Uint8Array, options: object, callback: (error?: Error) => void): void
  address(): { readonly port: number }
  addMembership(group: number): void
  setSendBufferSize(bytes: number): void
  ref(): void
  unref(): void
  close(): void
}

interface RawModule {
  readonly RawNetlinkSocket: new (protocol: number, options: object) => RawSocket
}

const NETLINK_ROUTE = 0
const RECEIVE_BUFFER = 4 * 1024 * 1024
const BUFFER_MAX = 0x7fffffff
const SEND_BUFFER = 4 * 1024 * 1024
// The kernel's dumps use datagrams of at most 32 KiB (NLMSG_GOODSIZE grows to what the reader offers).
const DATAGRAM_SIZE = 64 * 1024

let rawModule: RawModule | undefined

function loadRaw(): RawModule {
  rawModule ??= createRequire(import.meta.url)('netlink/dist/raw.js') as RawModule
  return rawModule
}

/**
 * Loads the native code of the sockets into the calling thread, and keeps it.
 *
 * Native code that only Workers have loaded is unmapped when the last of them ends, and the closing of a socket that was open
 * then runs into nothing: the whole process dies. A main thread whose Workers open sockets calls this before it starts them.
 *
 * A Worker closes its sockets before it ends. One that is terminated while a socket hands it an answer takes the process along
 * all the same.
 */
export function loadKernelSockets(): void {
  loadRaw()
}

/** The lowest free descriptor: the one that the next socket gets, unless another thread is faster. */
function nextDescriptor(): number {
  const fd = openSync('/dev/null', 'r')
  closeSync(fd)
  return fd
}

/** The descriptor of a socket of npm `netlink`, which does not tell it: found once, among those of this process. */
function descriptorOf(port: number, guess: number): number | undefined {
  if (netlinkPort(guess) === port) return guess
  return readdirSync('/proc/self/fd')
    .map(Number)
    .find((fd) => netlinkPort(fd) === port)
}

/** Options of {@link openKernelSocket}. */
export interface KernelSocketOptions {
  /** Size of the receive buffer in bytes. Default 4 MiB, or what the system allows. */
  readonly receiveBuffer?: number | undefined
}

/**
 * Opens a route netlink socket in the network namespace of the calling thread, at once. It stays in that namespace.
 *
 * @throws `ERR_NETLINK_SOCKET`, `ERR_INVALID_ARGUMENT`
 */
export function openKernelSocket(options: KernelSocketOptions = {}): NetlinkSocket {
  const size = options.receiveBuffer
  if (size !== undefined && !(Number.isInteger(size) && size > 0 && size <= BUFFER_MAX)) {
    throw commonError(
      'ERR_INVALID_ARGUMENT',
      `open netlink socket: receiveBuffer must be from 1 to ${BUFFER_MAX} bytes`,
    )
  }
  const guess = nextDescriptor()
  let raw: RawSocket
  try {
    raw = new (loadRaw().RawNetlinkSocket)(NETLINK_ROUTE, {
      // Port 0 lets the kernel choose; the package's own scheme runs out with many sockets in several threads.
      localPort: 0,
      messagePeeking: false,
      msgBufferSize: DATAGRAM_SIZE,
      recvBufferSize: options.receiveBuffer ?? RECEIVE_BUFFER,
    })
  } catch (cause) {
    throw netlinkError(
      'ERR_NETLINK_SOCKET',
      `open netlink socket: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  }
  const fd = descriptorOf(raw.address().port, guess)
  if (fd !== undefined) {
    askForDetails(fd)
    if (!forceSendBuffer(fd, SEND_BUFFER)) raw.setSendBufferSize(SEND_BUFFER)
  }
  let fail: NetlinkSocketListener['onError'] = () => undefined
  return {
    listen: (listener: NetlinkSocketListener) => {
      fail = (error) => listener.onError(error)
      raw.on('message', (datagram) => listener.onDatagram(datagram))
      raw.on('truncatedMessage', (datagram) => listener.onDatagram(datagram))
      raw.on('error', (error) => listener.onError(error))
    },
    send: (bytes) =>
      raw.send(bytes, {}, (error) => {
        if (error !== undefined) fail(error)
      }),
    addMembership: (group) => raw.addMembership(group),
    ref: () => raw.ref(),
    unref: () => raw.unref(),
    close: () => raw.close(),
  }
}
