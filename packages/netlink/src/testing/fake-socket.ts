import type { NetlinkSocket, NetlinkSocketListener } from '../socket/netlink-socket.ts'
import { NLM_F_ACK, NLM_F_ACK_TLVS, NLM_F_CAPPED, NLM_F_DUMP, NLMSG_DONE, NLMSG_ERROR } from '../wire/constants.ts'
import { readMessages, type RawMessage } from '../wire/message-reader.ts'
import { MessageWriter } from '../wire/message-writer.ts'

/** A message that a fake socket answers with. */
export interface FakeMessage {
  /** `nlmsg_type`. */
  readonly type: number
  /** `nlmsg_flags`. Default 0. */
  readonly flags?: number | undefined
  /** What follows the header. */
  readonly body?: Uint8Array | undefined
}

/** A refusal that a fake socket answers with. */
export interface FakeRefusal {
  /** Positive errno number. */
  readonly errno: number
  /** The text of the kernel's extended acknowledgement. */
  readonly extack?: string | undefined
}

/** An answer of a fake socket. */
export type FakeAnswer = FakeMessage | FakeRefusal

/** A socket without a kernel. */
export interface FakeSocket extends NetlinkSocket {
  /** Every message that was sent, in order. */
  readonly sent: readonly RawMessage[]
  /** The multicast groups that were joined. */
  readonly groups: readonly number[]
  /** Whether it was closed. */
  readonly closed: boolean
  /** Delivers messages that nobody has asked for, as the kernel does with events. */
  deliver(messages: readonly FakeMessage[]): void
  /** Delivers a failure of the socket. */
  fail(error: Error & { readonly code?: string | undefined }): void
}

const NLMSGERR_ATTR_MSG = 1
const HEADER_SIZE = 16

function refuse(writer: MessageWriter, request: RawMessage, { errno, extack }: FakeRefusal): void {
  writer.beginMessage(NLMSG_ERROR, NLM_F_CAPPED | (extack === undefined ? 0 : NLM_F_ACK_TLVS), request.sequence)
  writer.i32(-errno)
  writer.u32(HEADER_SIZE + request.body.length)
  writer.u16(request.type)
  writer.u16(request.flags)
  writer.u32(request.sequence)
  writer.u32(0)
  if (extack !== undefined) {
    const attribute = writer.beginAttribute(NLMSGERR_ATTR_MSG)
    writer.text(`${extack}\0`)
    writer.endAttribute(attribute)
  }
  writer.endMessage()
}

function write(
  writer: MessageWriter,
  { type, flags = 0, body = Buffer.alloc(0) }: FakeMessage,
  sequence: number,
): void {
  writer.beginMessage(type, flags, sequence)
  writer.raw(body)
  writer.endMessage()
}

function answerRequest(writer: MessageWriter, request: RawMessage, answers: readonly FakeAnswer[]): void {
  let settled = false
  for (const answer of answers) {
    if ('errno' in answer) {
      refuse(writer, request, answer)
      settled = true
    } else {
      write(writer, answer, request.sequence)
      settled ||= answer.type === NLMSG_DONE || answer.type === NLMSG_ERROR
    }
  }
  if (settled) return
  if ((request.flags & NLM_F_DUMP) === NLM_F_DUMP)
    write(writer, { type: NLMSG_DONE, body: Buffer.alloc(4) }, request.sequence)
  else if ((request.flags & NLM_F_ACK) !== 0) refuse(writer, request, { errno: 0 })
}

/**
 * A socket without a kernel, for tests of what uses a client: `openRouteSocket({ socket: fakeSocket(...) })`.
 *
 * @param answer - what the kernel would answer to a message. The end of a dump and the acknowledgement are added where they
 * are asked for and not in the answer.
 */
export function fakeSocket(answer: (request: RawMessage) => readonly FakeAnswer[] = () => []): FakeSocket {
  const sent: RawMessage[] = []
  const groups: number[] = []
  let listener: NetlinkSocketListener | undefined
  let closed = false
  const deliver = (fill: (writer: MessageWriter) => void): void => {
    const writer = new MessageWriter()
    fill(writer)
    if (writer.bytes.length === 0) return
    // As a real socket does: never before the sender has gone on.
    setImmediate(() => {
      if (!closed) listener?.onDatagram(Buffer.from(writer.bytes))
    })
  }
  return {
    sent,
    groups,
    get closed() {
      return closed
    },
    listen: (given) => {
      listener = given
    },
    send: (bytes) => {
      const requests = readMessages(Buffer.from(bytes))
      sent.push(...requests)
      deliver((writer) => {
        for (const request of requests) answerRequest(writer, request, answer(request))
      })
    },
    addMembership: (group) => {
      groups.push(group)
    },
    ref: () => undefined,
    unref: () => undefined,
    close: () => {
      closed = true
    },
    deliver: (messages) => {
      deliver((writer) => {
        for (const message of messages) write(writer, message, 0)
      })
    },
    fail: (error) => listener?.onError(error),
  }
}
