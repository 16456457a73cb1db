/* eslint-disable @typescript-eslint/no-unnecessary-condition -- what the types promise is what is checked here */
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, statfsSync, statSync, unlinkSync } from 'node:fs'
import { dirname, isAbsolute, normalize } from 'node:path'
import { openRouteSocket, setLink, type RouteSocket } from '@libnetwork/netlink'
import { isLibnetworkError } from '@libnetwork/driver-sdk'
import { sandboxError } from '../errors.ts'
import { MNT_DETACH, MS_BIND, O_RDONLY } from '../sys/constants.ts'
import { enterNamespace, newNamespace } from '../sys/enter-namespace.ts'
import { close, mount, open, umount2 } from '../sys/syscalls.ts'

// NSFS_MAGIC of <linux/magic.h>
const NSFS_MAGIC = 0x6e736673
const OWN_NAMESPACE = '/proc/thread-self/ns/net'
// PATH_MAX and NAME_MAX of <linux/limits.h>
const PATH_MAX = 4095
const NAME_MAX = 255

/** Whether a live namespace is bound to the path. */
export function isNamespace(path: string): boolean {
  return existsSync(path) && statfsSync(path).type === NSFS_MAGIC
}

/** What tells a namespace from all others as long as it lives: `<device>:<inode>`. */
export function identityOf(path: string): string {
  const { dev, ino } = statSync(path)
  return `${dev}:${ino}`
}

/** Refuses what cannot be the path of a namespace, before anything is touched. */
export function checkKey(key: unknown, operation: string): string {
  const refuse = (why: string): never => {
    throw sandboxError(
      'ERR_SANDBOX_KEY',
      `${operation}: ${JSON.stringify(key)?.slice(0, 120) ?? String(key)} ${why}`,
      {
        details: { key: typeof key === 'string' ? key.slice(0, 256) : null },
        hint: 'Give the absolute path of a file, such as /run/netns/blue.',
      },
    )
  }
  if (typeof key !== 'string') return refuse('is no path')
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(key)) return refuse('has control characters')
  if (!isAbsolute(key) || normalize(key) !== key || key.endsWith('/')) return refuse('is no plain absolute path')
  const parts = key.split('/')
  if (Buffer.byteLength(key) > PATH_MAX || parts.some((part) => Buffer.byteLength(part) > NAME_MAX)) {
    return refuse('is too long')
  }
  return key
}

/** Makes room at the path: nothing, or an empty file that no namespace is bound to, may be there. */
function reclaim(key: string, operation: string): void {
  const found = lstatSync(key, { throwIfNoEntry: false })
  if (found === undefined) return
  if (isNamespace(key)) {
    throw sandboxError('ERR_SANDBOX_EXISTS', `${operation}: a live namespace is bound to ${key}`, {
      details: { key },
      hint: 'Open it with `path`, or choose another key.',
    })
  }
  if (!found.isFile() || found.size > 0) {
    throw sandboxError('ERR_SANDBOX_KEY', `${operation}: ${key} is there and is no left-over of a namespace`, {
      details: { key },
      hint: 'Choose another key, or move what is there away.',
    })
  }
  unlinkSync(key)
}

/**
 * Makes a network namespace, binds it to a path and brings its loopback up. Missing folders are made; a failure leaves
 * nothing at the path.
 */
export async function bindNewNamespace(key: string): Promise<string> {
  const operation = `create sandbox ${key}`
  reclaim(key, operation)
  mkdirSync(dirname(key), { recursive: true })
  closeSync(openSync(key, 'wx', 0o444))
  let socket: RouteSocket | undefined
  try {
    socket = newNamespace(() => {
      mount(OWN_NAMESPACE, key, null, MS_BIND)
      return openRouteSocket()
    })
    await socket.request(setLink({ index: 1 }, { up: true }))
    return identityOf(key)
  } catch (error) {
    unbind(key)
    throw error
  } finally {
    socket?.close()
  }
}

/** Unbinds whatever is bound to the path and removes the file. Nothing there is no error. */
export function unbind(key: string): void {
  try {
    if (isNamespace(key)) umount2(key, MNT_DETACH)
    unlinkSync(key)
  } catch (error) {
    if (isLibnetworkError(error) && error.kind === 'not-found') return
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return
    if (code !== 'EBUSY') throw error
    // What is mounted at the path below a mount that hides it.
    throw sandboxError('ERR_SANDBOX_BUSY', `unbind ${key}: something that cannot be reached is mounted there`, {
      details: { key },
      hint: 'Something was mounted over the folder after the sandbox was made, as the first `ip netns add` does. Unmount that first.',
      cause: error,
    })
  }
}

/** A namespace that is being worked on. */
export interface OpenNamespace {
  /** Descriptor of the namespace. */
  readonly fd: number
  /** A netlink client inside. */
  readonly socket: RouteSocket
  /** Runs a synchronous callback inside. */
  enter<Result>(callback: () => Result): Result
}

/**
 * Opens a namespace for one piece of work and closes it afterwards: an open socket would keep alive what somebody else
 * destroys meanwhile.
 *
 * @throws `ERR_SANDBOX_NOT_FOUND`
 */
export async function withNamespace<Result>(
  key: string,
  operation: string,
  task: (namespace: OpenNamespace) => Promise<Result>,
): Promise<Result> {
  if (!isNamespace(key)) {
    throw sandboxError('ERR_SANDBOX_NOT_FOUND', `${operation}: no namespace is bound to ${key}`, { details: { key } })
  }
  const fd = open(key, O_RDONLY)
  let socket: RouteSocket | undefined
  try {
    socket = enterNamespace(fd, () => openRouteSocket(), key)
    return await task({ fd, socket, enter: (callback) => enterNamespace(fd, callback, key) })
  } finally {
    socket?.close()
    close(fd)
  }
}
