import type { Controller, CreateNetworkOptions } from 'libnetwork'
import { describe, expectTypeOf, it } from 'vitest'

// Nothing runs here: the compiler judges.
describe('options of drivers', () => {
  it('are known by the name of the driver', () => {
    expectTypeOf<NonNullable<CreateNetworkOptions<'bridge'>['options']>>().toHaveProperty('bridgeName')
    expectTypeOf<NonNullable<CreateNetworkOptions<'bridge'>['options']>>().toHaveProperty('mtu')
    expectTypeOf<NonNullable<CreateNetworkOptions<'bridge'>['options']>['forwarding']>().toEqualTypeOf<
      'enable' | 'leave' | undefined
    >()
  })

  it('that a driver does not have do not compile', () => {
    const use = (controller: Controller): void => {
      // @ts-expect-error -- no such option
      void controller.createNetwork('x', { driver: 'bridge', options: { colour: 'blue' } })
      // @ts-expect-error -- a number
      void controller.createNetwork('x', { driver: 'bridge', options: { mtu: '1500' } })
      // @ts-expect-error -- this driver has none
      void controller.createNetwork('x', { driver: 'null', options: { mtu: 1500 } })
      // Drivers that the compiler does not know are checked when it runs.
      void controller.createNetwork('x', { driver: 'mesh', options: { colour: 'blue' } })
    }
    expectTypeOf(use).parameter(0).toEqualTypeOf<Controller>()
  })
})
