import type { CreateNetworkOptions, EndpointOptions } from '@libnetwork/core'
import { invalidArgument } from '@libnetwork/driver-sdk'
import { makePlan } from '../plan/make-plan.ts'
import { print, type OutputOptions } from './output.ts'

/** Options of `libnetwork plan`, as the command line gives them. */
export interface PlanOptions extends OutputOptions {
  /** Network driver. */
  readonly driver?: string | undefined
  /** Subnets, CIDR text. */
  readonly subnet?: readonly string[] | undefined
  /** Gateways of the subnets. */
  readonly gateway?: readonly string[] | undefined
  /** Ranges of the subnets. */
  readonly range?: readonly string[] | undefined
  /** Whether the network has IPv4. */
  readonly ipv4: boolean
  /** Whether the network has IPv6. */
  readonly ipv6?: boolean | undefined
  /** Without a way out. */
  readonly internal?: boolean | undefined
  /** Options of the network driver, `key=value`. */
  readonly option?: readonly string[] | undefined
  /** Options of the endpoint, `key=value`. */
  readonly endpointOption?: readonly string[] | undefined
  /** Static addresses of the endpoint. */
  readonly address?: readonly string[] | undefined
  /** MAC address of the endpoint. */
  readonly mac?: string | undefined
  /** Path of the namespace. */
  readonly sandbox: string
}

type DriverOptions = NonNullable<EndpointOptions['options']>

/** Reads `key=value`; a value that is JSON is taken as such, anything else as text. */
function keyValues(texts: readonly string[] | undefined, flag: string): DriverOptions | undefined {
  if (texts === undefined) return undefined
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw invalidArgument('plan', [{ path: flag, message: `${JSON.stringify(text)} is not key=value` }])
      const value = text.slice(at + 1)
      try {
        return [text.slice(0, at), JSON.parse(value)]
      } catch {
        return [text.slice(0, at), value]
      }
    }),
  )
}

function networkOptions(options: PlanOptions): CreateNetworkOptions {
  const { subnet, gateway, range } = options
  return {
    driver: options.driver,
    ...(!options.ipv4 && { ipv4: false }),
    ipv6: options.ipv6,
    internal: options.internal,
    subnets: subnet?.map((text, index) => ({ subnet: text, gateway: gateway?.[index], range: range?.[index] })),
    options: keyValues(options.option, '--option'),
  }
}

/** `libnetwork plan`: what creating a network and joining an endpoint would do, as `ip` commands. Nothing is touched. */
export async function plan(network: string, endpoint: string | undefined, options: PlanOptions): Promise<void> {
  const result = await makePlan({
    network,
    networkOptions: networkOptions(options),
    endpoint,
    endpointOptions: {
      addresses: options.address,
      macAddress: options.mac,
      options: keyValues(options.endpointOption, '--endpoint-option'),
    },
    sandboxKey: options.sandbox,
  })
  print(result, options, ({ commands }) => commands)
}
