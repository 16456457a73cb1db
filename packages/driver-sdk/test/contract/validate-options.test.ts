import { checkOptions, invalidArgument, validateOptions, type OptionsSchema } from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

const schema: OptionsSchema<object> = v.strictObject({
  mtu: v.optional(v.number(), 1500),
  nested: v.optional(v.strictObject({ list: v.array(v.string()) })),
})

describe('options', () => {
  it('are what the schema made of them', async () => {
    expect(await checkOptions(schema, { mtu: 9000 }, 'options')).toEqual({ value: { mtu: 9000 } })
    expect(await validateOptions(schema, undefined, 'create network')).toEqual({ mtu: 1500 })
  })

  it('are refused with all their problems at once, each with its path', async () => {
    const refused = validateOptions(schema, { mtu: 'big', nested: { list: ['a', 2] } }, 'create network')
    await expect(refused).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      kind: 'invalid',
      details: { problems: [{ path: 'options.mtu' }, { path: 'options.nested.list.1' }] },
    })
  })

  it('are refused when they are no object', async () => {
    expect(await checkOptions(schema, 'big', 'options')).toMatchObject({ problems: [{ path: 'options' }] })
  })
})

describe('checkOptions', () => {
  it('waits for a schema that takes its time', async () => {
    const slow: OptionsSchema<object> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async () => await Promise.resolve({ issues: [{ message: 'no', path: [{ key: 'mtu' }, 0] }] }),
      },
    }
    expect(await checkOptions(slow, {}, 'x')).toEqual({ problems: [{ path: 'x.mtu.0', message: 'no' }] })
  })
})

describe('invalidArgument', () => {
  it('says all problems, and has them for programs', () => {
    const problems = [
      { path: 'options.mtu', message: 'must be a number' },
      { path: '', message: 'must be an object' },
    ]
    const error = invalidArgument('create network "blue"', problems)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', details: { problems } })
    for (const { message } of problems) expect(error.message).toContain(message)
  })
})
