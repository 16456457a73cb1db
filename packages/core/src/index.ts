/**
 * Controller, networks, endpoints and sandboxes: container networking over drivers that are found by the metadata of their
 * packages.
 *
 * @packageDocumentation
 */
export type { ControllerOptions } from './controller/controller-options.ts'
export { createController, type Controller } from './controller/controller.ts'
export type { DriverDiscoveryOptions, TrustedPackage } from './discovery/driver-options.ts'
export type { DriverRow, DriverRowState } from './discovery/driver-row.ts'
export type { EndpointOptions, EndpointOptionsOf } from './endpoint/endpoint-options.ts'
export type { Endpoint, EndpointInspection, JoinOptions } from './endpoint/endpoint.ts'
export { CORE_ERRORS, type CoreErrorCode } from './errors.ts'
export type { CallOptions } from './model/call-options.ts'
export type { ListFilter, NamedListFilter } from './model/list-filter.ts'
export type { CreateNetworkOptions, NetworkOptionsOf, SubnetOptions } from './network/network-options.ts'
export type {
  CreateEndpointOptions,
  EndpointListFilter,
  Network,
  NetworkInspection,
  SubnetInspection,
} from './network/network.ts'
export type * from './runtime/events.ts'
export type { TracedOperation } from './runtime/trace.ts'
export type { CreateSandboxOptions } from './sandbox/sandbox-options.ts'
export type { Sandbox, SandboxInspection } from './sandbox/sandbox.ts'
