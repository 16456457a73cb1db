// The original's pkg/options turned a map into a struct; here a schema does, and says what is wrong.
import { checkOptions } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { endpointOptions, networkOptions } from '../src/options.ts'

async function paths(
  schema: typeof networkOptions | typeof endpointOptions,
  value: unknown,
): Promise<readonly string[]> {
  const result = await checkOptions<object>(schema, value, 'options')
  return 'problems' in result ? result.problems.map(({ path }) => path) : []
}

describe('network options', () => {
  it('TestGenerate, TestGeneratePtr: are returned as they were given, with their types', async () => {
    const value = {
      bridgeName: 'br-1.x',
      mtu: 9000,
      macAddress: '02:42:0a:00:00:01',
      forwarding: 'leave',
      interfacePrefix: 'net',
    }
    expect(await checkOptions(networkOptions, value, 'options')).toEqual({ value })
    expect(await checkOptions(networkOptions, undefined, 'options')).toEqual({ value: {} })
    expect(await checkOptions(networkOptions, { macAddress: '02:42:0A:00:00:01' }, 'options')).toEqual({
      value: { macAddress: '02:42:0a:00:00:01' },
    })
  })

  it('TestGenerateMissingField, TestFieldCannotBeSet: unknown keys are named', async () => {
    expect(await paths(networkOptions, { colour: 'blue' })).toEqual(['options.colour'])
    expect(await paths(networkOptions, { BridgeName: 'x' })).toEqual(['options.BridgeName'])
  })

  it('DEFECT-04: a wrong type is an error that names the key, and nothing worse', async () => {
    expect(await paths(networkOptions, { bridgeName: 7 })).toEqual(['options.bridgeName'])
    expect(await paths(networkOptions, { mtu: '1500' })).toEqual(['options.mtu'])
  })

  it('DEFECT-05: what is no object is refused', async () => {
    for (const value of [7, 'x', true, [1]]) expect((await paths(networkOptions, value)).length).toBeGreaterThan(0)
  })

  it('all problems are told at once', async () => {
    const wrong = { bridgeName: '', mtu: 1, macAddress: 'x', forwarding: 'no', interfacePrefix: '', colour: 1 }
    expect([...(await paths(networkOptions, wrong))].sort()).toEqual(
      Object.keys(wrong)
        .map((key) => `options.${key}`)
        .sort(),
    )
  })
})

describe('endpoint options', () => {
  it('take a name or a prefix, and sysctls of the interface', async () => {
    expect(
      await paths(endpointOptions, { interfaceName: 'wan0', sysctls: { 'ipv6.conf.IFNAME.mtu': '1400' } }),
    ).toEqual([])
    expect((await paths(endpointOptions, { interfaceName: 'wan0', interfacePrefix: 'wan' })).length).toBe(1)
  })

  it.each([
    'net.ipv4.ip_forward',
    'ipv4.conf.all.rp_filter',
    '../../etc/passwd',
    'ipv4/conf/IFNAME/x',
    'kernel.IFNAME.x',
    '',
  ])('refuse the sysctl %j', async (key) => {
    expect((await paths(endpointOptions, { sysctls: { [key]: '1' } })).length).toBeGreaterThan(0)
  })

  it.each([1, '', ' 1', 'a\nb', null])('refuse the value %j of a sysctl', async (value) => {
    expect((await paths(endpointOptions, { sysctls: { 'ipv4.conf.IFNAME.x': value } })).length).toBeGreaterThan(0)
  })
})
