import { defineSandboxProvider, type DriverModule } from '@libnetwork/driver-sdk'
import { createSandboxProvider, type SandboxProviderOptions } from './provider.ts'

/** The sandbox provider `linux` as a driver, with options, for `drivers.use` of a controller. */
export function sandboxLinux(options: SandboxProviderOptions = {}): DriverModule<'sandbox'> {
  return defineSandboxProvider({ name: 'linux', create: () => createSandboxProvider(options) })
}
