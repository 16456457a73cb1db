import { parseAddress, commonError, type LocalSandbox } from '@libnetwork/driver-sdk'
import type { Engine } from './engine/engine-calls.ts'
import { HOST_KEY } from './engine/sandbox-engine.ts'
import { bindUdp } from './inside/bind-udp.ts'
import { connect } from './inside/connect.ts'
import type { InsideNamespace } from './inside/inside-namespace.ts'
import type { InsideSockets } from './inside/inside-sockets.ts'
import { listen } from './inside/listen.ts'
import { spawn } from './inside/spawn.ts'

const OWN_NAMESPACE = '/proc/self/ns/net'

function gatewayOf(
  key: string,
  address: string | null,
  family: 'ipv4' | 'ipv6',
): { readonly address: string } | null {
  if (address === null) return null
  if (typeof address === 'string' && parseAddress(address)?.family === family) return { address }
  throw commonError(
    'ERR_INVALID_ARGUMENT',
    `set gateway of sandbox ${key}: ${JSON.stringify(address)} is no ${family} address`,
  )
}

/** The live handle of a sandbox on this machine. */
export function localSandbox(engine: Engine, key: string, sockets: InsideSockets): LocalSandbox {
  const inside: InsideNamespace = { path: key === HOST_KEY ? OWN_NAMESPACE : key, sockets }
  return {
    key,
    spawn: (command, args, options) => spawn(inside, command, args, options),
    listen: (options) => listen(inside, options),
    bindUdp: async (options) => await Promise.resolve(bindUdp(inside, options)),
    connect: (options) => connect(inside, options),
    addInterface: async (info) => {
      const { interfaces } = await engine.call('apply', { key, interfaces: [info] })
      const [applied] = interfaces
      if (applied === undefined) throw commonError('ERR_INTERNAL', `add interface to sandbox ${key}: no answer`)
      return applied
    },
    removeInterface: (name) => engine.call('remove', { key, interfaces: [{ name, index: 0, addresses: [] }] }),
    setGateway: async (address) => {
      await engine.call('apply', { key, gateway: gatewayOf(key, address, 'ipv4') })
    },
    setGatewayIPv6: async (address) => {
      await engine.call('apply', { key, gatewayIPv6: gatewayOf(key, address, 'ipv6') })
    },
    interfaces: () => engine.call('interfaces', { key }),
  }
}
