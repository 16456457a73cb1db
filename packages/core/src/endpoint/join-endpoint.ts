import {
  commonError,
  throwIfAborted,
  type AddressFamily,
  type CallContext,
  type NetworkDriver,
  type SandboxApplyRequest,
} from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { undoOnFailure, type UndoList } from '../model/undo-list.ts'
import { driverNetwork } from '../network/driver-network.ts'
import { networkNotFound } from '../network/find-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sandboxLock, sandboxNotFound } from '../sandbox/find-sandbox.ts'
import type { EndpointRecord, JoinRecord, NetworkRecord, SandboxRecord } from '../store/records.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import { connectExternal, disconnectExternal } from './external-connectivity.ts'
import { endpointLock, endpointNotFound } from './find-endpoint.ts'
import { chooseGateway, FAMILIES, gatewaySetting, isJoined, type JoinedEndpoint } from './gateway-selection.ts'

/** What a join works on. */
interface JoinSubjects {
  readonly endpoint: EndpointRecord
  readonly network: NetworkRecord
  readonly sandbox: SandboxRecord
  readonly driver: NetworkDriver
}

/** What a join needs to know. */
export interface JoinTask {
  /** The endpoint's id. */
  readonly endpointId: string
  /** The endpoint's name. */
  readonly endpointName: string
  /** The sandbox's id. */
  readonly sandboxId: string
  /** For the choice of the gateway endpoint. */
  readonly priority: number
  /** Ask the driver for the description and stop there: the seed's own flow. */
  readonly describeOnly: boolean
  /** The caller's. */
  readonly signal: AbortSignal | undefined
}

async function findSubjects(runtime: Runtime, task: JoinTask): Promise<JoinSubjects> {
  const operation = `join endpoint ${JSON.stringify(task.endpointName)}`
  const endpoint = (await runtime.endpoints.get(task.endpointId))?.record
  if (endpoint?.status !== 'ready') throw endpointNotFound(task.endpointName)
  const sandbox = (await runtime.sandboxes.get(task.sandboxId))?.record
  if (sandbox?.status !== 'ready') throw sandboxNotFound(task.sandboxId)
  const network = (await runtime.networks.get(endpoint.networkId))?.record
  if (network === undefined) throw networkNotFound(endpoint.networkId)
  if (endpoint.join !== undefined) {
    throw coreError('ERR_ENDPOINT_JOINED', `${operation}: it is joined to sandbox ${endpoint.join.sandboxKey}`, {
      details: { endpoint: endpoint.name, sandbox: endpoint.join.sandboxKey },
      hint: 'Let it leave first.',
    })
  }
  const driver = await runtime.networkDriver(network.driver)
  if (driver.capabilities.includes('host-sandbox') !== sandbox.host) {
    throw commonError(
      'ERR_UNSUPPORTED',
      sandbox.host
        ? `${operation}: driver "${driver.name}" cannot join the host's own namespace`
        : `${operation}: driver "${driver.name}" joins the host's own namespace only`,
      { hint: sandbox.host ? 'Use the driver "host".' : 'Make the sandbox with createSandbox({ host: true }).' },
    )
  }
  return { endpoint, network, sandbox, driver }
}

async function describe(
  runtime: Runtime,
  task: JoinTask,
  { endpoint, network, sandbox, driver }: JoinSubjects,
  undo: UndoList,
): Promise<JoinedEndpoint> {
  const intent: JoinRecord = {
    status: 'joining',
    sandboxId: sandbox.id,
    sandboxKey: sandbox.key,
    info: { interfaces: [] },
    applied: [],
    priority: task.priority,
    gatewayFor: [],
    ports: [],
  }
  const joining: SandboxRecord = { ...sandbox, endpoints: [...sandbox.endpoints, endpoint.id] }
  await runtime.store.transact({
    put: { ...runtime.endpoints.put({ ...endpoint, join: intent }), ...runtime.sandboxes.put(joining) },
  })
  undo.add('forget the join', () =>
    runtime.store.transact({ put: { ...runtime.endpoints.put(endpoint), ...runtime.sandboxes.put(sandbox) } }),
  )
  const request = {
    network: driverNetwork(network, runtime.name),
    endpoint: driverEndpoint(endpoint),
    sandbox: { id: sandbox.id, key: sandbox.key },
  }
  const undoContext: CallContext = await runtime.context('network', driver.name, undefined)
  undo.add('leave in the driver', () => driver.leave(request, undoContext))
  const result = await driver.join(request, await runtime.context('network', driver.name, task.signal))
  const driverState = result.driverState ?? endpoint.driverState
  return { ...endpoint, driverState, join: { ...intent, info: result.info } }
}

/** The families for which the endpoint, once joined, is the sandbox's way out. */
function wonFamilies(endpoint: JoinedEndpoint, others: readonly JoinedEndpoint[]): readonly AddressFamily[] {
  return FAMILIES.filter((family) => chooseGateway([...others, endpoint], family)?.id === endpoint.id)
}

async function applyToSandbox(
  runtime: Runtime,
  task: JoinTask,
  endpoint: JoinedEndpoint,
  others: readonly JoinedEndpoint[],
  undo: UndoList,
): Promise<JoinedEndpoint> {
  const { join } = endpoint
  const gatewayFor = wonFamilies(endpoint, others)
  const gateways: Pick<SandboxApplyRequest, 'gateway' | 'gatewayIPv6'> = {
    gateway: gatewayFor.includes('ipv4') ? gatewaySetting(endpoint, 'ipv4') : undefined,
    gatewayIPv6: gatewayFor.includes('ipv6') ? gatewaySetting(endpoint, 'ipv6') : undefined,
  }
  const { interfaces, sysctls } = join.info
  if (interfaces.length === 0 && gatewayFor.length === 0 && sysctls === undefined) return endpoint
  const provider = await runtime.provider()
  const context = await runtime.context('sandbox', provider.name, task.signal)
  const undoContext = await runtime.context('sandbox', provider.name, undefined)
  const { interfaces: applied } = await provider.apply(
    { key: join.sandboxKey, interfaces, sysctls, ...gateways },
    context,
  )
  undo.add('put the gateways back', () =>
    provider.apply(
      {
        key: join.sandboxKey,
        gateway: gatewayFor.includes('ipv4') ? gatewaySetting(chooseGateway(others, 'ipv4'), 'ipv4') : undefined,
        gatewayIPv6: gatewayFor.includes('ipv6') ? gatewaySetting(chooseGateway(others, 'ipv6'), 'ipv6') : undefined,
      },
      undoContext,
    ),
  )
  undo.add('remove the interfaces', () => provider.remove({ key: join.sandboxKey, interfaces: applied }, undoContext))
  return { ...endpoint, join: { ...join, applied, gatewayFor } }
}

/** Moves the way out of the sandbox from the endpoints that had it to the one that has just won it. */
async function takeOverExternal(
  runtime: Runtime,
  task: JoinTask,
  endpoint: JoinedEndpoint,
  others: readonly JoinedEndpoint[],
  undo: UndoList,
): Promise<readonly JoinedEndpoint[]> {
  const { gatewayFor } = endpoint.join
  const losers: JoinedEndpoint[] = []
  for (const other of others) {
    const lost = other.join.gatewayFor.filter((family) => gatewayFor.includes(family))
    if (lost.length === 0) continue
    undo.add('give the way out back', () => connectExternal(runtime, other, lost, undefined))
    await disconnectExternal(runtime, other, lost)
    const kept = other.join.gatewayFor.filter((family) => !lost.includes(family))
    losers.push({
      ...other,
      join: { ...other.join, gatewayFor: kept, ports: kept.length === 0 ? [] : other.join.ports },
    })
  }
  undo.add('take the way out away', () => disconnectExternal(runtime, endpoint, gatewayFor))
  const { driverState, ports } = await connectExternal(runtime, endpoint, gatewayFor, task.signal)
  return [{ ...endpoint, driverState, join: { ...endpoint.join, ports } }, ...losers]
}

async function recordOutcome(runtime: Runtime, changed: readonly EndpointRecord[]): Promise<void> {
  await runtime.store.transact({ put: runtime.endpoints.putAll(changed) })
}

/**
 * Joins an endpoint to a sandbox: records the intent, has the driver describe and the sandbox provider apply, moves the way
 * out where the endpoint wins it, records the outcome.
 */
export async function joinEndpoint(runtime: Runtime, task: JoinTask): Promise<EndpointRecord> {
  const { signal, sandboxId, endpointId } = task
  const join = async (): Promise<EndpointRecord> => {
    const subjects = await findSubjects(runtime, task)
    throwIfAborted(signal, `join endpoint ${JSON.stringify(task.endpointName)}`)
    return await undoOnFailure(runtime.logger, async (undo) => {
      const described = await describe(runtime, task, subjects, undo)
      throwIfAborted(signal, `join endpoint ${JSON.stringify(task.endpointName)}`)
      if (task.describeOnly && described.join.info.interfaces.length > 0) {
        const outcome: EndpointRecord = { ...described, join: { ...described.join, status: 'described' } }
        await recordOutcome(runtime, [outcome])
        return outcome
      }
      const others = (await runtime.endpoints.byIds(subjects.sandbox.endpoints)).filter(isJoined)
      const applied = await applyToSandbox(runtime, task, described, others, undo)
      const [joined, ...losers] = await takeOverExternal(runtime, task, applied, others, undo)
      const outcome: JoinedEndpoint = {
        ...(joined ?? applied),
        join: { ...(joined ?? applied).join, status: 'joined' },
      }
      await recordOutcome(runtime, [outcome, ...losers])
      runtime.events.emit({
        type: 'endpoint.joined',
        endpoint: outcome.id,
        network: outcome.networkId,
        sandbox: sandboxId,
      })
      for (const family of outcome.join.gatewayFor) {
        runtime.events.emit({ type: 'sandbox.gateway', sandbox: sandboxId, family, endpoint: outcome.id })
      }
      return outcome
    })
  }
  // The sandbox first, always: two joins that take the locks in different orders would wait for each other.
  return await runtime.locks.exclusive(
    sandboxLock(sandboxId),
    () => runtime.locks.exclusive(endpointLock(endpointId), join, signal),
    signal,
  )
}
