import assert from 'node:assert/strict'
import type { CallContext } from '../../contract/call-context.ts'
import { LibnetworkError } from '../../errors/libnetwork-error.ts'
import { assertAborted, outcomeOf } from './assertions.ts'
import { DriverBench, type NetworkDriverCase } from './driver-bench.ts'
import { interceptCalls } from './intercept-calls.ts'
import { VERB_STEPS, type VerbStep } from './verb-steps.ts'

/** Something that comes between a verb and its end, at the call of this number. */
interface Interruption {
  readonly when: string
  readonly disturb: (context: CallContext, at: number) => CallContext
  readonly check: (what: string, error: unknown) => void
}

function anyError(what: string, error: unknown): void {
  assert.ok(error instanceof Error, `${what}: must fail with an Error, and failed with ${String(error)}`)
}

function abortingContext(context: CallContext, at: number, moment: 'begins' | 'ends'): CallContext {
  const controller = new AbortController()
  const abortable = { ...context, signal: controller.signal }
  return interceptCalls(abortable, async (index, _name, carryOut) => {
    // Not awaited yet: the signal fires while the call is running.
    const running = carryOut()
    if (index === at && moment === 'begins') controller.abort()
    const answer = await running
    if (index === at && moment === 'ends') controller.abort()
    return answer
  })
}

function failingContext(context: CallContext, at: number): CallContext {
  return interceptCalls(context, async (index, name, carryOut) => {
    if (index !== at) return await carryOut()
    throw new LibnetworkError(`${name}: this failure was put in by the conformance suite`, {
      code: 'ERR_CONFORMANCE_FAILURE',
      kind: 'unavailable',
    })
  })
}

const INTERRUPTIONS: readonly Interruption[] = [
  {
    when: 'aborted while a host or state call is running',
    disturb: (context, at) => abortingContext(context, at, 'begins'),
    check: assertAborted,
  },
  {
    when: 'aborted after a host or state call',
    disturb: (context, at) => abortingContext(context, at, 'ends'),
    check: assertAborted,
  },
  { when: 'a host or state call fails', disturb: failingContext, check: anyError },
]

/** Runs the verb undisturbed: the names of the host and state calls that it makes, and what there is after it. */
async function undisturbed(
  bench: DriverBench,
  step: VerbStep,
): Promise<{ readonly calls: readonly string[]; readonly outline: unknown }> {
  const calls: string[] = []
  const call = await step.prepare(bench)
  await call(
    interceptCalls(bench.context, async (_index, name, carryOut) => {
      calls.push(name)
      return await carryOut()
    }),
  )
  return { calls, outline: await bench.outline() }
}

async function interruptAt(
  bench: DriverBench,
  step: VerbStep,
  { when, disturb, check }: Interruption,
  { at, name, complete }: { readonly at: number; readonly name: string; readonly complete: unknown },
): Promise<void> {
  const what = `${step.name}, ${when} (call ${at + 1}, ${name})`
  const call = await step.prepare(bench)
  const before = await bench.traces()
  const outcome = await outcomeOf(() => call(disturb(bench.context, at)))
  if ('error' in outcome) {
    check(what, outcome.error)
    if (step.makes) assert.deepEqual(await bench.traces(), before, `${what}: host and state after the failure`)
    await call(bench.context)
    assert.deepEqual(await bench.outline(), complete, `${what}: what there is after the verb was called again`)
  } else {
    assert.deepEqual(await bench.outline(), complete, `${what}: it succeeded, and this is what there is`)
  }
}

function abortedBefore(step: VerbStep): NetworkDriverCase {
  return {
    name: `${step.name}: aborted before, does nothing`,
    run: async (bench) => {
      const call = await step.prepare(bench)
      await bench.unchanged(`${step.name} with an aborted signal`, async () => {
        const outcome = await outcomeOf(() => call({ ...bench.context, signal: AbortSignal.abort() }))
        assert.ok('error' in outcome, `${step.name} with an aborted signal must fail, and succeeded`)
        assertAborted(`${step.name} with an aborted signal`, outcome.error)
      })
    },
  }
}

function interrupted(step: VerbStep, interruption: Interruption): NetworkDriverCase {
  const promise = step.makes ? 'leaves nothing behind or is complete' : 'can be called again'
  return {
    name: `${step.name}: ${interruption.when}, ${promise}`,
    run: async (bench) => {
      const { calls, outline } = await undisturbed(bench, step)
      await bench.clear()
      for (const [at, name] of calls.entries()) {
        await DriverBench.run(bench.subject, (fresh) =>
          interruptAt(fresh, step, interruption, { at, name, complete: outline }),
        )
      }
    },
  }
}

/** Signals that fire and hosts that refuse, before and in the middle of every verb. */
export const interruptionCases: readonly NetworkDriverCase[] = VERB_STEPS.flatMap((step) => [
  abortedBefore(step),
  ...INTERRUPTIONS.map((interruption) => interrupted(step, interruption)),
])
