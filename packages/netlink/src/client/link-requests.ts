import {
  attributesOf,
  IFF_UP,
  linkProblems,
  netnsProblems,
  writeLink,
  type LinkAttributes,
  type LinkSettings,
  type LinkSpec,
} from '../message/link.ts'
import { bool, linkName } from '../wire/attribute-codec.ts'
import { NLM_F_CREATE, NLM_F_EXCL, RTM_DELLINK, RTM_NEWLINK } from '../wire/constants.ts'
import { linkIndex } from '../wire/value-check.ts'
import { assertObject, isObject, memberProblems, requiredProblem, selectorProblems } from './argument.ts'
import { assertNoProblems, type RouteRequest } from './route-request.ts'

/**
 * Names a link. In a batch go by name: a batch is not atomic, and when the message that makes a link fails, its index may
 * be a stranger's.
 */
export type LinkSelector = { readonly name: string } | { readonly index: number }

/** A selector as people read it. */
export function selectorText(selector: LinkSelector): string {
  return 'name' in selector ? selector.name : `index ${selector.index}`
}

/**
 * Refuses what names no link.
 *
 * @throws `ERR_INVALID_ARGUMENT`
 */
export function assertSelector(operation: string, selector: LinkSelector): void {
  assertObject(operation, 'the selector', selector)
  assertNoProblems({ operation, subject: 'link' }, selectorProblems(selector))
}

function request(
  operation: string,
  subject: string,
  type: number,
  flags: number,
  index: number,
  up: boolean | undefined,
  attributes: LinkAttributes,
  problems: readonly string[],
): RouteRequest {
  assertNoProblems({ operation, subject }, [...problems, ...linkProblems(attributes)])
  return {
    operation,
    subject,
    type,
    flags,
    write: (writer) =>
      writeLink(writer, {
        family: 0,
        hardwareType: 0,
        index,
        flags: up === true ? IFF_UP : 0,
        change: up === undefined ? 0 : IFF_UP,
        attributes,
      }),
  }
}

/**
 * Makes a link (`RTM_NEWLINK`). `EEXIST` when its name or index is taken.
 *
 * @throws `ERR_INVALID_ARGUMENT` for values that have no place in the message
 */
export function newLink(spec: LinkSpec): RouteRequest {
  assertObject('link add', 'the link', spec)
  return request(
    'link add',
    String(spec.name),
    RTM_NEWLINK,
    NLM_F_CREATE | NLM_F_EXCL,
    spec.index ?? 0,
    spec.up,
    attributesOf(spec),
    [
      // A name that is there is looked at with the other attributes.
      ...((spec.name as unknown) === undefined ? requiredProblem('name', spec.name, linkName) : []),
      ...(isObject(spec.info) ? [] : ['info must be an object with a kind']),
      ...memberProblems(spec, { index: linkIndex, up: bool }),
      ...netnsProblems(spec.netns),
    ],
  )
}

/** What {@link setLink} can change. */
export interface LinkChanges extends LinkSettings {
  /** New name. The link must be selected by its index. */
  readonly name?: string | undefined
}

/**
 * Changes a link (`RTM_NEWLINK` without `NLM_F_CREATE`).
 *
 * @throws `ERR_INVALID_ARGUMENT` for values that have no place in the message
 */
export function setLink(selector: LinkSelector, changes: LinkChanges): RouteRequest {
  assertSelector('link set', selector)
  assertObject('link set', 'the changes', changes)
  const attributes = attributesOf(changes)
  const named = 'name' in selector ? { ...attributes, name: selector.name } : attributes
  const index = 'index' in selector ? selector.index : 0
  return request('link set', selectorText(selector), RTM_NEWLINK, 0, index, changes.up, named, [
    ...memberProblems(changes, { up: bool }),
    ...netnsProblems(changes.netns),
    ...('name' in selector && changes.name !== undefined && changes.name !== selector.name
      ? ['name can be changed only of a link that is selected by its index']
      : []),
  ])
}

/** Deletes a link (`RTM_DELLINK`). `ENODEV` when there is none. */
export function deleteLink(selector: LinkSelector): RouteRequest {
  assertSelector('link delete', selector)
  const attributes: LinkAttributes = 'name' in selector ? { name: selector.name } : {}
  const index = 'index' in selector ? selector.index : 0
  return request('link delete', selectorText(selector), RTM_DELLINK, 0, index, undefined, attributes, [])
}
