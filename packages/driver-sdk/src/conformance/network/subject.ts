import type { CallContext } from '../../contract/call-context.ts'
import type { DriverModule } from '../../contract/driver.ts'
import type { DriverEndpoint, DriverNetwork, DriverOptions } from '../../contract/network-driver.ts'
import type { Manifest } from '../../manifest/manifest-driver.ts'

/** The driver that a suite shall judge, and what the suite must know about it. Only `driver` is needed. */
export interface NetworkDriverSubject {
  /**
   * The driver, the default export of its entry. Give a function that makes it where there is one: the suite then also sees
   * whether a driver made anew goes on with what an earlier one has left in the state.
   */
  readonly driver: DriverModule<'network'> | (() => DriverModule<'network'>)
  /** The package's manifest, as `parseManifest` read it. Must declare what the driver declares. */
  readonly manifest?: Manifest | undefined
  /** What the sample networks shall have beside the suite's own: options that the driver cannot do without. */
  readonly network?: ((index: number) => Partial<DriverNetwork>) | undefined
  /** What the sample endpoints shall have beside the suite's own. */
  readonly endpoint?: ((index: number) => Partial<DriverEndpoint>) | undefined
  /** Options with a value that the driver's schemas must refuse, each key by itself: `{ network: { mtu: 'big' } }`. */
  readonly wrongOptions?: { readonly network?: DriverOptions; readonly endpoint?: DriverOptions } | undefined
  /** There can be one network only: a second one must be refused with an error of kind `conflict`. Default false. */
  readonly singleNetwork?: boolean | undefined
  /** Makes the context of one case, with a state of its own. Default: a host and a state in memory. */
  readonly context?: (() => CallContext | Promise<CallContext>) | undefined
}

/** The driver's module, made anew where the subject can. */
export function moduleOf({ driver }: NetworkDriverSubject): DriverModule<'network'> {
  return typeof driver === 'function' ? driver() : driver
}
