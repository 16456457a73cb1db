import { silentLogger, systemClock, type Clock, type Logger, type Store } from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import type { DriverDiscoveryOptions } from '../discovery/driver-options.ts'

/** Options of `createController`. */
export interface ControllerOptions {
  /**
   * Name of the controller: part of the marks on everything that it makes. Lower-case letters, digits and `-`, at most 32.
   * Default: a random one, since records in memory are nobody else's.
   */
  readonly name?: string | undefined
  /**
   * File URL or path inside the application whose dependencies are searched for drivers: its `import.meta.url`. Default: the
   * package of the running main script.
   */
  readonly from?: string | undefined
  /** Where drivers come from, and which of them may run. */
  readonly drivers?: DriverDiscoveryOptions | undefined
  /** Where records live. Default: in memory, so that they end with the process. */
  readonly store?: Store | undefined
  /** The network driver of networks that name none. Default `bridge`. */
  readonly defaultDriver?: string | undefined
  /** The IPAM driver of networks that name none. Default `default`. */
  readonly defaultIpam?: string | undefined
  /** The sandbox provider. Default `linux`. */
  readonly sandboxProvider?: string | undefined
  /** Folder of the namespaces of sandboxes without a key. Default `/run/netns`, where `ip netns` finds them. */
  readonly sandboxFolder?: string | undefined
  /** The file that names the host's nameservers, which no pool may cover. Default `/etc/resolv.conf`. */
  readonly resolvConf?: string | undefined
  /** Where to write what happens. Silent by default. */
  readonly logger?: Logger | undefined
  /** Time. The machine's own by default. */
  readonly clock?: Clock | undefined
}

const driverName = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'is no driver name'))
const absolute = v.pipe(v.string(), v.startsWith('/', 'must be an absolute path'))
const names = v.array(v.string())

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

type WithoutDefault = 'name' | 'from' | 'store'

/** {@link ControllerOptions} with the defaults filled in. */
type CheckedControllerOptions = Pick<ControllerOptions, WithoutDefault> & {
  readonly [Key in Exclude<keyof ControllerOptions, WithoutDefault>]-?: Exclude<ControllerOptions[Key], undefined>
}

/** The shape of {@link ControllerOptions}, with the defaults. */
export const controllerOptionsSchema: v.GenericSchema<unknown, CheckedControllerOptions> = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -'))),
  from: v.optional(v.string()),
  drivers: v.optional(
    v.strictObject({
      use: v.optional(
        v.array(v.custom<NonNullable<DriverDiscoveryOptions['use']>[number]>(isObject, 'must be a driver module')),
      ),
      packages: v.optional(names),
      allow: v.optional(names),
      disable: v.optional(names),
      prefer: v.optional(v.record(v.string(), v.string())),
      trusted: v.optional(v.array(v.strictObject({ name: v.string(), from: v.string() }))),
    }),
    {},
  ),
  store: v.optional(v.custom<Store>(isObject, 'must be a store')),
  defaultDriver: v.optional(driverName, 'bridge'),
  defaultIpam: v.optional(driverName, 'default'),
  sandboxProvider: v.optional(driverName, 'linux'),
  sandboxFolder: v.optional(absolute, '/run/netns'),
  resolvConf: v.optional(absolute, '/etc/resolv.conf'),
  logger: v.optional(v.custom<Logger>(isObject, 'must be a logger'), silentLogger),
  clock: v.optional(v.custom<Clock>(isObject, 'must be a clock'), systemClock),
})
