import assert from 'node:assert/strict'
import type { CallContext } from '../../contract/call-context.ts'
import type {
  DriverEndpoint,
  DriverNetwork,
  EndpointRequest,
  JoinRequest,
  JoinResult,
  NetworkDriver,
} from '../../contract/network-driver.ts'
import { validateOptions } from '../../contract/validate-options.ts'
import { memoryState } from '../memory/memory-state.ts'
import { testContext } from '../test-context.ts'
import { outcomeOf } from './assertions.ts'
import { frozen, sampleEndpoint, sampleNetwork, sampleSandbox } from './sample-requests.ts'
import { moduleOf, type NetworkDriverSubject } from './subject.ts'
import { hostTraces, outlineOf, tracesOf } from './traces.ts'

/** One case's driver, context and sample requests. Takes away at the end whatever the case asked the driver for. */
export class DriverBench {
  readonly subject: NetworkDriverSubject
  readonly driver: NetworkDriver
  readonly context: CallContext
  readonly #networks: Map<string, DriverNetwork> = new Map()
  readonly #joins: Map<string, JoinRequest> = new Map()

  private constructor(subject: NetworkDriverSubject, driver: NetworkDriver, context: CallContext) {
    this.subject = subject
    this.driver = driver
    this.context = context
  }

  /** Runs a case, and checks that after it everything can be deleted and nothing is left. */
  static async run(subject: NetworkDriverSubject, body: (bench: DriverBench) => Promise<void>): Promise<void> {
    const driver = await moduleOf(subject).create()
    // Updates run twice, so that an update function with side effects is found out.
    const context = (await subject.context?.()) ?? testContext({ state: memoryState({ conflicts: 1 }) })
    const bench = new DriverBench(subject, driver, context)
    const before = await bench.traces()
    try {
      await body(bench)
    } catch (error) {
      // The case's own failure is what the reader must see, whatever the clean-up says.
      await outcomeOf(() => bench.clear())
      throw error
    }
    await bench.clear()
    assert.deepEqual(await bench.traces(), before, 'host and state after everything was deleted')
  }

  /** A sample network, not created. */
  async network(index = 0, overrides: Partial<DriverNetwork> = {}): Promise<DriverNetwork> {
    const sample = {
      ...sampleNetwork(index, this.driver.capabilities),
      ...this.subject.network?.(index),
      ...overrides,
    }
    const options = await validateOptions(this.driver.networkOptions, sample.options, 'sample network')
    return this.#remember(frozen({ ...sample, options }))
  }

  /** A sample endpoint, not created. */
  async endpoint(network: DriverNetwork, index = 0): Promise<DriverEndpoint> {
    const sample = { ...sampleEndpoint(index, network), ...this.subject.endpoint?.(index) }
    const options = await validateOptions(this.driver.endpointOptions, sample.options, 'sample endpoint')
    const endpoint = frozen({ ...sample, options })
    this.joinRequest({ network, endpoint })
    return endpoint
  }

  /** The request for the endpoint's sample sandbox. */
  joinRequest({ network, endpoint }: EndpointRequest): JoinRequest {
    const request = frozen({ network, endpoint, sandbox: sampleSandbox(endpoint) })
    this.#joins.set(`${network.id} ${endpoint.id}`, request)
    return request
  }

  /** A sample network, created. */
  async createdNetwork(index = 0, overrides: Partial<DriverNetwork> = {}): Promise<DriverNetwork> {
    const network = await this.network(index, overrides)
    const { driverState = {} } = await this.driver.createNetwork({ network }, this.context)
    return this.#remember(frozen({ ...network, driverState }))
  }

  /** A sample endpoint, created. */
  async createdEndpoint(network: DriverNetwork, index = 0): Promise<EndpointRequest> {
    const endpoint = await this.endpoint(network, index)
    const { driverState = {}, macAddress } = await this.driver.createEndpoint({ network, endpoint }, this.context)
    return this.joinRequest({
      network,
      endpoint: { ...endpoint, driverState, ...(macAddress !== undefined && { macAddress }) },
    })
  }

  /** A sample endpoint, created and joined. */
  async joinedEndpoint(network: DriverNetwork, index = 0): Promise<{ request: JoinRequest; answer: JoinResult }> {
    const created = this.joinRequest(await this.createdEndpoint(network, index))
    const answer = await this.driver.join(created, this.context)
    const driverState = answer.driverState ?? created.endpoint.driverState
    return { request: this.joinRequest({ network, endpoint: { ...created.endpoint, driverState } }), answer }
  }

  /** All that there is on the host and in the state. */
  async traces(): Promise<unknown> {
    return await tracesOf(this.context)
  }

  /** What there is, apart from names and MAC addresses. */
  async outline(): Promise<unknown> {
    return await outlineOf(this.context)
  }

  /** Checks that a step changes nothing, neither on the host nor in the state. */
  async unchanged<Answer>(what: string, step: () => Promise<Answer>): Promise<Answer> {
    const before = await this.traces()
    const answer = await step()
    assert.deepEqual(await this.traces(), before, `${what}: host and state`)
    return answer
  }

  /** Checks that a step changes nothing on the host. */
  async hostUnchanged<Answer>(what: string, step: () => Promise<Answer>): Promise<Answer> {
    const before = await hostTraces(this.context.host)
    const answer = await step()
    assert.deepEqual(await hostTraces(this.context.host), before, `${what}: the host`)
    return answer
  }

  /** Deletes every sample that was handed out. */
  async clear(): Promise<void> {
    for (const request of this.#joins.values()) {
      await this.driver.leave(request, this.context)
      await this.driver.deleteEndpoint(request, this.context)
    }
    for (const network of this.#networks.values()) await this.driver.deleteNetwork({ network }, this.context)
  }

  #remember(network: DriverNetwork): DriverNetwork {
    this.#networks.set(network.id, network)
    return network
  }
}

/** One case of the suite. */
export interface NetworkDriverCase {
  /** What the driver must do. */
  readonly name: string
  /** Rejects where it does not. */
  readonly run: (bench: DriverBench) => Promise<void>
}
