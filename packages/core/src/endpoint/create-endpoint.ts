import {
  checkOptions,
  invalidArgument,
  isLibnetworkError,
  parseAddress,
  throwIfAborted,
  type DriverOptions,
  type NetworkDriver,
  type PortRequest,
  type Problem,
} from '@libnetwork/driver-sdk'
import { coreError } from '../errors.ts'
import { check, nameSchema, shown } from '../model/argument-checks.ts'
import { newId } from '../model/ids.ts'
import { undoOnFailure, type UndoList } from '../model/undo-list.ts'
import { networkLock } from '../network/delete-network.ts'
import { driverNetwork } from '../network/driver-network.ts'
import { networkNotFound } from '../network/find-network.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { AddressRecord, EndpointRecord, NetworkRecord } from '../store/records.ts'
import { driverEndpoint } from './driver-endpoint.ts'
import { endpointOptionsSchema, staticAddressProblems, type EndpointOptions } from './endpoint-options.ts'

interface CheckedRequest {
  readonly driver: NetworkDriver
  readonly options: DriverOptions
  readonly addresses: readonly string[]
  readonly macAddress: string | undefined
  readonly ports: readonly PortRequest[]
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

function operationOf(network: NetworkRecord, name: string): string {
  return `create endpoint ${shown(name)} on network ${JSON.stringify(network.name)}`
}

async function checkRequest(
  runtime: Runtime,
  network: NetworkRecord,
  name: string,
  options: EndpointOptions,
): Promise<CheckedRequest> {
  const operation = operationOf(network, name)
  const checkedName = check(nameSchema, name, 'name')
  const shape = check(endpointOptionsSchema, options, '')
  const problems: Problem[] = [checkedName, shape].flatMap((result) => ('problems' in result ? result.problems : []))
  if (!('value' in shape)) throw invalidArgument(operation, problems)
  const { addresses = [], macAddress, ports = [], labels = {}, signal } = shape.value
  const driver = await runtime.networkDriver(network.driver)
  problems.push(...staticAddressProblems(addresses, network.subnets))
  if (ports.length > 0 && !driver.capabilities.includes('ports')) {
    problems.push({ path: 'ports', message: `driver "${driver.name}" publishes no ports` })
  }
  const driverOptions = await checkOptions(driver.endpointOptions, shape.value.options, 'options')
  if ('problems' in driverOptions) problems.push(...driverOptions.problems)
  if (problems.length > 0 || !('value' in driverOptions)) throw invalidArgument(operation, problems)
  return { driver, options: driverOptions.value, addresses, macAddress, ports, labels, signal }
}

async function recordIntent(runtime: Runtime, network: NetworkRecord, record: EndpointRecord): Promise<void> {
  for (;;) {
    const current = await runtime.networks.get(network.id)
    if (current?.record.status !== 'ready') throw networkNotFound(network.name)
    const insertion = runtime.endpoints.insertion(record)
    try {
      // The network's version makes sure that nobody has begun to delete it.
      const alive = { key: runtime.networks.key(network.id), version: current.version }
      await runtime.store.transact({ ...insertion, expect: [...(insertion.expect ?? []), alive] })
      return
    } catch (error) {
      if (!isLibnetworkError(error, 'ERR_STORE_CONFLICT')) throw error
    }
    if ((await runtime.endpoints.idByName(network.id, record.name)) !== undefined) {
      throw coreError(
        'ERR_ENDPOINT_EXISTS',
        `${operationOf(network, record.name)}: an endpoint of this name exists`,
        {
          details: { name: record.name, network: network.name },
          hint: 'Choose another name, or delete the endpoint first.',
        },
      )
    }
  }
}

async function requestAddresses(
  runtime: Runtime,
  network: NetworkRecord,
  request: CheckedRequest,
  undo: UndoList,
): Promise<readonly AddressRecord[]> {
  if (network.subnets.length === 0) return []
  const ipam = await runtime.ipamDriver(network.ipamDriver)
  const context = await runtime.context('ipam', ipam.name, undefined)
  const granted: AddressRecord[] = []
  for (const { poolId, family } of network.subnets) {
    const address = request.addresses.find((text) => parseAddress(text)?.family === family)
    const { macAddress } = request
    const grant = await ipam.requestAddress({ poolId, address, purpose: 'endpoint', macAddress }, context)
    undo.add(`release address ${grant.address}`, () =>
      ipam.releaseAddress({ poolId, address: grant.address }, context),
    )
    granted.push({ address: grant.address, poolId })
  }
  return granted
}

/** Makes an endpoint: checks everything, records the intent, asks IPAM and driver, records the outcome. */
export async function createEndpoint(
  runtime: Runtime,
  networkId: string,
  networkName: string,
  name: string,
  options: EndpointOptions,
): Promise<EndpointRecord> {
  const found = (await runtime.networks.get(networkId))?.record
  if (found?.status !== 'ready') throw networkNotFound(networkName)
  const request = await checkRequest(runtime, found, name, options)
  const { driver, signal } = request
  const operation = operationOf(found, name)
  const create = async (): Promise<EndpointRecord> => {
    throwIfAborted(signal, operation)
    const intent: EndpointRecord = {
      id: newId(),
      status: 'creating',
      createdAt: runtime.clock.now(),
      name,
      networkId,
      addresses: [],
      macAddress: request.macAddress,
      options: request.options,
      ports: request.ports,
      labels: request.labels,
      driverState: {},
    }
    return await undoOnFailure(runtime.logger, async (undo) => {
      await recordIntent(runtime, found, intent)
      undo.add('forget the endpoint', () => runtime.store.transact(runtime.endpoints.removal(intent)))
      const addresses = await requestAddresses(runtime, found, request, undo)
      throwIfAborted(signal, operation)
      const planned: EndpointRecord = { ...intent, addresses }
      const call = { network: driverNetwork(found, runtime.name), endpoint: driverEndpoint(planned) }
      const undoContext = await runtime.context('network', driver.name, undefined)
      undo.add('delete the endpoint in its driver', () => driver.deleteEndpoint(call, undoContext))
      const context = await runtime.context('network', driver.name, signal)
      const { macAddress = planned.macAddress, driverState = {} } = await driver.createEndpoint(call, context)
      throwIfAborted(signal, operation)
      const outcome: EndpointRecord = { ...planned, macAddress, driverState, status: 'ready' }
      await runtime.store.transact({ put: runtime.endpoints.put(outcome) })
      return outcome
    })
  }
  // Shared: endpoints of one network are made side by side, but not while it is deleted.
  return await runtime.locks.shared(networkLock(networkId), create, signal)
}
