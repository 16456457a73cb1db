import {
  commonError,
  defineSandboxProvider,
  type AppliedInterface,
  type DriverModule,
  type HostNetwork,
  type InterfaceInfo,
  type SandboxProvider,
} from '@libnetwork/driver-sdk'
import type { PlannedStep } from './planned-step.ts'
import { RecordingHost } from './recording-host.ts'

function unsupported(): never {
  throw commonError('ERR_UNSUPPORTED', 'a plan has no live sandboxes')
}

/**
 * A sandbox provider that makes nothing: what it is asked to do becomes a step of the plan. It takes the place of the
 * provider `linux`, so that a controller runs its real verbs.
 */
export function recordingProvider(real: HostNetwork, record: (step: PlannedStep) => void): DriverModule<'sandbox'> {
  const names = new Map<string, string[]>()
  const pretend = (key: string, info: InterfaceInfo): AppliedInterface => {
    const taken = names.get(key) ?? []
    names.set(key, taken)
    let number = 0
    const prefix = info.prefix ?? 'eth'
    while (taken.includes(`${prefix}${number}`)) number++
    const name = info.name ?? `${prefix}${number}`
    taken.push(name)
    return {
      name,
      index: taken.length + 1,
      macAddress: info.macAddress,
      mtu: info.mtu,
      addresses: info.addresses,
      hostName: info.source.kind === 'existing' ? info.source.name : undefined,
      hostEnd: info.source.kind === 'veth' ? info.source.host.name : undefined,
    }
  }
  const provider: SandboxProvider = {
    kind: 'sandbox',
    name: 'linux',
    capabilities: ['local', 'host'],
    host: new RecordingHost(real, (operation) => record({ where: 'host', operation })),
    create: async ({ key }) => {
      record({ where: 'sandbox', action: 'create', key })
      return await Promise.resolve({ key, identity: '', owned: true })
    },
    open: async ({ path, pid, host }) =>
      await Promise.resolve({
        key: host === true ? 'host' : (path ?? `/proc/${pid}/ns/net`),
        identity: '',
        owned: false,
      }),
    apply: async ({ key, interfaces = [], gateway, gatewayIPv6, sysctls }) => {
      const applied = interfaces.map((info) => ({ info, applied: pretend(key, info) }))
      record({ where: 'sandbox', action: 'apply', key, interfaces: applied, gateway, gatewayIPv6, sysctls })
      return await Promise.resolve({ interfaces: applied.map((entry) => entry.applied) })
    },
    remove: async ({ key, interfaces }) => {
      record({ where: 'sandbox', action: 'remove', key, interfaces })
      await Promise.resolve()
    },
    destroy: async ({ key }) => {
      record({ where: 'sandbox', action: 'destroy', key })
      return await Promise.resolve({ survivors: [] })
    },
    list: async () => await Promise.resolve([]),
    collect: async () => await Promise.resolve([]),
    statistics: unsupported,
    attach: unsupported,
    close: async () => await Promise.resolve(),
  }
  return defineSandboxProvider({ name: 'linux', create: () => provider })
}
