import { invalidArgument } from '@libnetwork/driver-sdk'
import * as v from 'valibot'
import { check } from './argument-checks.ts'

/** Narrows a list. An object must match all that is given. */
export interface ListFilter {
  /** Labels that it must have, with these values; `true` for any value. */
  readonly labels?: Readonly<Record<string, string | true>> | undefined
  /** Beginning of its id. */
  readonly id?: string | undefined
}

/** Narrows a list of objects that have names. */
export interface NamedListFilter extends ListFilter {
  /** Its exact name. */
  readonly name?: string | undefined
  /** Name of the network driver. */
  readonly driver?: string | undefined
}

const filterSchema = v.strictObject({
  labels: v.optional(v.record(v.string(), v.union([v.string(), v.literal(true)]))),
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  driver: v.optional(v.string()),
})

interface Filterable {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly name?: string
  readonly driver?: string
}

/**
 * The objects that a filter lets through.
 *
 * @throws `ERR_INVALID_ARGUMENT` for a filter of another shape
 */
export function filterList<Item extends Filterable>(
  operation: string,
  items: readonly Item[],
  filter: NamedListFilter,
): readonly Item[] {
  const shape = check(filterSchema, filter, 'filter')
  if (!('value' in shape)) throw invalidArgument(operation, shape.problems)
  const { labels = {}, id = '', name, driver } = shape.value
  return items.filter(
    (item) =>
      item.id.startsWith(id) &&
      (name === undefined || item.name === name) &&
      (driver === undefined || item.driver === driver) &&
      Object.entries(labels).every(([key, value]) => {
        const found = item.labels[key]
        return value === true ? found !== undefined : found === value
      }),
  )
}
