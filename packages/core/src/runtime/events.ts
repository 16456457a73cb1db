import { Broadcast } from '../model/broadcast.ts'

/** Facts that every event has. */
export interface EventBase {
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** Something that happened to a network. */
export interface NetworkEvent extends EventBase {
  /** What happened. */
  readonly type: 'network.created' | 'network.deleted'
  /** The network's id. */
  readonly network: string
  /** The network's name. */
  readonly name: string
}

/** Something that happened to an endpoint. */
export interface EndpointEvent extends EventBase {
  /** What happened. */
  readonly type: 'endpoint.created' | 'endpoint.deleted'
  /** The endpoint's id. */
  readonly endpoint: string
  /** The network's id. */
  readonly network: string
  /** The endpoint's name. */
  readonly name: string
}

/** An endpoint and a sandbox came together or parted. */
export interface JoinEvent extends EventBase {
  /** What happened. */
  readonly type: 'endpoint.joined' | 'endpoint.left'
  /** The endpoint's id. */
  readonly endpoint: string
  /** The network's id. */
  readonly network: string
  /** The sandbox's id. */
  readonly sandbox: string
}

/** Something that happened to a sandbox. */
export interface SandboxEvent extends EventBase {
  /** What happened. */
  readonly type: 'sandbox.created' | 'sandbox.deleted'
  /** The sandbox's id. */
  readonly sandbox: string
  /** The sandbox's key. */
  readonly key: string
}

/** A sandbox has another way out. */
export interface GatewayEvent extends EventBase {
  /** What happened. */
  readonly type: 'sandbox.gateway'
  /** The sandbox's id. */
  readonly sandbox: string
  /** The family that it concerns. */
  readonly family: 'ipv4' | 'ipv6'
  /** The endpoint that is the way out now; `undefined` for none. */
  readonly endpoint?: string | undefined
}

/** Everything that a controller tells. Plain JSON. */
export type ControllerEvent = NetworkEvent | EndpointEvent | JoinEvent | SandboxEvent | GatewayEvent

/** The events of one type. */
export type EventOfType<Type extends ControllerEvent['type']> = Extract<ControllerEvent, { readonly type: Type }>

/** An event before its time is known. */
export type EventWithoutTime = ControllerEvent extends infer Event
  ? Event extends ControllerEvent
    ? Omit<Event, 'time'>
    : never
  : never

/** The events of a controller, for listeners and for async iterators. */
export class EventHub {
  readonly #broadcast = new Broadcast<ControllerEvent>()
  readonly #listeners = new Map<string, Set<(event: ControllerEvent) => void>>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Tells everybody. What a listener throws is its own affair and surfaces as an uncaught exception. */
  emit(event: EventWithoutTime): void {
    const complete = { ...event, time: this.#now() } as ControllerEvent
    this.#broadcast.publish(complete)
    for (const listener of this.#listeners.get(event.type) ?? []) {
      queueMicrotask(() => listener(complete))
    }
  }

  /** Calls the listener for each event of a type, until the returned function is called. */
  on<Type extends ControllerEvent['type']>(type: Type, listener: (event: EventOfType<Type>) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners)
    const wrapped = (event: ControllerEvent): void => listener(event as EventOfType<Type>)
    listeners.add(wrapped)
    return () => listeners.delete(wrapped)
  }

  /** All events from now on, until the signal fires or the controller closes. */
  iterate(signal?: AbortSignal): AsyncIterableIterator<ControllerEvent> {
    return this.#broadcast.subscribe(signal)
  }

  /** Ends all iterators. */
  end(): void {
    this.#broadcast.end()
  }
}
