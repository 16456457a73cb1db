import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { Survivor } from '@libnetwork/driver-sdk'

/**
 * The processes that live in a network namespace, by the namespace of their main threads. A process that merely has a
 * socket or another thread inside keeps the namespace alive too, but is not found this way. Reads one file of every
 * process, at some 20 microseconds each.
 *
 * @param identity - `<device>:<inode>` of the namespace
 */
export function findProcesses(identity: string): Survivor[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && namespaceOf(name) === identity)
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
}

/** `undefined` for a process that has ended, or that this one may not look at. */
function namespaceOf(pid: string): string | undefined {
  try {
    const { dev, ino } = statSync(`/proc/${pid}/ns/net`)
    return `${dev}:${ino}`
  } catch {
    return undefined
  }
}

/** The command line; the kernel's short name in brackets where there is none. */
function commandOf(pid: string): string {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return line === '' ? `[${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}]` : line
  } catch {
    return '[ended]'
  }
}
