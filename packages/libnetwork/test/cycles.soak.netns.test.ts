import { expect, it } from 'vitest'
import { runCycles } from './fixtures/cycles.ts'

const MIB = 2 ** 20

it(
  'file descriptors and memory stay flat over 2,000 rounds of create, join, leave and delete',
  { timeout: 600_000 },
  async () => {
    // The heaps of the two threads take some thousand rounds to find their size.
    const { before, after } = await runCycles(4_000, 2_000)
    expect(after.descriptors).toBe(before.descriptors)
    expect(after.memory - before.memory).toBeLessThan(32 * MIB)
  },
)
