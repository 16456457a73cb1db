/** A message of a received datagram. */
export interface RawMessage {
  /** `nlmsg_type`. */
  readonly type: number
  /** `nlmsg_flags`. */
  readonly flags: number
  /** `nlmsg_seq`. */
  readonly sequence: number
  /** What follows the header. A view of the datagram. */
  readonly body: Buffer
}

const HEADER_SIZE = 16

/** The messages of a datagram. What is left of a message cut short is ignored. */
export function readMessages(datagram: Buffer): readonly RawMessage[] {
  const messages: RawMessage[] = []
  let offset = 0
  while (offset + HEADER_SIZE <= datagram.length) {
    const length = datagram.readUInt32LE(offset)
    if (length < HEADER_SIZE || offset + length > datagram.length) break
    messages.push({
      type: datagram.readUInt16LE(offset + 4),
      flags: datagram.readUInt16LE(offset + 6),
      sequence: datagram.readUInt32LE(offset + 8),
      body: datagram.subarray(offset + HEADER_SIZE, offset + length),
    })
    offset += (length + 3) & ~3
  }
  return messages
}
