import { defineRecordedDriver, type DriverModule } from '@libnetwork/driver-sdk'

/** The network driver `null`: its endpoints give a sandbox nothing but loopback. There can be one network. */
export function nullDriver(): DriverModule<'network'> {
  return defineRecordedDriver({ name: 'null', capabilities: [] })
}

declare module '@libnetwork/driver-sdk' {
  interface NetworkDriverRegistry {
    /** The driver has no options. */
    null: { readonly network: Record<string, never>; readonly endpoint: Record<string, never> }
  }
}
