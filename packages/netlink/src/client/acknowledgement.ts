import { NLM_F_ACK_TLVS, NLM_F_CAPPED } from '../wire/constants.ts'
import type { RawMessage } from '../wire/message-reader.ts'

/** What an NLMSG_ERROR or NLMSG_DONE message says. */
export interface Acknowledgement {
  /** Positive errno number; 0 for success. */
  readonly errno: number
  /** The kernel's text, where it gave one. */
  readonly extack: string | undefined
}

const NLMSGERR_ATTR_MSG = 1
const NLMSG_HEADER_SIZE = 16

function extendedAck(attributes: Buffer): string | undefined {
  let offset = 0
  while (offset + 4 <= attributes.length) {
    const length = attributes.readUInt16LE(offset)
    if (length < 4 || offset + length > attributes.length) return undefined
    if ((attributes.readUInt16LE(offset + 2) & 0x3fff) === NLMSGERR_ATTR_MSG) {
      return attributes.toString('utf8', offset + 4, offset + length).replace(/\0+$/, '')
    }
    offset += (length + 3) & ~3
  }
  return undefined
}

/** Reads `struct nlmsgerr` with the attributes behind it. */
export function readAcknowledgement({ flags, body }: RawMessage): Acknowledgement {
  const errno = body.length >= 4 ? -body.readInt32LE(0) : 0
  if ((flags & NLM_F_ACK_TLVS) === 0 || body.length < 4 + NLMSG_HEADER_SIZE) return { errno, extack: undefined }
  // Without NLM_F_CAPPED the whole request stands between the header and the attributes.
  const requestSize = (flags & NLM_F_CAPPED) === 0 ? body.readUInt32LE(4) : NLMSG_HEADER_SIZE
  return { errno, extack: extendedAck(body.subarray(4 + ((requestSize + 3) & ~3))) }
}

/** Reads the payload of NLMSG_DONE: the dump's outcome. */
export function readDone({ flags, body }: RawMessage): Acknowledgement {
  const errno = body.length >= 4 ? -body.readInt32LE(0) : 0
  return { errno, extack: (flags & NLM_F_ACK_TLVS) === 0 ? undefined : extendedAck(body.subarray(4)) }
}
