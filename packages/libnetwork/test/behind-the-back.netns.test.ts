// Somebody removes what the library has made. Everything can still be taken away, and nothing is left.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createController, type Controller, type Endpoint, type Network, type Sandbox } from 'libnetwork'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, ip, witness } from '../../../testing/witness.ts'

let controller: Controller
let network: Network
let sandbox: Sandbox
let endpoint: Endpoint

beforeEach(async () => {
  controller = await createController({ from: import.meta.url })
  network = await controller.createNetwork('blue', { ipv6: true })
  sandbox = await controller.createSandbox()
  endpoint = await network.createEndpoint('web')
  await endpoint.join(sandbox)
})

afterEach(async () => {
  for (const each of await controller.listSandboxes()) await each.delete()
  for (const each of await network.listEndpoints()) await each.delete()
  await network.delete()
  await controller.close()
})

const run = (command: string): string => witness('ip')?.(command.split(' ')) ?? ''

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describeWith('ip', 'when somebody has removed', () => {
  it('the namespace, the endpoint can leave and join another', async () => {
    execFileSync('umount', [sandbox.key])
    rmSync(sandbox.key)
    await endpoint.leave()
    await sandbox.delete()
    const other = await controller.createSandbox()
    await endpoint.join(other)
    expect((await other.interfaces()).map(({ name }) => name)).toEqual(['eth0'])
  })

  it('the namespace, the sandbox can be deleted at once', async () => {
    execFileSync('umount', [sandbox.key])
    rmSync(sandbox.key)
    expect(await sandbox.delete()).toEqual({ survivors: [] })
  })

  it('the bridge, a join says so, and all the rest can go', async () => {
    run(`link delete ln-${network.id.slice(0, 12)}`)
    const other = await network.createEndpoint('other')
    const error = await failure(other.join(await controller.createSandbox()))
    expect(error).toMatchObject({
      code: 'ERR_SANDBOX_BRIDGE',
      kind: 'not-found',
      details: { link: `ln-${network.id.slice(0, 12)}` },
    })
    expect((await other.inspect()).sandbox).toBeUndefined()
  })

  it('the link of an endpoint, it can leave and join again', async () => {
    run(`link delete lnv${endpoint.id.slice(0, 12)}`)
    await endpoint.leave()
    await endpoint.join(sandbox)
    expect(ip('link', 'show', { namespace: sandbox.key }).map(({ ifname }) => ifname)).toEqual(['lo', 'eth0'])
  })

  it('nothing, but a described endpoint was never carried out, everything can go', async () => {
    const described = await network.createEndpoint('described', { sandbox })
    await described.leave()
    await described.delete()
    const again = await network.createEndpoint('described', { sandbox })
    await sandbox.delete()
    expect((await again.inspect()).sandbox).toBeUndefined()
  })
})

describeWith('ip', 'two controllers', () => {
  it('do not take each other’s bridges and namespaces', async () => {
    const other = await createController({ from: import.meta.url })
    const options = { bridgeName: 'shared0' } as const
    const own = await controller.createNetwork('shared', { options })
    expect(await failure(other.createNetwork('shared', { options }))).toMatchObject({ code: 'ERR_BRIDGE_MISMATCH' })
    expect(await failure(other.createSandbox({ key: sandbox.key }))).toMatchObject({ code: 'ERR_SANDBOX_EXISTS' })
    expect(await other.listNetworks()).toEqual([])
    await other.close()
    expect(ip('link', 'show dev shared0')).toHaveLength(1)
    await own.delete()
  })
})
