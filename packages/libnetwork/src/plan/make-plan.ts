import type { CreateNetworkOptions, EndpointOptions } from '@libnetwork/core'
import { createSandboxProvider } from '@libnetwork/sandbox-linux'
import { createController } from '../create-controller.ts'
import { ipCommands } from './ip-commands.ts'
import type { PlannedStep } from './planned-step.ts'
import { recordingProvider } from './recording-provider.ts'

/** What shall be planned. */
export interface PlanRequest {
  /** Name of the network. */
  readonly network: string
  /** Options of `createNetwork`. */
  readonly networkOptions: CreateNetworkOptions
  /** Name of the endpoint; without one only the network is planned. */
  readonly endpoint?: string | undefined
  /** Options of `createEndpoint`. */
  readonly endpointOptions?: EndpointOptions | undefined
  /** Path of the sandbox's namespace. */
  readonly sandboxKey?: string | undefined
}

/** What would be done. Plain JSON. */
export interface Plan {
  /** The steps, as drivers and core ask for them. */
  readonly steps: readonly PlannedStep[]
  /** The same as commands for `ip -batch`. */
  readonly commands: readonly string[]
}

/**
 * Runs the verbs of a controller against a host that is read and never written: no root is needed, and nothing changes.
 *
 * @throws what the verbs throw
 */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const steps: PlannedStep[] = []
  const provider = createSandboxProvider({ engine: 'inline' })
  const { host } = provider
  if (host === undefined) throw new Error('the sandbox provider gives no access to the host')
  const controller = await createController({
    name: 'plan',
    from: import.meta.url,
    drivers: { use: [recordingProvider(host, (step) => steps.push(step))] },
  })
  try {
    const network = await controller.createNetwork(request.network, request.networkOptions)
    if (request.endpoint !== undefined) {
      const { driver } = network
      const sandbox = await controller.createSandbox(driver === 'host' ? { host: true } : { key: request.sandboxKey })
      const endpoint = await network.createEndpoint(request.endpoint, request.endpointOptions)
      await endpoint.join(sandbox)
    }
    return { steps, commands: ipCommands(steps) }
  } finally {
    await controller.close()
    await provider.close()
  }
}
