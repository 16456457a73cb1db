import { DRIVER_API_VERSION, DRIVER_BRAND, DRIVER_KINDS, isDriverModule } from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'

const valid = { [DRIVER_BRAND]: 1, kind: 'network', name: 'x', api: DRIVER_API_VERSION, create: () => ({}) }

describe('isDriverModule', () => {
  it('knows a module by its brand, whichever copy of the package made it', () => {
    expect(isDriverModule(valid)).toBe(true)
    expect(isDriverModule({ ...valid, [DRIVER_BRAND]: undefined, [Symbol.for('@libnetwork/driver')]: 1 })).toBe(true)
  })

  it.each([
    ['no brand', { ...valid, [DRIVER_BRAND]: undefined }],
    ['the brand of a later shape', { ...valid, [DRIVER_BRAND]: 2 }],
    ['no create', { ...valid, create: undefined }],
    ['a create that is no function', { ...valid, create: 'create' }],
    ['null', null],
    ['undefined', undefined],
    ['a function', () => valid],
    ['a text', 'network'],
  ])('refuses %s', (_what, value) => {
    expect(isDriverModule(value)).toBe(false)
  })
})

describe('DRIVER_KINDS', () => {
  it('has each kind once', () => {
    expect([...DRIVER_KINDS].sort()).toEqual(['ipam', 'network', 'sandbox', 'store'])
  })
})
