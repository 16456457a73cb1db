import assert from 'node:assert/strict'
import type { NetworkDriverCase } from './driver-bench.ts'

const NETWORKS = 8
const ENDPOINTS = 8

function assertDistinct(what: string, values: readonly (string | undefined)[]): void {
  const named = values.filter((value) => value !== undefined)
  assert.equal(new Set(named).size, named.length, `${what} must be distinct: ${named.sort().join(', ')}`)
}

/** Many at once. */
export const concurrencyCases: readonly NetworkDriverCase[] = [
  {
    name: 'many networks and endpoints at once get distinct names and MAC addresses, and go at once',
    run: async (bench) => {
      const { driver, context, subject } = bench
      const before = await bench.traces()
      const indexes = Array.from({ length: subject.singleNetwork === true ? 1 : NETWORKS }, (_, index) => index)
      const networks = await Promise.all(indexes.map((index) => bench.createdNetwork(index)))
      const endpointIndexes = Array.from({ length: ENDPOINTS }, (_, index) => index)
      const joined = await Promise.all(
        networks.flatMap((network) => endpointIndexes.map((index) => bench.joinedEndpoint(network, index))),
      )
      for (const network of networks) {
        const own = joined.filter(({ request }) => request.network.id === network.id)
        assertDistinct(
          'MAC addresses of a network',
          own.map(({ request }) => request.endpoint.macAddress),
        )
      }
      const sources = joined.flatMap(({ answer }) => answer.info.interfaces.map(({ source }) => source))
      assertDistinct(
        'names of links on the host',
        sources.map((source) => (source.kind === 'veth' ? source.host.name : undefined)),
      )
      await Promise.all(joined.map(({ request }) => driver.leave(request, context)))
      await Promise.all(joined.map(({ request }) => driver.deleteEndpoint(request, context)))
      await Promise.all(networks.map((network) => driver.deleteNetwork({ network }, context)))
      assert.deepEqual(await bench.traces(), before, 'host and state after everything was deleted at once')
    },
  },
]
