/**
 * The network driver `bridge`: bridges of the kernel on one host.
 *
 * @packageDocumentation
 */
export { bridge } from './bridge.ts'
export { BRIDGE_ERRORS } from './errors.ts'
export type { BridgeEndpointOptions, BridgeNetworkOptions } from './options.ts'
