import { throwIfAborted, type HostNetwork } from '@libnetwork/driver-sdk'
import type { Engine } from '../engine/engine-calls.ts'

/** The host's network namespace, worked on by an engine. */
export function engineHost(engine: Engine): HostNetwork {
  return {
    links: (filter) => engine.call('hostLinks', filter),
    link: (name) => engine.call('hostLink', name),
    addresses: (filter) => engine.call('hostAddresses', filter),
    routes: (filter) => engine.call('hostRoutes', filter),
    sysctl: (key) => engine.call('hostSysctl', key),
    apply: async (operations, options = {}) => {
      throwIfAborted(options.signal, 'host apply')
      await engine.call('hostApply', operations, options.signal)
    },
  }
}
