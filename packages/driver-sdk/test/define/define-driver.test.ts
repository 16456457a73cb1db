import {
  defineIpamDriver,
  defineNetworkDriver,
  defineSandboxProvider,
  defineStore,
  DRIVER_API_VERSION,
  isDriverModule,
  type IpamDriver,
  type SandboxProvider,
  type Store,
} from '@libnetwork/driver-sdk'
import { describe, expect, it } from 'vitest'
import { tinyDriver } from '../fixtures/tiny-driver.ts'

describe('defineNetworkDriver', () => {
  it('makes a module of the driver, whose verbs are called as they are', async () => {
    const module = defineNetworkDriver(tinyDriver)
    expect(isDriverModule(module)).toBe(true)
    expect(module).toMatchObject({ kind: 'network', name: 'tiny', api: DRIVER_API_VERSION })
    const driver = await module.create()
    expect(driver.kind).toBe('network')
    expect(driver.createNetwork).toBe(tinyDriver.createNetwork)
    expect(driver.capabilities).toEqual(tinyDriver.capabilities)
  })
})

describe('defineIpamDriver', () => {
  it('makes a module of the driver', async () => {
    const never = (): never => {
      throw new Error('not called')
    }
    const parts: Omit<IpamDriver, 'kind'> = {
      name: 'pools',
      capabilities: [],
      defaultAddressSpaces: never,
      requestPool: never,
      releasePool: never,
      requestAddress: never,
      releaseAddress: never,
      poolStatus: never,
    }
    const module = defineIpamDriver(parts)
    expect(isDriverModule(module)).toBe(true)
    expect(module).toMatchObject({ kind: 'ipam', name: 'pools', api: DRIVER_API_VERSION })
    expect(await module.create()).toEqual({ ...parts, kind: 'ipam' })
  })
})

describe('defineSandboxProvider and defineStore', () => {
  it('make the driver anew with each call of create, and not before', async () => {
    const made: object[] = []
    const note = <Driver extends object>(driver: Driver): Driver => {
      made.push(driver)
      return driver
    }
    const provider = defineSandboxProvider({ name: 'linux', create: () => note({} as SandboxProvider) })
    const store = defineStore({ name: 'memory', create: () => note({} as Store) })
    expect(made).toEqual([])
    expect(provider).toMatchObject({ kind: 'sandbox', name: 'linux', api: DRIVER_API_VERSION })
    expect(store).toMatchObject({ kind: 'store', name: 'memory', api: DRIVER_API_VERSION })
    for (const module of [provider, store]) {
      expect(isDriverModule(module)).toBe(true)
      const [first, second] = [await module.create(), await module.create()]
      expect(first).not.toBe(second)
      expect(made).toContain(first)
    }
  })

  it('call create on its maker, so that it may be a method', async () => {
    const maker = {
      name: 'memory',
      made: {} as Store,
      create(): Store {
        return this.made
      },
    }
    expect(await defineStore(maker).create()).toBe(maker.made)
  })
})
