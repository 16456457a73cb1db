import type { SparseBitmap } from '../bitmap/sparse-bitmap.ts'
import type { Interval } from './pool-layout.ts'

/**
 * The first free offset at or after `start`, else the first one from the beginning.
 *
 * @param intervals - where to search, ascending
 */
export function findFree(bitmap: SparseBitmap, intervals: readonly Interval[], start: bigint): bigint | undefined {
  for (const { from, to } of intervals) {
    if (to < start) continue
    const found = bitmap.findZero(from < start ? start : from, to)
    if (found !== undefined) return found
  }
  for (const { from, to } of intervals) {
    if (from >= start) break
    const found = bitmap.findZero(from, to < start ? to : start - 1n)
    if (found !== undefined) return found
  }
  return undefined
}
