import { expect, it } from 'vitest'
import { runRandomVerbs } from './fixtures/random-verbs.ts'

it.each(Array.from({ length: 40 }, (_, index) => 100 + index))(
  '500 verbs at once, some of them aborted, leave nothing: seed %i',
  { timeout: 60_000 },
  async (seed) => {
    expect(await runRandomVerbs(seed, 500)).toEqual([])
  },
)
