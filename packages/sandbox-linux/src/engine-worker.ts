// The Worker's entry: carries out calls in a thread of its own, so that waits in the kernel hold up nobody else.
import { parentPort, workerData } from 'node:worker_threads'
import { errorToJson } from '@libnetwork/driver-sdk'
import { InlineEngine, type EngineArgument, type EngineCall } from './engine/engine-calls.ts'
import type {
  EngineAnswerMessage,
  EngineMessage,
  EngineRequestMessage,
  EngineWorkerData,
} from './engine/engine-messages.ts'

const { stateFolder } = workerData as EngineWorkerData
const engine = new InlineEngine(stateFolder)

async function answer({ id, call, argument }: EngineRequestMessage): Promise<EngineAnswerMessage> {
  try {
    return { id, value: await engine.call(call, argument as EngineArgument<EngineCall>) }
  } catch (error) {
    return { id, error: errorToJson(error) }
  }
}

/** Without sockets and port nothing keeps the thread, and it ends when all of them are really closed. */
function end(): void {
  void engine.close().then(() => parentPort?.close())
}

// Not to end at once: a thread that ends with a socket open, in the middle of what the socket tells, takes the process along.
process.on('uncaughtException', (error) => {
  parentPort?.postMessage({ crash: errorToJson(error) } satisfies EngineAnswerMessage)
  end()
})

parentPort?.on('message', (message: EngineMessage) => {
  if (message === 'close') {
    end()
    return
  }
  void answer(message).then((reply) => parentPort?.postMessage(reply))
})
