import { firstAddress, formatAddress, parseCidr, type Cidr } from '@libnetwork/driver-sdk'
import { RT_TABLE_COMPAT, RT_TABLE_MAIN } from '../message/route.ts'
import { FR_ACT_TO_TBL, ruleProblems, writeRule, type RuleAttributes } from '../message/rule.ts'
import { AF_INET, AF_INET6, NLM_F_CREATE, NLM_F_EXCL, RTM_DELRULE, RTM_NEWRULE } from '../wire/constants.ts'
import { u32 } from '../wire/attribute-codec.ts'
import { assertObject, familyName, memberProblems } from './argument.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'

/** A rule that says which packets ask which table. */
export interface RuleSpec {
  /** Family of a rule without addresses. Default `ipv4`. */
  readonly family?: 'ipv4' | 'ipv6' | undefined
  /** Priority; the lowest is asked first. */
  readonly priority?: number | undefined
  /** Source, CIDR text. */
  readonly from?: string | undefined
  /** Destination, CIDR text. */
  readonly to?: string | undefined
  /** Name of the link that packets come in by. */
  readonly inputName?: string | undefined
  /** Name of the link that packets leave by. */
  readonly outputName?: string | undefined
  /** Packet mark. */
  readonly mark?: number | undefined
  /** Which bits of the mark count. */
  readonly mask?: number | undefined
  /** Table number. Default 254, the main one. */
  readonly table?: number | undefined
}

function networkOf(cidr: Cidr | undefined): string | undefined {
  return cidr && formatAddress({ family: cidr.family, value: firstAddress(cidr) })
}

function request(operation: string, type: number, flags: number, spec: RuleSpec): RouteRequest {
  assertObject(operation, 'the rule', spec)
  const subject = [
    spec.from === undefined ? undefined : `from ${String(spec.from)}`,
    spec.to === undefined ? undefined : `to ${String(spec.to)}`,
    `table ${String(spec.table ?? RT_TABLE_MAIN)}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
  const from = typeof spec.from === 'string' ? parseCidr(spec.from) : undefined
  const to = typeof spec.to === 'string' ? parseCidr(spec.to) : undefined
  const table = spec.table ?? RT_TABLE_MAIN
  const attributes: RuleAttributes = {
    to: networkOf(to),
    from: networkOf(from),
    inputName: spec.inputName,
    priority: spec.priority,
    mark: spec.mark,
    mask: spec.mask,
    table: table > 255 ? table : undefined,
    outputName: spec.outputName,
  }
  const problems = [...ruleProblems(attributes), ...memberProblems(spec, { family: familyName, table: u32 })]
  if (spec.from !== undefined && from === undefined) problems.push('from must be CIDR text')
  if (spec.to !== undefined && to === undefined) problems.push('to must be CIDR text')
  if (from !== undefined && to !== undefined && from.family !== to.family)
    problems.push('from and to differ in family')
  assertNoProblems({ operation, subject }, problems)
  const family = from?.family ?? to?.family ?? spec.family ?? 'ipv4'
  return {
    operation,
    subject,
    type,
    flags,
    write: (writer) =>
      writeRule(writer, {
        family: family === 'ipv6' ? AF_INET6 : AF_INET,
        toPrefix: to?.prefix ?? 0,
        fromPrefix: from?.prefix ?? 0,
        tos: 0,
        headerTable: table > 255 ? RT_TABLE_COMPAT : table,
        action: FR_ACT_TO_TBL,
        flags: 0,
        attributes,
      }),
  }
}

/** Adds a rule (`RTM_NEWRULE`). `EEXIST` when there is the same one. */
export function newRule(spec: RuleSpec): RouteRequest {
  return request('rule add', RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, spec)
}

/** Deletes a rule (`RTM_DELRULE`). `ENOENT` when there is none. */
export function deleteRule(spec: RuleSpec): RouteRequest {
  return request('rule delete', RTM_DELRULE, 0, spec)
}
