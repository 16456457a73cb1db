import type { StandardSchemaV1 } from '@standard-schema/spec'

/**
 * A schema for options: anything that implements Standard Schema (valibot, zod, arktype, ...). It must refuse unknown
 * keys, and what it returns must be plain JSON.
 */
export type OptionsSchema<Options> = StandardSchemaV1<unknown, Options>
