import { kernelState, type KernelState } from './kernel-state.ts'

/** Before: see {@link snapshot}. */
export type { KernelState } from './kernel-state.ts'

// Tests may put fake timers in place of these.
const {
  setTimeout,
  Date: { now },
} = globalThis

/** The kernel takes namespaces, and the links inside them, away some time after the last user is gone. */
const DEFERRED_REMOVAL = 5_000
const POLL_INTERVAL = 20

/** Kinds whose things may also go away during a test: nothing of the test's host is lost with them. */
const MAY_GO: readonly string[] = ['files', 'descriptors', 'tasks']

function count(entries: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1)
  return counts
}

/** The entries of `entries` that are not in `others`, as often as they are surplus. */
function surplus(entries: readonly string[], others: readonly string[]): string[] {
  const counts = count(others)
  return entries.filter((entry) => {
    const left = counts.get(entry) ?? 0
    counts.set(entry, left - 1)
    return left <= 0
  })
}

/** What is there now: give it to {@link leaks} or {@link expectNoLeaks} later. */
export function snapshot(): KernelState {
  return kernelState()
}

/**
 * What differs from `before` at this moment, a line for each thing: `+ links: veth0` was left behind, `- links: eth0`
 * was there before and is gone.
 */
export function leaks(before: KernelState): string[] {
  const after = kernelState()
  return (Object.keys(after) as (keyof KernelState)[]).flatMap((kind) => [
    ...surplus(after[kind], before[kind]).map((entry) => `+ ${kind}: ${entry}`),
    ...(MAY_GO.includes(kind) ? [] : surplus(before[kind], after[kind]).map((entry) => `- ${kind}: ${entry}`)),
  ])
}

/**
 * Waits until nothing differs from `before`.
 *
 * @param before what {@link snapshot} returned
 * @param timeout how long to wait for the kernel's deferred removal, in milliseconds
 * @throws an `Error` whose message lists what differs when the time is over
 */
export async function expectNoLeaks(before: KernelState, timeout: number = DEFERRED_REMOVAL): Promise<void> {
  const deadline = now() + timeout
  let found = leaks(before)
  while (found.length > 0 && now() < deadline) {
    await new Promise<void>((resolve) => setTimeout(resolve, POLL_INTERVAL))
    found = leaks(before)
  }
  if (found.length === 0) return
  const error = new Error(`The kernel is not as it was before (+ left behind, - gone):\n${found.join('\n')}`)
  // The place is always this file, which tells nobody anything.
  error.stack = error.message
  throw error
}

let perTest = true

/**
 * Call it at the top of a test file whose tests build on each other: the check then compares only what was there before
 * the file's first test and after its last.
 */
export function checkLeaksPerFile(): void {
  perTest = false
}

/** Whether each test is compared on its own. */
export function checksLeaksPerTest(): boolean {
  return perTest
}
