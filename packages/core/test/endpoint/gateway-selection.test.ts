import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseGateway, type JoinedEndpoint } from '../../src/endpoint/gateway-selection.ts'

function joined(id: string, priority: number, gateway: string | undefined): JoinedEndpoint {
  return {
    id,
    status: 'ready',
    createdAt: 0,
    name: id,
    networkId: 'n',
    addresses: [],
    options: {},
    ports: [],
    labels: {},
    driverState: {},
    join: {
      status: 'joined',
      sandboxId: 's',
      sandboxKey: '/s',
      info: { interfaces: [], gateway },
      applied: [],
      priority,
      gatewayFor: [],
      ports: [],
    },
  }
}

describe('chooseGateway', () => {
  it('takes the highest priority among those with a gateway, and among equals the first', () => {
    const endpoints = fc.array(fc.record({ priority: fc.integer({ min: -3, max: 3 }), offers: fc.boolean() }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(endpoints, (specs) => {
        const all = specs.map(({ priority, offers }, index) =>
          joined(`e${index}`, priority, offers ? '10.0.0.1' : undefined),
        )
        const offering = all.filter(({ join }) => join.info.gateway !== undefined)
        const best = Math.max(...offering.map(({ join }) => join.priority))
        expect(chooseGateway(all, 'ipv4')).toBe(offering.find(({ join }) => join.priority === best))
        expect(chooseGateway(all, 'ipv6')).toBeUndefined()
      }),
    )
  })
})
