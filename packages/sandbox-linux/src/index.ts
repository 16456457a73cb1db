/**
 * Network namespaces of Linux: make them, wire them, run programs and sockets inside.
 *
 * @packageDocumentation
 */
export { interfaceSysctls, sysctlOfInterface } from './apply/interface-sysctls.ts'
export { SANDBOX_ERRORS } from './errors.ts'
export { createSandboxProvider, type SandboxProviderOptions } from './provider.ts'
export { sandboxLinux } from './sandbox-linux.ts'
