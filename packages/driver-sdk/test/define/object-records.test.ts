import { checkOptions, noOptions, objectRecords } from '@libnetwork/driver-sdk'
import { testContext } from '@libnetwork/driver-sdk/conformance'
import { describe, expect, it } from 'vitest'
import { sampleEndpoint, sampleNetwork } from '../../src/conformance/network/sample-requests.ts'

const network = sampleNetwork(0, ['addresses'])
const second = sampleNetwork(1, ['addresses'])
const endpoint = sampleEndpoint(0, network)

describe('objectRecords', () => {
  it('takes the same request again, whatever the order of its keys and the driver state', async () => {
    const [records, context] = [objectRecords({ driver: 'x' }), testContext()]
    await records.addNetwork({ network }, context)
    const reversed = Object.fromEntries(Object.entries(network).reverse()) as typeof network
    await records.addNetwork({ network: { ...reversed, driverState: { bridge: 'br0' } } }, context)
    await records.addEndpoint({ network, endpoint }, context)
    await records.addEndpoint({ network, endpoint }, context)
    expect(await context.state.list('')).toHaveLength(2)
  })

  it('refuses another request of the same id, and keeps the first', async () => {
    const [records, context] = [objectRecords({ driver: 'x' }), testContext()]
    await records.addNetwork({ network }, context)
    await records.addEndpoint({ network, endpoint }, context)
    const before = await context.state.list('')
    const conflict = { code: 'ERR_OBJECT_CONFLICT', kind: 'conflict' }
    await expect(records.addNetwork({ network: { ...network, internal: true } }, context)).rejects.toMatchObject(
      conflict,
    )
    await expect(
      records.addEndpoint({ network, endpoint: { ...endpoint, addresses: [] } }, context),
    ).rejects.toMatchObject(conflict)
    expect(await context.state.list('')).toEqual(before)
  })

  it('knows what was created and what was not', async () => {
    const [records, context] = [objectRecords({ driver: 'x' }), testContext()]
    const missing = { code: 'ERR_OBJECT_NOT_FOUND', kind: 'not-found' }
    await expect(records.addEndpoint({ network, endpoint }, context)).rejects.toMatchObject(missing)
    await expect(records.requireEndpoint({ network, endpoint }, context)).rejects.toMatchObject(missing)
    await records.addNetwork({ network }, context)
    await expect(records.requireEndpoint({ network, endpoint }, context)).rejects.toMatchObject(missing)
    await records.addEndpoint({ network, endpoint }, context)
    await expect(records.requireEndpoint({ network, endpoint }, context)).resolves.toBeUndefined()
  })

  it('forgets, and forgets again', async () => {
    const [records, context] = [objectRecords({ driver: 'x' }), testContext()]
    await records.addNetwork({ network }, context)
    await records.addEndpoint({ network, endpoint }, context)
    for (let round = 0; round < 2; round++) {
      await records.deleteEndpoint({ network, endpoint }, context)
      await records.deleteNetwork({ network }, context)
      expect(await context.state.list('')).toEqual([])
    }
  })

  it('has room for one network where there can be one only', async () => {
    const [records, context] = [objectRecords({ driver: 'x', singleNetwork: true }), testContext()]
    await records.addNetwork({ network }, context)
    await records.addNetwork({ network }, context)
    await expect(records.addNetwork({ network: second }, context)).rejects.toMatchObject({
      code: 'ERR_OBJECT_CONFLICT',
    })
    await records.deleteNetwork({ network: second }, context)
    await expect(records.addNetwork({ network: second }, context)).rejects.toMatchObject({
      code: 'ERR_OBJECT_CONFLICT',
    })
    await records.deleteNetwork({ network }, context)
    await records.addNetwork({ network: second }, context)
    await records.deleteNetwork({ network: second }, context)
    expect(await context.state.list('')).toEqual([])
  })

  it('does nothing with a signal that has fired', async () => {
    const context = testContext({ signal: AbortSignal.abort() })
    const records = objectRecords({ driver: 'x' })
    const calls = [
      records.addNetwork({ network }, context),
      records.deleteNetwork({ network }, context),
      records.addEndpoint({ network, endpoint }, context),
      records.deleteEndpoint({ network, endpoint }, context),
      records.requireEndpoint({ network, endpoint }, context),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'ERR_ABORTED' })
    expect(await context.state.list('')).toEqual([])
  })
})

describe('noOptions', () => {
  it('takes an empty object and nothing else', async () => {
    expect(await checkOptions(noOptions, {}, 'options')).toEqual({ value: {} })
    expect(await checkOptions(noOptions, { mtu: 1, name: 'x' }, 'options')).toMatchObject({
      problems: [{ path: 'options.mtu' }, { path: 'options.name' }],
    })
    for (const value of ['text', 1, true, []]) {
      expect(await checkOptions(noOptions, value, 'options')).toMatchObject({ problems: [{ path: 'options' }] })
    }
  })
})
