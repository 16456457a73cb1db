import * as v from 'valibot'
import { labelsSchema, signalSchema } from '../model/argument-checks.ts'

/** Options of `createSandbox`. At most one of `key`, `path`, `pid` and `host` says which sandbox it is. */
export interface CreateSandboxOptions {
  /** The absolute path that the new namespace shall be bound to. Default: a path of its own in the sandbox folder. */
  readonly key?: string | undefined
  /** Opens a namespace that somebody else has bound to this absolute path. It is never destroyed. */
  readonly path?: string | undefined
  /** Opens the namespace of a process. It is never destroyed. */
  readonly pid?: number | undefined
  /** Opens the host's own namespace, for networks of the driver `host`. */
  readonly host?: boolean | undefined
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Gives up; what was done so far is undone. */
  readonly signal?: AbortSignal | undefined
}

// PATH_MAX of <linux/limits.h>, its closing NUL left out.
const PATH_MAX = 4095

const absolutePath = v.pipe(
  v.string(),
  v.check(
    (path) => path.startsWith('/') && path.length > 1,
    (issue) => `${JSON.stringify(issue.input)} is no absolute path`,
  ),
  v.check(
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    (path) => !/[\u0000-\u001f\u007f]/.test(path),
    (issue) => `${JSON.stringify(issue.input)} has control characters`,
  ),
  v.check(
    (path) => path.split('/').every((part) => part !== '..' && part !== '.' && Buffer.byteLength(part) <= 255),
    (issue) => `${JSON.stringify(issue.input.slice(0, 80))}: a part of it is ".", ".." or longer than 255 bytes`,
  ),
  v.check((path) => Buffer.byteLength(path) <= PATH_MAX, `is longer than ${PATH_MAX} bytes`),
)

/** The shape of {@link CreateSandboxOptions}. */
export const sandboxOptionsSchema: v.GenericSchema<unknown, CreateSandboxOptions> = v.pipe(
  v.strictObject({
    key: v.optional(absolutePath),
    path: v.optional(absolutePath),
    pid: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 22))),
    host: v.optional(v.boolean()),
    labels: v.optional(labelsSchema),
    signal: v.optional(signalSchema),
  }),
  v.check(
    ({ key, path, pid, host }) =>
      [key, path, pid, host === true ? true : undefined].filter((x) => x !== undefined).length < 2,
    'at most one of key, path, pid and host can be given',
  ),
)
