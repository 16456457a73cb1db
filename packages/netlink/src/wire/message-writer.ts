const INITIAL_SIZE = 4096
const NLMSG_HEADER_SIZE = 16

/**
 * Builds netlink messages one after the other in one buffer that grows and is used again: nothing is allocated for an
 * attribute. Numbers are in the byte order of the machine, which is little-endian on everything that Node runs on here.
 */
export class MessageWriter {
  #buffer: Buffer = Buffer.alloc(INITIAL_SIZE)
  #end = 0
  #messageStart = 0

  /** The bytes written so far. A view: valid until the next {@link reset}. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end)
  }

  /** Begins anew. */
  reset(): void {
    this.#end = 0
    this.#messageStart = 0
  }

  /** Begins a message (`struct nlmsghdr`); its length is filled in by {@link endMessage}. */
  beginMessage(type: number, flags: number, sequence: number): void {
    this.align()
    this.#messageStart = this.#end
    this.u32(0)
    this.u16(type)
    this.u16(flags)
    this.u32(sequence)
    this.u32(0)
  }

  /** Ends the message. */
  endMessage(): void {
    this.#buffer.writeUInt32LE(this.#end - this.#messageStart, this.#messageStart)
    this.align()
  }

  /** Takes back everything since {@link beginMessage} but the header. */
  rewindMessage(): void {
    this.#end = this.#messageStart + NLMSG_HEADER_SIZE
  }

  /** Begins an attribute (`struct rtattr`). Returns what {@link endAttribute} wants. */
  beginAttribute(type: number): number {
    const start = this.#end
    this.u16(0)
    this.u16(type)
    return start
  }

  /** Ends an attribute and pads it. */
  endAttribute(start: number): void {
    this.#buffer.writeUInt16LE(this.#end - start, start)
    this.align()
  }

  /** Pads with zeros to a multiple of four. */
  align(): void {
    while (this.#end % 4 !== 0) this.u8(0)
  }

  /** Writes an unsigned 8-bit number. */
  u8(value: number): void {
    this.#room(1)
    this.#buffer[this.#end++] = value
  }

  /** Writes an unsigned 16-bit number. */
  u16(value: number): void {
    this.#room(2)
    this.#end = this.#buffer.writeUInt16LE(value, this.#end)
  }

  /** Writes an unsigned 16-bit number in network byte order. */
  u16be(value: number): void {
    this.#room(2)
    this.#end = this.#buffer.writeUInt16BE(value, this.#end)
  }

  /** Writes an unsigned 32-bit number. */
  u32(value: number): void {
    this.#room(4)
    this.#end = this.#buffer.writeUInt32LE(value, this.#end)
  }

  /** Writes a signed 32-bit number. */
  i32(value: number): void {
    this.#room(4)
    this.#end = this.#buffer.writeInt32LE(value, this.#end)
  }

  /** Writes an unsigned 64-bit number. */
  u64(value: bigint): void {
    this.#room(8)
    this.#end = this.#buffer.writeBigUInt64LE(value, this.#end)
  }

  /** Writes a text in UTF-8, without a closing NUL. */
  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.#room(length)
    this.#buffer.write(value, this.#end)
    this.#end += length
  }

  /** Writes bytes as they are. */
  raw(value: Uint8Array): void {
    this.#room(value.length)
    this.#buffer.set(value, this.#end)
    this.#end += value.length
  }

  #room(size: number): void {
    if (this.#end + size <= this.#buffer.length) return
    const larger = Buffer.alloc(Math.max(this.#buffer.length * 2, this.#end + size))
    larger.set(this.#buffer.subarray(0, this.#end))
    this.#buffer = larger
  }
}
