import { teardownError, throwIfAborted, type AddressFamily } from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { driverNetwork } from '../network/driver-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sandboxLock } from '../sandbox/find-sandbox.ts'
import type { EndpointRecord } from '../store/records.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import { connectExternal, disconnectExternal } from './external-connectivity.ts'
import { endpointLock, endpointNotFound } from './find-endpoint.ts'
import { chooseGateway, gatewaySetting, isJoined, type JoinedEndpoint } from './gateway-selection.ts'

/** Runs the steps of a tear-down one after the other, over errors, and collects these. */
export async function teardownSteps(steps: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const errors: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      errors.push(error)
    }
  }
  return errors
}

/** Has an endpoint's driver take back its join. */
export async function leaveInDriver(runtime: Runtime, endpoint: JoinedEndpoint): Promise<void> {
  const network = (await runtime.networks.get(endpoint.networkId))?.record
  if (network === undefined) return
  const driver = await runtime.networkDriver(network.driver)
  await driver.leave(
    {
      network: driverNetwork(network, runtime.name),
      endpoint: driverEndpoint(endpoint),
      sandbox: { id: endpoint.join.sandboxId, key: endpoint.join.sandboxKey },
    },
    await runtime.context('network', driver.name, undefined),
  )
}

/** The endpoints that take over the way out, and for which families. */
function heirs(leaving: JoinedEndpoint, others: readonly JoinedEndpoint[]): Map<JoinedEndpoint, AddressFamily[]> {
  const found = new Map<JoinedEndpoint, AddressFamily[]>()
  for (const family of leaving.join.gatewayFor) {
    const heir = chooseGateway(others, family)
    if (heir !== undefined) found.set(heir, [...(found.get(heir) ?? []), family])
  }
  return found
}

async function handOver(
  runtime: Runtime,
  leaving: JoinedEndpoint,
  others: readonly JoinedEndpoint[],
): Promise<readonly EndpointRecord[]> {
  const { gatewayFor, sandboxKey, sandboxId } = leaving.join
  const changed: EndpointRecord[] = []
  for (const [heir, families] of heirs(leaving, others)) {
    const provider = await runtime.provider()
    await provider.apply(
      {
        key: sandboxKey,
        gateway: families.includes('ipv4') ? gatewaySetting(heir, 'ipv4') : undefined,
        gatewayIPv6: families.includes('ipv6') ? gatewaySetting(heir, 'ipv6') : undefined,
      },
      await runtime.context('sandbox', provider.name, undefined),
    )
    const { driverState, ports } = await connectExternal(runtime, heir, families, undefined)
    changed.push({
      ...heir,
      driverState,
      join: { ...heir.join, ports, gatewayFor: [...heir.join.gatewayFor, ...families] },
    })
  }
  for (const family of gatewayFor) {
    runtime.events.emit({
      type: 'sandbox.gateway',
      sandbox: sandboxId,
      family,
      endpoint: chooseGateway(others, family)?.id,
    })
  }
  return changed
}

async function leave(runtime: Runtime, endpoint: JoinedEndpoint): Promise<void> {
  const { join } = endpoint
  await runtime.endpoints.update(endpoint.id, (record) =>
    record.join === undefined ? record : { ...record, join: { ...record.join, status: 'leaving' } },
  )
  const sandbox = (await runtime.sandboxes.get(join.sandboxId))?.record
  const otherIds = (sandbox?.endpoints ?? []).filter((id) => id !== endpoint.id)
  const others = (await runtime.endpoints.byIds(otherIds)).filter(isJoined)
  const provider = await runtime.provider()
  const context = await runtime.context('sandbox', provider.name, undefined)
  let changed: readonly EndpointRecord[] = []
  const errors = await teardownSteps([
    () => disconnectExternal(runtime, endpoint, join.gatewayFor),
    () => provider.remove({ key: join.sandboxKey, interfaces: join.applied }, context),
    () => leaveInDriver(runtime, endpoint),
    async () => (changed = await handOver(runtime, endpoint, others)),
  ])
  if (errors.length > 0) throw teardownError(`leave endpoint ${JSON.stringify(endpoint.name)}`, errors)
  const { join: _join, ...outcome } = endpoint
  await runtime.store.transact({
    put: {
      ...runtime.endpoints.putAll([outcome, ...changed]),
      ...(sandbox && runtime.sandboxes.put({ ...sandbox, endpoints: otherIds })),
    },
  })
  runtime.events.emit({
    type: 'endpoint.left',
    endpoint: endpoint.id,
    network: endpoint.networkId,
    sandbox: join.sandboxId,
  })
}

/** Takes an endpoint out of its sandbox. Goes on over errors; what failed can be tried again by another leave. */
export async function leaveEndpoint(
  runtime: Runtime,
  endpointId: string,
  endpointName: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const operation = `leave endpoint ${JSON.stringify(endpointName)}`
  const find = async (): Promise<JoinedEndpoint> => {
    const record = (await runtime.endpoints.get(endpointId))?.record
    if (record?.status !== 'ready') throw endpointNotFound(endpointName)
    if (isJoined(record)) return record
    throw coreError('ERR_ENDPOINT_NOT_JOINED', `${operation}: it is joined to no sandbox`, {
      details: { endpoint: endpointName },
    })
  }
  const { join } = await find()
  const task = async (): Promise<void> => {
    throwIfAborted(signal, operation)
    await leave(runtime, await find())
  }
  await runtime.locks.exclusive(
    sandboxLock(join.sandboxId),
    () => runtime.locks.exclusive(endpointLock(endpointId), task, signal),
    signal,
  )
}
