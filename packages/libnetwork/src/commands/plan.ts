import type { CreateNetworkOptions, EndpointOptions } from '@libnetwork/core'
import { invalidArgument } from '@libnetwork/driver-sdk'
import { makePlan } from '../plan/make-plan.ts'
import { print, type OutputOptions } from './output.ts'

/** Options of `libnetwork plan`, as the command line gives them. */
export interface PlanOptions extends OutputOptions {
  readonly driver?: string | undefined
  readonly subnet?: readonly string[] | undefined
  readonly gateway?: readonly string[] | undefined
  readonly range?: readonly string[] | undefined
  readonly ipv4: boolean
  readonly ipv6?: boolean | undefined
  readonly internal?: boolean | undefined
  readonly option?: readonly string[] | undefined
  readonly endpointOption?: readonly string[] | undefined
  readonly address?: readonly string[] | undefined
  readonly mac?: string | undefined
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
  ) as DriverOptions
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
