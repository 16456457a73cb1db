import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Chunk } from '../../src/bitmap/chunk.ts'
import { decodeChunk, encodeChunk } from '../../src/bitmap/chunk-text.ts'
import { MemoryChunks, type ChunkSource } from '../../src/bitmap/chunk-source.ts'
import { SparseBitmap } from '../../src/bitmap/sparse-bitmap.ts'

/** Counts which chunks are looked at and changed. */
class CountingChunks implements ChunkSource {
  readonly chunks = new MemoryChunks()
  readonly touched = new Set<string>()

  read(level: number, index: bigint): Chunk | undefined {
    this.touched.add(`${level}/${index}`)
    return this.chunks.read(level, index)
  }

  write(level: number, index: bigint, chunk: Chunk): void {
    this.touched.add(`${level}/${index}`)
    this.chunks.write(level, index, chunk)
  }
}

describe('a chunk', () => {
  it('finds zeros as a plain search does', () => {
    const bits = fc.uniqueArray(fc.nat(1023), { maxLength: 1024, size: 'max' })
    fc.assert(
      fc.property(bits, fc.boolean(), fc.nat(1023), fc.nat(1023), (ones, invert, a, b) => {
        const set = new Set(ones)
        const chunk = new Chunk()
        for (let bit = 0; bit < 1024; bit++) if (set.has(bit) !== invert) chunk.set(bit)
        const [from, to] = a < b ? [a, b] : [b, a]
        let expected = -1
        for (let bit = to; bit >= from; bit--) if (!chunk.has(bit)) expected = bit
        expect(chunk.findZero(from, to)).toBe(expected)
        const all = [...chunk.ones()]
        expect(all).toHaveLength(chunk.count)
        expect([chunk.findOne(), chunk.findLastOne()]).toEqual([all[0] ?? -1, all[all.length - 1] ?? -1])
        const copy = decodeChunk(encodeChunk(chunk))
        expect(copy && [...copy.ones()]).toEqual(all)
        expect(copy?.findZero(from, to)).toBe(expected)
      }),
    )
  })

  it('is short as text', () => {
    const chunk = new Chunk()
    expect(encodeChunk(chunk)).toBe('')
    chunk.set(0)
    expect(encodeChunk(chunk)).toBe('AQ==')
    for (let bit = 0; bit < 1024; bit++) chunk.set(bit)
    expect(encodeChunk(chunk)).toBe('*')
    chunk.clear(5)
    expect(encodeChunk(chunk)).toHaveLength(172)
  })
})

describe('a sparse bitmap', () => {
  it('looks at one chunk where that has room, and at two a level where it has not', () => {
    const source = new CountingChunks()
    const bitmap = new SparseBitmap(source, 64)
    for (let offset = 0n; offset < 1024n * 1024n; offset++) bitmap.set(offset)

    source.touched.clear()
    expect(bitmap.findZero(1n << 40n, (1n << 64n) - 1n)).toBe(1n << 40n)
    expect(source.touched.size).toBe(1)

    source.touched.clear()
    expect(bitmap.findZero(0n, (1n << 64n) - 1n)).toBe(1024n * 1024n)
    expect(source.touched.size).toBeLessThanOrEqual(6)

    source.touched.clear()
    bitmap.set(1n << 50n)
    expect(source.touched.size).toBe(1)
  })

  it('forgets chunks without a set bit, on every level', () => {
    const chunks = new MemoryChunks()
    const bitmap = new SparseBitmap(chunks, 24)
    for (let offset = 0n; offset < 5000n; offset++) bitmap.set(offset)
    for (let offset = 0n; offset < 5000n; offset++) bitmap.clear(offset)
    for (let level = 0; level < 3; level++) {
      for (let index = 0n; index < 5n; index++) expect(chunks.read(level, index)).toBeUndefined()
    }
  })

  it('finds what a plain search finds', () => {
    const run = fc.record({ from: fc.nat(8191), length: fc.nat(3000), value: fc.boolean() })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), fc.nat(8191), fc.nat(8191), (runs, a, b) => {
        const plain = new Uint8Array(8192)
        const bitmap = new SparseBitmap(new MemoryChunks(), 13)
        for (const { from, length, value } of runs) {
          for (let bit = from; bit < Math.min(8192, from + length); bit++) {
            if ((plain[bit] === 1) === value) continue
            plain[bit] = value ? 1 : 0
            if (value) bitmap.set(BigInt(bit))
            else bitmap.clear(BigInt(bit))
          }
        }
        const [from, to] = a < b ? [a, b] : [b, a]
        const expected = plain.subarray(from, to + 1).indexOf(0)
        expect(bitmap.findZero(BigInt(from), BigInt(to))).toBe(expected < 0 ? undefined : BigInt(from + expected))
      }),
    )
  })
})
