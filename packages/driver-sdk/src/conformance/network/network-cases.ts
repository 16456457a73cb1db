import assert from 'node:assert/strict'
import { memoryHost } from '../memory/memory-host.ts'
import { memoryState } from '../memory/memory-state.ts'
import { assertPlainJson, assertRefused, assertSameAnswer } from './assertions.ts'
import type { NetworkDriverCase } from './driver-bench.ts'
import { idLike, otherNetwork, reordered } from './sample-requests.ts'
import { moduleOf } from './subject.ts'

/** The life of one network, and of two side by side. */
export const networkCases: readonly NetworkDriverCase[] = [
  {
    name: 'createNetwork answers plain JSON, and the same again changes nothing',
    run: async (bench) => {
      const { driver, context } = bench
      const network = await bench.network()
      const answer = await driver.createNetwork({ network }, context)
      assertPlainJson('createNetwork', answer)
      for (const again of [network, reordered(network)]) {
        const second = await bench.unchanged('createNetwork again', () =>
          driver.createNetwork({ network: again }, context),
        )
        assertSameAnswer('createNetwork again', second, answer)
      }
    },
  },
  {
    name: 'createNetwork with another request of the same id is a conflict and changes nothing',
    run: async (bench) => {
      const network = await bench.network()
      await bench.driver.createNetwork({ network }, bench.context)
      await bench.unchanged('createNetwork with another request', () =>
        assertRefused('conflict', 'createNetwork with another request', () =>
          bench.driver.createNetwork({ network: otherNetwork(network) }, bench.context),
        ),
      )
    },
  },
  {
    name: 'deleteNetwork leaves nothing, succeeds again, and the network can be created anew',
    run: async (bench) => {
      const { driver, context } = bench
      const before = await bench.traces()
      for (const round of ['first', 'second']) {
        const network = await bench.createdNetwork()
        await driver.deleteNetwork({ network }, context)
        assert.deepEqual(await bench.traces(), before, `host and state after the ${round} deleteNetwork`)
        await bench.unchanged('deleteNetwork again', () => driver.deleteNetwork({ network }, context))
      }
    },
  },
  {
    name: 'deleteNetwork of a network that was never created succeeds and changes nothing',
    run: async (bench) => {
      const network = await bench.network()
      await bench.unchanged('deleteNetwork', () => bench.driver.deleteNetwork({ network }, bench.context))
    },
  },
  {
    name: 'a driver made anew goes on with what the state holds',
    run: async (bench) => {
      const network = await bench.network()
      const answer = await bench.driver.createNetwork({ network }, bench.context)
      const successor = await moduleOf(bench.subject).create()
      await bench.unchanged('createNetwork with another request of a driver made anew', () =>
        assertRefused('conflict', 'createNetwork with another request of a driver made anew', () =>
          successor.createNetwork({ network: otherNetwork(network) }, bench.context),
        ),
      )
      const second = await bench.unchanged('createNetwork of a driver made anew', () =>
        successor.createNetwork({ network }, bench.context),
      )
      assertSameAnswer('createNetwork of a driver made anew', second, answer)
      const made = { ...network, driverState: answer.driverState ?? {} }
      const endpoint = await bench.endpoint(made)
      await successor.createEndpoint({ network: made, endpoint }, bench.context)
      await successor.deleteEndpoint({ network: made, endpoint }, bench.context)
      await successor.deleteNetwork({ network: made }, bench.context)
    },
  },
  {
    name: 'a network of another state is unknown',
    run: async (bench) => {
      const network = await bench.createdNetwork()
      const elsewhere = { ...bench.context, host: memoryHost(), state: memoryState() }
      const endpoint = await bench.endpoint(network)
      await assertRefused('not-found', 'createEndpoint on a network of another state', () =>
        bench.driver.createEndpoint({ network, endpoint }, elsewhere),
      )
    },
  },
  {
    name: 'a second network stands beside the first, or is refused where there can be one only',
    run: async (bench) => {
      const { driver, context, subject } = bench
      const first = await bench.createdNetwork(0)
      const alone = await bench.traces()
      const second = await bench.network(1)
      if (subject.singleNetwork === true) {
        await bench.unchanged('the second createNetwork', () =>
          assertRefused('conflict', 'the second createNetwork', () =>
            driver.createNetwork({ network: second }, context),
          ),
        )
        await driver.deleteNetwork({ network: first }, context)
        await driver.createNetwork({ network: second }, context)
        return
      }
      await driver.createNetwork({ network: second }, context)
      await driver.deleteNetwork({ network: second }, context)
      assert.deepEqual(await bench.traces(), alone, 'the first network after the second was deleted')
    },
  },
  {
    name: 'two networks whose ids begin alike share nothing',
    run: async (bench) => {
      const { driver, context } = bench
      const first = await bench.createdNetwork(0)
      const alone = await bench.traces()
      const second = await bench.network(1, { id: idLike(first.id) })
      const made = await driver.createNetwork({ network: second }, context).then(
        () => true,
        () => false,
      )
      if (made) await driver.deleteNetwork({ network: second }, context)
      else {
        await assertRefused('conflict', 'createNetwork', () => driver.createNetwork({ network: second }, context))
      }
      assert.deepEqual(await bench.traces(), alone, 'the first network after the second was deleted or refused')
    },
  },
]
