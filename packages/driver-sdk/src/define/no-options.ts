import type { OptionsSchema } from '../contract/options-schema.ts'

/** The schema of a driver without options: anything but an empty object is refused, key by key. */
export const noOptions: OptionsSchema<Record<string, never>> = {
  '~standard': {
    version: 1,
    vendor: 'libnetwork',
    validate: (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return { issues: [{ message: 'must be an object' }] }
      }
      const keys = Object.keys(value)
      if (keys.length === 0) return { value: {} }
      return { issues: keys.map((key) => ({ path: [key], message: 'unknown option; the driver has none' })) }
    },
  },
}
