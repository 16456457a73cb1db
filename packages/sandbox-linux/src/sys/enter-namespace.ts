import { stat } from 'node:fs'
import { sandboxError } from '../errors.ts'
import { CLONE_NEWNET, O_RDONLY } from './constants.ts'
import { abort, close, open, setns, unshare } from './syscalls.ts'

/** The network namespace of the calling thread; `/proc/self` would be that of the main thread. */
const OWN_NAMESPACE = '/proc/thread-self/ns/net'

let threadPoolStarted = false

/**
 * Has libuv start its pool of threads here and now, in the calling thread's present namespace. The pool serves the whole
 * process and is made by whoever uses it first; made inside a sandbox, it would run everybody's asynchronous file
 * access and name look-up there. The entry functions call this themselves.
 */
export function startThreadPool(): void {
  if (threadPoolStarted) return
  // Handing in the first piece of work starts all threads before the call returns; its outcome is of no interest.
  stat('/', () => {})
  threadPoolStarted = true
}

/**
 * Runs a callback with the calling thread inside a network namespace and brings the thread back, whatever happens.
 *
 * The callback has to be synchronous: no `await`, nothing that would go on later, and no Node socket that binds later
 * (`net` and `dgram` do). Calls may be nested; each goes back to where it began. A thread that cannot go back ends the
 * process at once, since all that it did from then on would happen inside the sandbox.
 *
 * @param namespace - file descriptor of the namespace; stays open
 * @param callback - what to do inside
 * @param subject - how error messages call the namespace, usually its path
 * @returns what the callback returns
 * @throws `ERR_SYSCALL` if the thread cannot enter, `ERR_NAMESPACE_CALLBACK_ASYNC` if the callback returns a promise,
 *   and whatever the callback throws. In each case the thread is back.
 */
export function enterNamespace<T>(namespace: number, callback: () => T, subject = `fd ${namespace}`): T {
  return visit(() => setns(namespace, CLONE_NEWNET, subject), callback)
}

/**
 * Makes a new network namespace, runs a callback with the calling thread inside, and brings the thread back. The
 * namespace lives on only if the callback bound it to a path or left something inside. The rules of
 * {@link enterNamespace} hold.
 *
 * @param callback - what to do inside; gets a descriptor of the namespace that is closed afterwards
 */
export function newNamespace<T>(callback: (namespace: number) => T): T {
  return visit(
    () => unshare(CLONE_NEWNET),
    () => {
      const namespace = open(OWN_NAMESPACE, O_RDONLY)
      try {
        return callback(namespace)
      } finally {
        close(namespace)
      }
    },
  )
}

/** Goes in, runs the callback, comes back. The one place where a thread changes its namespace. */
function visit<T>(go: () => void, callback: () => T): T {
  startThreadPool()
  const own = open(OWN_NAMESPACE, O_RDONLY)
  try {
    go()
    let result: T
    try {
      result = callback()
    } finally {
      comeBack(own)
    }
    refusePromise(result)
    return result
  } finally {
    close(own)
  }
}

function comeBack(own: number): void {
  try {
    setns(own, CLONE_NEWNET, 'the own namespace')
  } catch {
    abort()
  }
}

function refusePromise(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result) || typeof result.then !== 'function')
    return
  // Its failure would otherwise end the process as an unhandled rejection before this error is seen.
  Promise.resolve(result).catch(() => {})
  throw sandboxError('ERR_NAMESPACE_CALLBACK_ASYNC', 'enter namespace: the callback returned a promise', {
    hint: 'After the first `await` the thread is back outside. Pass a function that does all its work before it returns.',
  })
}
