import { expect, it } from 'vitest'
import { runCycles } from './fixtures/cycles.ts'

it('file descriptors stay flat over 60 rounds of create, join, leave and delete', async () => {
  const { before, after } = await runCycles(60, 20)
  expect(after.descriptors).toBe(before.descriptors)
})
