/**
 * The contract between core and its drivers: types, errors, the manifest's schema and the helpers that declare a driver.
 *
 * @packageDocumentation
 */
export { formatAddress, parseAddress, type Address } from './address/address-text.ts'
export {
  addressBits,
  containsAddress,
  firstAddress,
  formatCidr,
  lastAddress,
  overlaps,
  parseCidr,
  type Cidr,
} from './address/cidr.ts'
export type { AddressFamily } from './contract/address-family.ts'
export type { CallContext } from './contract/call-context.ts'
export { systemClock, type Clock } from './contract/clock.ts'
export {
  DRIVER_API_VERSION,
  DRIVER_BRAND,
  DRIVER_KINDS,
  isDriverModule,
  type DriverContracts,
  type DriverKind,
  type DriverModule,
} from './contract/driver.ts'
export type * from './contract/ipam-driver.ts'
export type * from './contract/local-sandbox.ts'
export { silentLogger, type LogFields, type Logger } from './contract/logger.ts'
export type * from './contract/network-driver.ts'
export type * from './contract/network-driver-registry.ts'
export type { OptionsSchema } from './contract/options-schema.ts'
export type * from './contract/ports.ts'
export type * from './contract/sandbox-info.ts'
export type * from './contract/sandbox-provider.ts'
export type * from './contract/state-scope.ts'
export type * from './contract/store.ts'
export { checkOptions, invalidArgument, validateOptions, type Problem } from './contract/validate-options.ts'
export {
  defineIpamDriver,
  defineNetworkDriver,
  defineSandboxProvider,
  defineStore,
  type DriverMaker,
} from './define/define-driver.ts'
export { defineRecordedDriver, type RecordedDriver } from './define/define-recorded-driver.ts'
export { noOptions } from './define/no-options.ts'
export { objectRecords, type ObjectRecords, type ObjectRecordsOptions } from './define/object-records.ts'
export { requestFingerprint } from './define/request-fingerprint.ts'
export { COMMON_ERRORS, commonError, teardownError, throwIfAborted } from './errors/common-errors.ts'
export {
  defineErrors,
  type ErrorDefinition,
  type ErrorFactory,
  type ErrorTable,
  type ThrownErrorInit,
} from './errors/define-errors.ts'
export { ERROR_KINDS, type ErrorKind } from './errors/error-kind.ts'
export {
  errorFromJson,
  errorToJson,
  isLibnetworkError,
  LibnetworkError,
  type ErrorDetails,
  type ErrorJson,
  type JsonValue,
  type LibnetworkErrorInit,
} from './errors/libnetwork-error.ts'
export type * from './host/host-link.ts'
export type { ApplyOptions, FamilyFilter, HostNetwork, LinkFilter } from './host/host-network.ts'
export type * from './host/host-operation.ts'
export {
  MANIFEST_VERSION,
  type Manifest,
  type ManifestDriver,
  type ManifestRequirements,
} from './manifest/manifest-driver.ts'
export { MANIFEST_ERRORS } from './manifest/manifest-errors.ts'
export { parseManifest } from './manifest/parse-manifest.ts'
