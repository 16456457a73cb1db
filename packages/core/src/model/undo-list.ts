import type { Logger } from '@libnetwork/driver-sdk'

interface UndoStep {
  readonly what: string
  run(): Promise<unknown>
}

/** What must be taken back, last first, when a later step of a verb fails. */
export class UndoList {
  readonly #steps: UndoStep[] = []

  /** Remembers how to take back what was just done, or is about to be done. */
  add(what: string, run: () => Promise<unknown>): void {
    this.#steps.push({ what, run })
  }

  /** Takes everything back. A step that fails is logged, and the next one is taken back all the same. */
  async run(logger: Logger): Promise<void> {
    for (const step of this.#steps.reverse()) {
      try {
        await step.run()
      } catch (error) {
        logger.error(`undo: ${step.what} failed`, { error: error instanceof Error ? error.message : String(error) })
      }
    }
  }
}

/**
 * Runs the steps of a verb. When one throws, what was done so far is taken back, and the error goes on to the caller.
 */
export async function undoOnFailure<Result>(
  logger: Logger,
  task: (undo: UndoList) => Promise<Result>,
): Promise<Result> {
  const undo = new UndoList()
  try {
    return await task(undo)
  } catch (error) {
    await undo.run(logger)
    throw error
  }
}
