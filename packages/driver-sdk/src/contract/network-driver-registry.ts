/**
 * The option types of known network drivers, by driver name. A driver package adds its own, so that options complete and
 * type-check in the editor:
 *
 * ```ts
 * declare module '@libnetwork/driver-sdk' {
 *   interface NetworkDriverRegistry {
 *     bridge: { network: BridgeNetworkOptions; endpoint: BridgeEndpointOptions }
 *   }
 * }
 * ```
 *
 * Options of a driver that is not listed here are checked at run time only.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface NetworkDriverRegistry {}

/** Option types of one driver, in {@link NetworkDriverRegistry}. */
export interface NetworkDriverOptionTypes {
  /** Options of `createNetwork`. */
  readonly network: object
  /** Options of `createEndpoint`. */
  readonly endpoint: object
}
