import { defineRecordedDriver, type DriverModule } from '@libnetwork/driver-sdk'

/** The network driver `host`: its endpoints join the host's own network namespace, and nothing is made. There can be one network. */
export function hostDriver(): DriverModule<'network'> {
  return defineRecordedDriver({ name: 'host', capabilities: ['host-sandbox'] })
}

declare module '@libnetwork/driver-sdk' {
  interface NetworkDriverRegistry {
    /** The driver has no options. */
    host: { readonly network: Record<string, never>; readonly endpoint: Record<string, never> }
  }
}
