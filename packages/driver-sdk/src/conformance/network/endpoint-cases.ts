import assert from 'node:assert/strict'
import { assertPlainJson, assertRefused, assertSameAnswer } from './assertions.ts'
import type { NetworkDriverCase } from './driver-bench.ts'
import { otherEndpoint, reordered } from './sample-requests.ts'

/** The life of an endpoint. */
export const endpointCases: readonly NetworkDriverCase[] = [
  {
    name: 'createEndpoint answers plain JSON, and the same again changes nothing',
    run: async (bench) => {
      const { driver, context } = bench
      const network = await bench.createdNetwork()
      const endpoint = await bench.endpoint(network)
      const answer = await driver.createEndpoint({ network, endpoint }, context)
      assertPlainJson('createEndpoint', answer)
      for (const again of [endpoint, reordered(endpoint)]) {
        const second = await bench.unchanged('createEndpoint again', () =>
          driver.createEndpoint({ network, endpoint: again }, context),
        )
        assertSameAnswer('createEndpoint again', second, answer)
      }
    },
  },
  {
    name: 'createEndpoint with another request of the same id is a conflict and changes nothing',
    run: async (bench) => {
      const network = await bench.createdNetwork()
      const endpoint = await bench.endpoint(network)
      await bench.driver.createEndpoint({ network, endpoint }, bench.context)
      await bench.unchanged('createEndpoint with another request', () =>
        assertRefused('conflict', 'createEndpoint with another request', () =>
          bench.driver.createEndpoint({ network, endpoint: otherEndpoint(endpoint) }, bench.context),
        ),
      )
    },
  },
  {
    name: 'createEndpoint on an unknown network is not-found and changes nothing',
    run: async (bench) => {
      const network = await bench.network()
      const endpoint = await bench.endpoint(network)
      await bench.unchanged('createEndpoint on an unknown network', () =>
        assertRefused('not-found', 'createEndpoint on an unknown network', () =>
          bench.driver.createEndpoint({ network, endpoint }, bench.context),
        ),
      )
    },
  },
  {
    name: 'deleteEndpoint leaves nothing, succeeds again, and the endpoint can be created anew',
    run: async (bench) => {
      const { driver, context } = bench
      const network = await bench.createdNetwork()
      const before = await bench.traces()
      for (const round of ['first', 'second']) {
        const request = await bench.createdEndpoint(network)
        await driver.deleteEndpoint(request, context)
        assert.deepEqual(await bench.traces(), before, `host and state after the ${round} deleteEndpoint`)
        await bench.unchanged('deleteEndpoint again', () => driver.deleteEndpoint(request, context))
      }
    },
  },
  {
    name: 'deleteEndpoint of an unknown endpoint or network succeeds and changes nothing',
    run: async (bench) => {
      const unknown = await bench.network()
      const request = { network: unknown, endpoint: await bench.endpoint(unknown) }
      await bench.unchanged('deleteEndpoint of an unknown network', () =>
        bench.driver.deleteEndpoint(request, bench.context),
      )
      const network = await bench.createdNetwork()
      await bench.unchanged('deleteEndpoint of an unknown endpoint', () =>
        bench.driver.deleteEndpoint({ ...request, network }, bench.context),
      )
    },
  },
]
