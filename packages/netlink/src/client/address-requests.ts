import { parseCidr } from '@libnetwork/driver-sdk'
import { addressProblems, writeAddress, type AddressAttributes } from '../message/address.ts'
import {
  AF_INET,
  AF_INET6,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  RTM_DELADDR,
  RTM_NEWADDR,
} from '../wire/constants.ts'
import { u8 } from '../wire/attribute-codec.ts'
import { linkIndex } from '../wire/value-check.ts'
import { assertObject, familyProblems, memberProblems, requiredProblem } from './argument.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'

/** An address of a link. */
export interface AddressSpec {
  /** Number of the link. */
  readonly index: number
  /** The address with its prefix length, CIDR text: `10.0.0.2/24`. */
  readonly address: string
  /** The other side's address on a point-to-point link, address text. */
  readonly peer?: string | undefined
  /** Broadcast address, address text. None by default. */
  readonly broadcast?: string | undefined
  /** Label, IPv4 only. */
  readonly label?: string | undefined
  /** `RT_SCOPE_*`. Default 0, the whole world. */
  readonly scope?: number | undefined
  /** `IFA_F_*`: `IFA_F_NODAD` saves IPv6 the second of duplicate address detection. */
  readonly flags?: number | undefined
  /** Metric of the route that the kernel makes for the prefix. */
  readonly metric?: number | undefined
}

function request(operation: string, type: number, flags: number, spec: AddressSpec): RouteRequest {
  assertObject(operation, 'the address', spec)
  const subject = `${String(spec.address)} on index ${String(spec.index)}`
  const cidr = typeof spec.address === 'string' ? parseCidr(spec.address) : undefined
  const bare = cidr === undefined ? '' : spec.address.slice(0, spec.address.indexOf('/'))
  const attributes: AddressAttributes = {
    address: spec.peer ?? bare,
    local: bare,
    label: spec.label,
    broadcast: spec.broadcast,
    flags: spec.flags,
    metric: spec.metric,
  }
  assertNoProblems({ operation, subject }, [
    ...(cidr === undefined
      ? ['address must be CIDR text such as 10.0.0.2/24']
      : [
          ...addressProblems(attributes),
          ...familyProblems(cidr.family, { peer: spec.peer, broadcast: spec.broadcast }),
        ]),
    ...requiredProblem('index', spec.index, linkIndex),
    ...memberProblems(spec, { scope: u8 }),
  ])
  return {
    operation,
    subject,
    type,
    flags,
    write: (writer) =>
      writeAddress(writer, {
        family: cidr?.family === 'ipv6' ? AF_INET6 : AF_INET,
        prefix: cidr?.prefix ?? 0,
        headerFlags: 0,
        scope: spec.scope ?? 0,
        index: spec.index,
        attributes,
      }),
  }
}

/** Adds an address (`RTM_NEWADDR`). `EEXIST` when the link has it, unless `replace` is given. */
export function newAddress(spec: AddressSpec, options: { readonly replace?: boolean } = {}): RouteRequest {
  const flags = NLM_F_CREATE | (options.replace === true ? NLM_F_REPLACE : NLM_F_EXCL)
  return request('address add', RTM_NEWADDR, flags, spec)
}

/** Takes an address away (`RTM_DELADDR`). `EADDRNOTAVAIL` when the link does not have it. */
export function deleteAddress(spec: AddressSpec): RouteRequest {
  return request('address delete', RTM_DELADDR, 0, spec)
}
