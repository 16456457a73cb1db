import { parseAddress } from '@libnetwork/driver-sdk'
import {
  neighbourProblems,
  NTF_MASTER,
  NTF_SELF,
  NUD_NOARP,
  NUD_PERMANENT,
  writeNeighbour,
  type NeighbourAttributes,
} from '../message/neighbour.ts'
import {
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  RTM_DELNEIGH,
  RTM_NEWNEIGH,
} from '../wire/constants.ts'
import { u16 } from '../wire/attribute-codec.ts'
import { linkIndex, type ValueCheck } from '../wire/value-check.ts'
import { assertObject, memberProblems, requiredProblem } from './argument.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'

/** A neighbour, or a forwarding entry of a bridge or VXLAN device. */
export interface NeighbourSpec {
  /** Number of the link. */
  readonly index: number
  /** The neighbour's address; for a forwarding entry the remote tunnel end. Address text. */
  readonly address?: string | undefined
  /** MAC address. */
  readonly mac?: string | undefined
  /** `NUD_*`. Default `NUD_PERMANENT`. */
  readonly state?: number | undefined
  /** A forwarding entry: of the device itself (`self`), or of the bridge that it is a port of (`master`). */
  readonly fdb?: 'self' | 'master' | undefined
  /** VLAN of a forwarding entry. */
  readonly vlan?: number | undefined
}

const fdbKind: ValueCheck = {
  problem: (value) => (value === 'self' || value === 'master' ? undefined : 'must be self or master'),
}

function request(operation: string, type: number, flags: number, spec: NeighbourSpec): RouteRequest {
  assertObject(operation, 'the neighbour', spec)
  const subject = `${String(spec.address ?? spec.mac)} on index ${String(spec.index)}`
  const attributes: NeighbourAttributes = { address: spec.address, mac: spec.mac, vlan: spec.vlan }
  const problems = [
    ...neighbourProblems(attributes),
    ...requiredProblem('index', spec.index, linkIndex),
    ...memberProblems(spec, { state: u16, fdb: fdbKind }),
  ]
  if (spec.fdb === undefined && spec.address === undefined) problems.push('a neighbour needs an address')
  if (spec.fdb !== undefined && spec.mac === undefined) problems.push('a forwarding entry needs a MAC address')
  assertNoProblems({ operation, subject }, problems)
  const family = spec.address !== undefined && parseAddress(spec.address)?.family === 'ipv6' ? AF_INET6 : AF_INET
  const fdbFlags = spec.fdb === 'master' ? NTF_MASTER : NTF_SELF
  return {
    operation,
    subject,
    type,
    flags,
    write: (writer) =>
      writeNeighbour(writer, {
        family: spec.fdb === undefined ? family : AF_BRIDGE,
        index: spec.index,
        state: spec.state ?? (spec.fdb === 'master' ? NUD_NOARP : NUD_PERMANENT),
        flags: spec.fdb === undefined ? 0 : fdbFlags,
        type: 0,
        attributes,
      }),
  }
}

/** How {@link newNeighbour} meets an entry that is there. */
export interface NewNeighbourOptions {
  /** Replaces it instead of failing with `EEXIST`. */
  readonly replace?: boolean | undefined
  /** Adds another destination beside it: forwarding entries of VXLAN devices. */
  readonly append?: boolean | undefined
}

/** Adds a neighbour or forwarding entry (`RTM_NEWNEIGH`). */
export function newNeighbour(spec: NeighbourSpec, options: NewNeighbourOptions = {}): RouteRequest {
  const mode = options.append === true ? NLM_F_APPEND : options.replace === true ? NLM_F_REPLACE : NLM_F_EXCL
  return request('neighbour add', RTM_NEWNEIGH, NLM_F_CREATE | mode, spec)
}

/** Deletes a neighbour or forwarding entry (`RTM_DELNEIGH`). `ENOENT` when there is none. */
export function deleteNeighbour(spec: NeighbourSpec): RouteRequest {
  return request('neighbour delete', RTM_DELNEIGH, 0, spec)
}
