import type { AppliedInterface, GatewaySetting, HostOperation, InterfaceInfo } from '@libnetwork/driver-sdk'

/** Something that would be done. Plain JSON. */
export type PlannedStep =
  | { readonly where: 'host'; readonly operation: HostOperation }
  | { readonly where: 'sandbox'; readonly action: 'create' | 'destroy'; readonly key: string }
  | {
      readonly where: 'sandbox'
      readonly action: 'apply'
      readonly key: string
      readonly interfaces: readonly { readonly info: InterfaceInfo; readonly applied: AppliedInterface }[]
      readonly gateway?: GatewaySetting | null | undefined
      readonly gatewayIPv6?: GatewaySetting | null | undefined
      readonly sysctls?: Readonly<Record<string, string>> | undefined
    }
  | {
      readonly where: 'sandbox'
      readonly action: 'remove'
      readonly key: string
      readonly interfaces: readonly AppliedInterface[]
    }
