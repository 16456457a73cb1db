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
    const { endpoint: name, networkOptions, sandboxKey } = request
    const ofHost = networkOptions.driver === 'host'
    // The sandbox first: the commands that write sysctls of the host need a namespace to start from.
    const sandbox =
      name === undefined ? undefined : await controller.createSandbox(ofHost ? { host: true } : { key: sandboxKey })
    const network = await controller.createNetwork(request.network, networkOptions)
    if (name !== undefined && sandbox !== undefined) {
      const endpoint = await network.createEndpoint(name, request.endpointOptions)
      await endpoint.join(sandbox)
    }
    return { steps, commands: ipCommands(steps) }
  } finally {
    await controller.close()
    await provider.close()
  }
}
