import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { testContext } from '@libnetwork/driver-sdk/conformance'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSandboxProvider } from '../src/provider.ts'
import type { SandboxProvider } from '@libnetwork/driver-sdk'

describe.each(['inline', 'worker'] as const)('collect with the engine %s', (engine) => {
  const context = testContext()
  let provider: SandboxProvider

  beforeEach(() => {
    provider = createSandboxProvider({ engine })
  })

  afterEach(() => provider.close())

  it("destroys what is not kept, leaves others' alone, and forgets what is gone", async () => {
    const keys = ['kept', 'unwanted', 'gone'].map((name) => `/run/netns/${name}`)
    for (const key of keys) await provider.create({ key, owner: 'me' }, context)
    await provider.create({ key: '/run/netns/theirs', owner: 'somebody' }, context)
    const [kept = '', unwanted = '', gone = ''] = keys
    // As after a crash between the two: the namespace has gone, and the mark has not.
    execFileSync('umount', [gone])
    const collected = await provider.collect({ owner: 'me', keep: [kept] }, context)
    expect(collected.map(({ key }) => key)).toEqual([unwanted])
    expect(existsSync(unwanted)).toBe(false)
    expect((await provider.list({ owner: 'me' }, context)).map(({ key }) => key)).toEqual([kept])
    expect((await provider.list({ owner: 'somebody' }, context)).map(({ key }) => key)).toEqual(['/run/netns/theirs'])
    expect(await provider.collect({ owner: 'me', keep: [] }, context)).toHaveLength(1)
    expect(await provider.collect({ owner: 'me', keep: [] }, context)).toEqual([])
    await provider.collect({ owner: 'somebody', keep: [] }, context)
    // The file of the one that had gone is removed with a new namespace of its key.
    expect(readdirSync('/run/netns')).toEqual(['gone'])
    await provider.create({ key: gone, owner: 'me' }, context)
    await provider.collect({ owner: 'me', keep: [] }, context)
    expect(readdirSync('/run/netns')).toEqual([])
  })
})
