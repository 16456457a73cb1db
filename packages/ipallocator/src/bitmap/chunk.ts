/** How many bits a chunk has: 32 words of 32 bits, so that one summary word covers them. */
export const CHUNK_BITS = 1024

/** The same as a number of bits: an offset shifted right by this is the index of its chunk. */
export const CHUNK_SHIFT = 10n

/** Masks the position inside a chunk. */
export const CHUNK_MASK = 1023n

const WORDS = 32
const ALL_ONES = 0xffffffff

/** Position of the lowest set bit. The word must not be zero. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}

/** 1024 bits, and a summary of the words that are full: the next zero is found with two look-ups at any fill. */
export class Chunk {
  readonly #words: Uint32Array
  /** Bit n is set when word n has no zero left. */
  #fullWords = 0
  #count = 0

  /** @param words - 32 words, taken over and not copied */
  constructor(words: Uint32Array = new Uint32Array(WORDS)) {
    this.#words = words
    for (const [index, word] of words.entries()) {
      if (word === ALL_ONES) this.#fullWords |= 1 << index
      for (let rest = word; rest !== 0; rest &= rest - 1) this.#count++
    }
  }

  /** The words themselves, lowest bit first. */
  get words(): Readonly<Uint32Array> {
    return this.#words
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count
  }

  /** Whether every bit is set. */
  get full(): boolean {
    return this.#count === CHUNK_BITS
  }

  /** Whether the bit is set. */
  has(bit: number): boolean {
    return (this.#word(bit >>> 5) & (1 << (bit & 31))) !== 0
  }

  /** Sets a bit. */
  set(bit: number): void {
    if (this.has(bit)) return
    const index = bit >>> 5
    const word = (this.#word(index) | (1 << (bit & 31))) >>> 0
    this.#words[index] = word
    if (word === ALL_ONES) this.#fullWords |= 1 << index
    this.#count++
  }

  /** Clears a bit. */
  clear(bit: number): void {
    if (!this.has(bit)) return
    const index = bit >>> 5
    this.#words[index] = this.#word(index) & ~(1 << (bit & 31))
    this.#fullWords &= ~(1 << index)
    this.#count--
  }

  /** The lowest clear bit from `from` to `to`, both included, or -1. */
  findZero(from: number, to: number): number {
    const first = from >>> 5
    const here = ~this.#word(first) & (ALL_ONES << (from & 31))
    let bit: number
    if (here !== 0) {
      bit = (first << 5) | lowestBit(here)
    } else {
      // A shift by 32 is a shift by 0 in JavaScript, hence the extra case for the last word.
      const later = first === WORDS - 1 ? 0 : ~this.#fullWords & (ALL_ONES << (first + 1))
      if (later === 0) return -1
      const index = lowestBit(later)
      bit = (index << 5) | lowestBit(~this.#word(index))
    }
    return bit <= to ? bit : -1
  }

  /** The lowest set bit, or -1. */
  findOne(): number {
    const index = this.#words.findIndex((word) => word !== 0)
    return index < 0 ? -1 : (index << 5) | lowestBit(this.#word(index))
  }

  /** The highest set bit, or -1. */
  findLastOne(): number {
    const index = this.#words.findLastIndex((word) => word !== 0)
    return index < 0 ? -1 : (index << 5) | (31 - Math.clz32(this.#word(index)))
  }

  /** Every set bit, ascending. */
  *ones(): Generator<number> {
    for (let index = 0; index < WORDS; index++) {
      for (let rest = this.#word(index); rest !== 0; rest &= rest - 1) yield (index << 5) | lowestBit(rest)
    }
  }

  #word(index: number): number {
    return this.#words[index] ?? 0
  }
}
