import * as v from 'valibot'
import { DRIVER_KINDS, type DriverKind } from '../contract/driver.ts'
import type { IpamCapability } from '../contract/ipam-driver.ts'
import type { NetworkCapability } from '../contract/network-driver.ts'
import type { SandboxCapability } from '../contract/sandbox-provider.ts'
import { MANIFEST_VERSION, type Manifest } from './manifest-driver.ts'

// Records, so that the compiler notices a capability that is missing here.
const NETWORK: Record<NetworkCapability, true> = {
  addresses: true,
  ipv6: true,
  internal: true,
  external: true,
  ports: true,
  'host-sandbox': true,
  'acting-join': true,
  describe: true,
  reconcile: true,
}
const IPAM: Record<IpamCapability, true> = { 'requires-mac': true, replay: true }
const SANDBOX: Record<SandboxCapability, true> = { local: true, host: true }

const CAPABILITIES: Readonly<Record<DriverKind, readonly string[]>> = {
  network: Object.keys(NETWORK),
  ipam: Object.keys(IPAM),
  sandbox: Object.keys(SANDBOX),
  store: [],
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/
const VERSION = String.raw`(?:[xX*]|\d+(?:\.(?:[xX*]|\d+)){0,2}(?:-[0-9A-Za-z.-]+)?)`
const COMPARATOR = String.raw`(?:[~^]|[<>]=?|=)?\s?v?${VERSION}`
const COMPARATORS = String.raw`${COMPARATOR}(?:\s(?:-\s)?${COMPARATOR})*`
const RANGE = new RegExp(String.raw`^${COMPARATORS}(?:\s?\|\|\s?${COMPARATORS})*$`)

const listed = (words: readonly string[]): string => words.map((word) => JSON.stringify(word)).join(', ')
const shown = (issue: v.BaseIssue<unknown>): string =>
  typeof issue.input === 'string' ? JSON.stringify(issue.input) : issue.received

function isInsidePath(path: string): boolean {
  return path.startsWith('./') && path.length > 2 && !/[\\\0]/.test(path) && !path.split('/').includes('..')
}

const name = v.pipe(
  v.string((issue) => `must be text, not ${shown(issue)}`),
  v.regex(NAME, (issue) => `${shown(issue)} must begin with a-z and have 1 to 32 of a-z 0-9 -`),
)

const insidePath = v.pipe(
  v.string((issue) => `must be a path, not ${shown(issue)}`),
  v.check(isInsidePath, (issue) => `${shown(issue)} must begin with "./" and stay inside the package, without ".."`),
)

const words = v.array(
  v.pipe(v.string('must be text'), v.nonEmpty('must not be empty')),
  'must be a list of texts, such as ["NET_ADMIN"]',
)

function known<Entries extends v.ObjectEntries>(
  what: string,
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `unknown key; ${what} understands ${listed(Object.keys(entries))}`
      : issue.received === 'undefined'
        ? `is missing; ${what} needs it`
        : `must be an object, not ${shown(issue)}`,
  )
}

const requires = known('"requires"', {
  platform: v.optional(v.string('must be text, such as "linux"')),
  kernel: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^\d+\.\d+(?:\.\d+)?$/, 'must be a release, such as "5.10"')),
  ),
  caps: v.optional(words),
  modules: v.optional(words),
  commands: v.optional(words),
})

const driver = v.pipe(
  known('a driver', {
    kind: v.picklist(
      DRIVER_KINDS,
      (issue) => `${shown(issue)} is not a kind of driver; understood are ${listed(DRIVER_KINDS)}`,
    ),
    name,
    aliases: v.optional(v.array(name, 'must be a list of names')),
    entry: insidePath,
    api: v.pipe(
      v.string((issue) => `must be a semver range such as "^1.0.0", not ${shown(issue)}`),
      v.maxLength(256, 'must be shorter'),
      v.regex(RANGE, (issue) => `${shown(issue)} must be a semver range such as "^1.0.0"`),
    ),
    scope: v.optional(v.picklist(['local', 'global'], (issue) => `${shown(issue)} must be "local" or "global"`)),
    capabilities: v.optional(v.array(v.string('must be text'), 'must be a list of texts')),
    requires: v.optional(requires),
    options: v.optional(insidePath),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { kind, capabilities = [] } = dataset.value
    for (const [index, capability] of capabilities.entries()) {
      if (CAPABILITIES[kind].includes(capability)) continue
      addIssue({
        message: `${JSON.stringify(capability)} is no capability of the kind "${kind}"; understood are ${listed(CAPABILITIES[kind]) || 'none'}`,
        path: [
          { type: 'object', origin: 'value', input: dataset.value, key: 'capabilities', value: capabilities },
          { type: 'array', origin: 'value', input: capabilities, key: index, value: capability },
        ],
      })
    }
  }),
)

/** The schema of the `libnetwork` field. */
export const manifestSchema: v.GenericSchema<unknown, Manifest & { readonly manifest: typeof MANIFEST_VERSION }> =
  known('the manifest', {
    manifest: v.literal(
      MANIFEST_VERSION,
      (issue) => `version ${shown(issue)} is not understood; this release understands ${MANIFEST_VERSION}`,
    ),
    drivers: v.pipe(v.array(driver, 'must be a list of drivers'), v.nonEmpty('must have at least one driver')),
  })
