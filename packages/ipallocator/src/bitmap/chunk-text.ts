import { Chunk } from './chunk.ts'

const BYTES = 128

/** How a chunk without a zero is written. */
const FULL = '*'

/**
 * A chunk as text: base64 of its bits, lowest first, without the zero bytes at the end; `*` when all bits are set. At
 * most 172 characters, and 4 for the first addresses of a network.
 */
export function encodeChunk(chunk: Chunk): string {
  if (chunk.full) return FULL
  const bytes = Buffer.alloc(BYTES)
  for (const [index, word] of chunk.words.entries()) bytes.writeUInt32LE(word, index * 4)
  let length = BYTES
  while (length > 0 && bytes[length - 1] === 0) length--
  return bytes.toString('base64', 0, length)
}

/**
 * The chunk that {@link encodeChunk} wrote.
 *
 * @returns `undefined` for anything that it would not have written
 */
export function decodeChunk(text: unknown): Chunk | undefined {
  if (text === FULL) return new Chunk(new Uint32Array(BYTES / 4).fill(0xffffffff))
  if (typeof text !== 'string') return undefined
  const bytes = Buffer.alloc(BYTES)
  const length = Buffer.from(text, 'base64').copy(bytes)
  if (bytes.toString('base64', 0, length) !== text) return undefined
  const words = Uint32Array.from({ length: BYTES / 4 }, (_, index) => bytes.readUInt32LE(index * 4))
  return new Chunk(words)
}
