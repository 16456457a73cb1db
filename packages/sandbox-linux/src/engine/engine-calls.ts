import { commonError, throwIfAborted } from '@libnetwork/driver-sdk'
import { SandboxEngine } from './sandbox-engine.ts'

/** Every call that an engine takes, with what goes in and comes out. */
type Calls = {
  readonly [
    Name in 'create' | 'open' | 'apply' | 'remove' | 'destroy' | 'list' | 'collect' | 'statistics' | 'interfaces'
  ]: SandboxEngine[Name]
} & {
  readonly hostLinks: SandboxEngine['host']['links']
  readonly hostLink: SandboxEngine['host']['link']
  readonly hostAddresses: SandboxEngine['host']['addresses']
  readonly hostRoutes: SandboxEngine['host']['routes']
  readonly hostSysctl: SandboxEngine['host']['sysctl']
  readonly hostApply: SandboxEngine['host']['apply']
}

/** The name of a call. */
export type EngineCall = keyof Calls
/** What goes into a call. */
export type EngineArgument<Call extends EngineCall> = Parameters<Calls[Call]>[0]
/** What comes out of a call. */
export type EngineResult<Call extends EngineCall> = Awaited<ReturnType<Calls[Call]>>

/** Somebody who works on namespaces: in this thread or in another. */
export interface Engine {
  /** Carries out a call. The signal counts until the work begins. */
  call<Call extends EngineCall>(
    call: Call,
    argument: EngineArgument<Call>,
    signal?: AbortSignal,
  ): Promise<EngineResult<Call>>
  /** Lets go of threads and sockets. */
  close(): Promise<void>
}

/** The calls of an engine in this thread. */
export function callsOf(engine: SandboxEngine): Calls {
  const { host } = engine
  return {
    create: (request) => engine.create(request),
    open: (request) => engine.open(request),
    apply: (request) => engine.apply(request),
    remove: (request) => engine.remove(request),
    destroy: (request) => engine.destroy(request),
    list: (request) => engine.list(request),
    collect: (request) => engine.collect(request),
    statistics: (request) => engine.statistics(request),
    interfaces: (request) => engine.interfaces(request),
    hostLinks: (filter) => host.links(filter),
    hostLink: (name) => host.link(name),
    hostAddresses: (filter) => host.addresses(filter),
    hostRoutes: (filter) => host.routes(filter),
    hostSysctl: (key) => host.sysctl(key),
    hostApply: (operations) => host.apply(operations),
  }
}

/** An engine that works in the calling thread: for short-lived programs, which a thread of its own would only delay. */
export class InlineEngine implements Engine {
  readonly #engine: SandboxEngine
  readonly #calls: Calls
  #closed = false

  constructor(stateFolder: string) {
    this.#engine = new SandboxEngine(stateFolder)
    this.#calls = callsOf(this.#engine)
  }

  async call<Call extends EngineCall>(
    call: Call,
    argument: EngineArgument<Call>,
    signal?: AbortSignal,
  ): Promise<EngineResult<Call>> {
    if (this.#closed) throw commonError('ERR_CLOSED', `${call}: the sandbox provider was closed`)
    throwIfAborted(signal, call)
    const run = this.#calls[call] as (argument: EngineArgument<Call>) => Promise<EngineResult<Call>>
    return await run(argument)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.resolve(this.#engine.close())
  }
}
