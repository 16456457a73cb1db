import type { CallContext } from '../../contract/call-context.ts'

/** Stands between a driver and its context: gets the number of the call, its name, and the function that carries it out. */
export type Interceptor = <Answer>(index: number, name: string, carryOut: () => Promise<Answer>) => Promise<Answer>

/** The context with every call of its host and its state numbered, from 0, and handed to the interceptor. */
export function interceptCalls({ host, state, ...context }: CallContext, intercept: Interceptor): CallContext {
  let count = 0
  const through = async <Answer>(name: string, carryOut: () => Promise<Answer>): Promise<Answer> =>
    await intercept(count++, name, carryOut)
  return {
    ...context,
    host: {
      links: (filter) => through('host.links', () => host.links(filter)),
      link: (name) => through('host.link', () => host.link(name)),
      addresses: (filter) => through('host.addresses', () => host.addresses(filter)),
      routes: (filter) => through('host.routes', () => host.routes(filter)),
      sysctl: (key) => through('host.sysctl', () => host.sysctl(key)),
      apply: (operations, options) => through('host.apply', () => host.apply(operations, options)),
    },
    state: {
      get: (key) => through('state.get', () => state.get(key)),
      list: (prefix) => through('state.list', () => state.list(prefix)),
      update: (keys, change) => through('state.update', () => state.update(keys, change)),
    },
  }
}
