import type { CallContext } from '../contract/call-context.ts'
import type { EndpointRequest, NetworkRequest } from '../contract/network-driver.ts'
import { commonError, throwIfAborted } from '../errors/common-errors.ts'
import type { JsonValue } from '../errors/libnetwork-error.ts'
import { requestFingerprint } from './request-fingerprint.ts'

/** What {@link objectRecords} shall keep an eye on. */
export interface ObjectRecordsOptions {
  /** The driver's name, for the errors' messages. */
  readonly driver: string
  /** Whether there can be one network only. Default: any number. */
  readonly singleNetwork?: boolean | undefined
}

/**
 * Keeps in `context.state` which networks and endpoints were created and with what request. That is all that it takes to make
 * the verbs of a driver idempotent which has nothing else to remember. Every function checks the signal first.
 */
export interface ObjectRecords {
  /**
   * Records a network. Again with the same request it changes nothing.
   *
   * @throws `ERR_OBJECT_CONFLICT` for another request of the same id, or a second network where there can be one only
   */
  readonly addNetwork: (request: NetworkRequest<object>, context: CallContext) => Promise<void>
  /** Forgets a network. One that is not there is no error. */
  readonly deleteNetwork: (request: NetworkRequest<object>, context: CallContext) => Promise<void>
  /**
   * Records an endpoint of a network that was recorded. Again with the same request it changes nothing.
   *
   * @throws `ERR_OBJECT_NOT_FOUND` for an unknown network, `ERR_OBJECT_CONFLICT` for another request of the same id
   */
  readonly addEndpoint: (request: EndpointRequest<object, object>, context: CallContext) => Promise<void>
  /** Forgets an endpoint. One that is not there is no error. */
  readonly deleteEndpoint: (request: EndpointRequest<object, object>, context: CallContext) => Promise<void>
  /**
   * Makes sure that network and endpoint were recorded; `join` begins with it.
   *
   * @throws `ERR_OBJECT_NOT_FOUND`
   */
  readonly requireEndpoint: (request: EndpointRequest<object, object>, context: CallContext) => Promise<void>
}

const SINGLE = 'single'

function networkKey(id: string): string {
  return `network/${id}`
}

function endpointKey(network: string, id: string): string {
  return `endpoint/${network}/${id}`
}

/**
 * The records of one driver.
 *
 * @param options - the driver's name, and whether it can have one network only
 */
export function objectRecords({ driver, singleNetwork = false }: ObjectRecordsOptions): ObjectRecords {
  const conflict = (what: string, found: string): Error =>
    commonError('ERR_OBJECT_CONFLICT', `driver "${driver}": create ${what}: ${found}`)
  const assertSame = (what: string, known: JsonValue, request: string): void => {
    if (known !== request) throw conflict(what, 'its id was created with another request')
  }
  const notFound = (what: string): Error =>
    commonError('ERR_OBJECT_NOT_FOUND', `driver "${driver}": ${what} was not created`)

  return {
    async addNetwork({ network }, { state, signal }) {
      throwIfAborted(signal, `create network "${network.name}"`)
      const key = networkKey(network.id)
      const request = requestFingerprint(network)
      await state.update(singleNetwork ? [key, SINGLE] : [key], (current) => {
        const known = current.get(key)
        if (known !== undefined) {
          assertSame(`network "${network.name}"`, known, request)
          return { result: undefined }
        }
        if (current.get(SINGLE) !== undefined) {
          throw conflict(`network "${network.name}"`, 'there can be one network only, and there is one')
        }
        return { set: { [key]: request, ...(singleNetwork && { [SINGLE]: network.id }) }, result: undefined }
      })
    },
    async deleteNetwork({ network }, { state, signal }) {
      throwIfAborted(signal, `delete network "${network.name}"`)
      const key = networkKey(network.id)
      await state.update(singleNetwork ? [key, SINGLE] : [key], (current) => ({
        delete: current.get(SINGLE) === network.id ? [key, SINGLE] : [key],
        result: undefined,
      }))
    },
    async addEndpoint({ network, endpoint }, { state, signal }) {
      throwIfAborted(signal, `create endpoint "${endpoint.name}"`)
      const [parent, key] = [networkKey(network.id), endpointKey(network.id, endpoint.id)]
      const request = requestFingerprint(endpoint)
      await state.update([parent, key], (current) => {
        if (current.get(parent) === undefined) throw notFound(`network "${network.name}"`)
        const known = current.get(key)
        if (known === undefined) return { set: { [key]: request }, result: undefined }
        assertSame(`endpoint "${endpoint.name}"`, known, request)
        return { result: undefined }
      })
    },
    async deleteEndpoint({ network, endpoint }, { state, signal }) {
      throwIfAborted(signal, `delete endpoint "${endpoint.name}"`)
      const key = endpointKey(network.id, endpoint.id)
      await state.update([key], () => ({ delete: [key], result: undefined }))
    },
    async requireEndpoint({ network, endpoint }, { state, signal }) {
      throwIfAborted(signal, `join endpoint "${endpoint.name}"`)
      if ((await state.get(networkKey(network.id))) === undefined) throw notFound(`network "${network.name}"`)
      if ((await state.get(endpointKey(network.id, endpoint.id))) === undefined)
        throw notFound(`endpoint "${endpoint.name}"`)
    },
  }
}
