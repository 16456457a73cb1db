import { commonError, throwIfAborted, type LibnetworkError } from '@libnetwork/driver-sdk'
import { kernelError, netlinkError, type RequestDescription } from '../errors.ts'
import type { NetlinkSocket } from '../socket/netlink-socket.ts'
import {
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
} from '../wire/constants.ts'
import { readMessages, type RawMessage } from '../wire/message-reader.ts'
import { MessageWriter } from '../wire/message-writer.ts'
import { readAcknowledgement, readDone } from './acknowledgement.ts'
import type { RouteRequest } from './route-request.ts'

/** What became of the requests of a batch, in their order. */
export interface BatchResult {
  /** For each request: the kernel's error, or `undefined` where it was done. */
  readonly errors: readonly (LibnetworkError | undefined)[]
  /** The first error. */
  readonly firstError: LibnetworkError | undefined
}

/** What is on its way to the kernel and back. There is one at a time: the kernel allows a socket one dump. */
interface Exchange {
  onMessage(message: RawMessage): void
  onFailure(error: Error): void
}

const MAX_DUMP_TRIES = 10

/** Sends requests and collects the answers, one exchange at a time. */
export class Transactor {
  readonly #socket: NetlinkSocket
  readonly #writer = new MessageWriter()
  #sequence = 0
  #exchange: Exchange | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(socket: NetlinkSocket) {
    this.#socket = socket
    socket.listen({
      onDatagram: (datagram) => {
        for (const message of readMessages(datagram)) this.#exchange?.onMessage(message)
      },
      onError: (cause) => {
        const error = netlinkError('ERR_NETLINK_SOCKET', `netlink socket: ${cause.message}`, {
          details: { errno: cause.code },
          cause,
        })
        this.#exchange?.onFailure(error)
      },
    })
    // Nobody waits for anything yet, so the socket must not keep the process alive.
    socket.unref()
  }

  /** Sends all requests in one datagram. The kernel goes on after one that it refuses. */
  async batch(requests: readonly RouteRequest[], signal?: AbortSignal): Promise<BatchResult> {
    if (requests.length === 0) return { errors: [], firstError: undefined }
    return await this.#inTurn('batch', signal, () => this.#exchangeBatch(requests))
  }

  /** The answers to a request for one object. */
  async get(request: RouteRequest, signal?: AbortSignal): Promise<readonly RawMessage[]> {
    return await this.#inTurn(request.operation, signal, () => this.#exchangeGet(request, 0))
  }

  /** The answers to a request for all objects. Asked again while the kernel says that they changed meanwhile. */
  async dump(request: RouteRequest, signal?: AbortSignal): Promise<readonly RawMessage[]> {
    for (let tries = 0; tries < MAX_DUMP_TRIES; tries++) {
      const messages = await this.#inTurn(request.operation, signal, () => this.#exchangeGet(request, NLM_F_DUMP))
      if (!messages.some(({ flags }) => (flags & NLM_F_DUMP_INTR) !== 0)) return messages
    }
    throw netlinkError(
      'ERR_NETLINK_DUMP_INTERRUPTED',
      `${request.operation} ${request.subject}: changed during each of ${MAX_DUMP_TRIES} readings`,
      { hint: 'Try again when less is being changed.' },
    )
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#exchange?.onFailure(
      commonError('ERR_CLOSED', 'netlink socket: it was closed while a request was on its way'),
    )
    this.#socket.close()
  }

  async #inTurn<Result>(
    operation: string,
    signal: AbortSignal | undefined,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const turn = this.#tail.then(async () => {
      if (this.#closed) throw commonError('ERR_CLOSED', `${operation}: the netlink socket was closed`)
      throwIfAborted(signal, operation)
      this.#socket.ref()
      try {
        return await run()
      } finally {
        this.#exchange = undefined
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been closed meanwhile
        if (!this.#closed) this.#socket.unref()
      }
    })
    this.#tail = turn.catch(() => undefined)
    return await turn
  }

  #write(request: RouteRequest, flags: number): number {
    const sequence = (this.#sequence = (this.#sequence + 1) >>> 0)
    this.#writer.beginMessage(request.type, NLM_F_REQUEST | request.flags | flags, sequence)
    request.write(this.#writer)
    this.#writer.endMessage()
    return sequence
  }

  #exchangeBatch(requests: readonly RouteRequest[]): Promise<BatchResult> {
    return new Promise((resolve, reject) => {
      this.#writer.reset()
      const places = new Map<number, number>()
      const errors: (LibnetworkError | undefined)[] = requests.map(() => undefined)
      let last = 0
      requests.forEach((request, place) => {
        last = this.#write(request, place === requests.length - 1 ? NLM_F_ACK : 0)
        places.set(last, place)
      })
      this.#exchange = {
        onMessage: (message) => {
          const place = places.get(message.sequence)
          const request = place === undefined ? undefined : requests[place]
          if (message.type !== NLMSG_ERROR || place === undefined || request === undefined) return
          const { errno, extack } = readAcknowledgement(message)
          if (errno !== 0) errors[place] = kernelError(request, errno, extack)
          // The kernel works through a datagram in order, so the last answer is the last that comes.
          if (message.sequence === last) resolve({ errors, firstError: errors.find((error) => error !== undefined) })
        },
        onFailure: reject,
      }
      this.#send(reject)
    })
  }

  #exchangeGet(request: RouteRequest, flags: number): Promise<readonly RawMessage[]> {
    return new Promise((resolve, reject) => {
      this.#writer.reset()
      const messages: RawMessage[] = []
      const sequence = this.#write(request, flags === 0 ? NLM_F_ACK : flags)
      this.#exchange = {
        onMessage: (message) => {
          if (message.sequence !== sequence || message.type === NLMSG_NOOP) return
          if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
            this.#finish(request, message, messages, resolve, reject)
          } else messages.push({ ...message, body: Buffer.from(message.body) })
        },
        onFailure: reject,
      }
      this.#send(reject)
    })
  }

  #finish(
    request: RequestDescription,
    message: RawMessage,
    messages: readonly RawMessage[],
    resolve: (messages: readonly RawMessage[]) => void,
    reject: (error: Error) => void,
  ): void {
    const { errno, extack } = message.type === NLMSG_DONE ? readDone(message) : readAcknowledgement(message)
    if (errno !== 0) reject(kernelError(request, errno, extack))
    else if ((message.flags & NLM_F_DUMP_INTR) !== 0) resolve([...messages, message])
    else resolve(messages)
  }

  #send(reject: (error: Error) => void): void {
    try {
      this.#socket.send(this.#writer.bytes)
    } catch (cause) {
      reject(
        netlinkError(
          'ERR_NETLINK_SOCKET',
          `send to netlink: ${cause instanceof Error ? cause.message : String(cause)}`,
          {
            cause,
          },
        ),
      )
    }
  }
}
