import type { CallContext } from '../../contract/call-context.ts'
import type { DriverBench } from './driver-bench.ts'

/** One verb, ready to be called in the middle of a life. */
export interface VerbStep {
  /** The verb. */
  readonly name: string
  /** Whether it makes something, so that a failure must leave nothing; else it takes something away. */
  readonly makes: boolean
  /** Does what comes before the verb, and answers its call. */
  readonly prepare: (bench: DriverBench) => Promise<(context: CallContext) => Promise<unknown>>
}

/** The required verbs in the order of a life. */
export const VERB_STEPS: readonly VerbStep[] = [
  {
    name: 'createNetwork',
    makes: true,
    prepare: async (bench) => {
      const network = await bench.network()
      return (context) => bench.driver.createNetwork({ network }, context)
    },
  },
  {
    name: 'createEndpoint',
    makes: true,
    prepare: async (bench) => {
      const network = await bench.createdNetwork()
      const endpoint = await bench.endpoint(network)
      return (context) => bench.driver.createEndpoint({ network, endpoint }, context)
    },
  },
  {
    name: 'join',
    makes: true,
    prepare: async (bench) => {
      const request = bench.joinRequest(await bench.createdEndpoint(await bench.createdNetwork()))
      return (context) => bench.driver.join(request, context)
    },
  },
  {
    name: 'leave',
    makes: false,
    prepare: async (bench) => {
      const { request } = await bench.joinedEndpoint(await bench.createdNetwork())
      return (context) => bench.driver.leave(request, context)
    },
  },
  {
    name: 'deleteEndpoint',
    makes: false,
    prepare: async (bench) => {
      const request = await bench.createdEndpoint(await bench.createdNetwork())
      return (context) => bench.driver.deleteEndpoint(request, context)
    },
  },
  {
    name: 'deleteNetwork',
    makes: false,
    prepare: async (bench) => {
      const network = await bench.createdNetwork()
      return (context) => bench.driver.deleteNetwork({ network }, context)
    },
  },
]
