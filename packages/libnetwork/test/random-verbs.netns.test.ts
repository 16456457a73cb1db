import { expect, it } from 'vitest'
import { runRandomVerbs } from './fixtures/random-verbs.ts'

it.each([1, 2, 3])('200 verbs at once, some of them aborted, leave nothing: seed %i', async (seed) => {
  expect(await runRandomVerbs(seed, 200)).toEqual([])
})
