import { fstatSync } from 'node:fs'
import { sandboxError } from '../errors.ts'
import { O_RDONLY } from '../sys/constants.ts'
import { enterNamespace } from '../sys/enter-namespace.ts'
import { close, open } from '../sys/syscalls.ts'
import type { InsideSockets } from './inside-sockets.ts'

/** A namespace in which this process opens sockets and starts programs. */
export interface InsideNamespace {
  /** Path of its file. */
  readonly path: string
  /** `<device>:<inode>` that the path has to lead to. Without it, whatever is at the path is entered. */
  readonly identity?: string | undefined
  /** The sockets that this process has inside. */
  readonly sockets: InsideSockets
}

/**
 * Opens the namespace at its path, runs a synchronous callback inside, and comes back.
 *
 * @throws `ERR_CLOSED` after its sockets were closed for good, `ERR_NAMESPACE_GONE` if the path leads elsewhere now,
 *   `ERR_SYSCALL` if it leads nowhere, and what `enterNamespace` throws
 */
export function enterInside<T>(inside: InsideNamespace, operation: string, callback: () => T): T {
  inside.sockets.checkOpen(operation)
  const namespace = open(inside.path, O_RDONLY)
  try {
    const found = namespaceIdentity(namespace)
    if (inside.identity !== undefined && found !== inside.identity) {
      throw sandboxError(
        'ERR_NAMESPACE_GONE',
        `${operation}: ${inside.path} is not the namespace any more that it was`,
        {
          details: { path: inside.path, expected: inside.identity, found },
        },
      )
    }
    return enterNamespace(namespace, callback, inside.path)
  } finally {
    close(namespace)
  }
}

/** `<device>:<inode>` of an open namespace, which no other namespace has as long as this one lives. */
export function namespaceIdentity(namespace: number): string {
  const { dev, ino } = fstatSync(namespace)
  return `${dev}:${ino}`
}
