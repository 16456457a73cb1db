import { isDeepStrictEqual } from 'node:util'
import type { AddressFamily, AppliedInterface, InterfaceInfo } from '@libnetwork/driver-sdk'
import { FAMILIES, isJoined, offeredGateway, type JoinedEndpoint } from '../endpoint/gateway-selection.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SandboxRecord } from '../store/records.ts'
import { sandboxLock, sandboxNotFound } from './find-sandbox.ts'

async function described(runtime: Runtime, sandbox: SandboxRecord): Promise<readonly JoinedEndpoint[]> {
  const endpoints = await runtime.endpoints.byIds(sandbox.endpoints)
  return endpoints.filter(isJoined).filter(({ join }) => join.status === 'described')
}

async function requireSandbox(runtime: Runtime, id: string, key: string): Promise<SandboxRecord> {
  const record = (await runtime.sandboxes.get(id))?.record
  if (record?.status !== 'ready') throw sandboxNotFound(key)
  return record
}

/**
 * Adds one interface to a sandbox. Where an endpoint of the sandbox has described it, the endpoint gets it, and has joined
 * once it has all of them; else the sandbox itself remembers it.
 */
export async function addInterface(
  runtime: Runtime,
  id: string,
  key: string,
  info: InterfaceInfo,
): Promise<AppliedInterface> {
  return await runtime.locks.exclusive(sandboxLock(id), async () => {
    const sandbox = await requireSandbox(runtime, id, key)
    const provider = await runtime.provider()
    const applied = await provider.attach(key).addInterface(info)
    const owner = (await described(runtime, sandbox)).find(({ join }) =>
      join.info.interfaces.some((wanted) => isDeepStrictEqual(wanted, info)),
    )
    if (owner === undefined) {
      await runtime.sandboxes.update(id, (record) => ({ ...record, interfaces: [...record.interfaces, applied] }))
      return applied
    }
    const { join } = owner
    const all = [...join.applied, applied]
    const status = all.length === join.info.interfaces.length ? 'joined' : 'described'
    await runtime.endpoints.update(owner.id, (record) => ({ ...record, join: { ...join, applied: all, status } }))
    if (status === 'joined') {
      runtime.events.emit({ type: 'endpoint.joined', endpoint: owner.id, network: owner.networkId, sandbox: id })
    }
    return applied
  })
}

/** Sets or removes a default gateway of a sandbox; the endpoint that offers it becomes the sandbox's gateway endpoint. */
export async function setGateway(
  runtime: Runtime,
  id: string,
  key: string,
  family: AddressFamily,
  address: string | null,
): Promise<void> {
  await runtime.locks.exclusive(sandboxLock(id), async () => {
    const sandbox = await requireSandbox(runtime, id, key)
    const live = (await runtime.provider()).attach(key)
    await (family === 'ipv4' ? live.setGateway(address) : live.setGatewayIPv6(address))
    const endpoints = (await runtime.endpoints.byIds(sandbox.endpoints)).filter(isJoined)
    const chosen = endpoints.find(({ join }) => address !== null && offeredGateway(join, family) === address)
    for (const { id: endpointId } of endpoints) {
      await runtime.endpoints.update(endpointId, (record) => {
        if (record.join === undefined) return record
        const { gatewayFor } = record.join
        const families = FAMILIES.filter((f) => (f === family ? endpointId === chosen?.id : gatewayFor.includes(f)))
        return { ...record, join: { ...record.join, gatewayFor: families } }
      })
    }
    runtime.events.emit({ type: 'sandbox.gateway', sandbox: id, family, endpoint: chosen?.id })
  })
}
