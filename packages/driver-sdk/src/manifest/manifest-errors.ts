import { defineErrors, type ErrorFactory } from '../errors/define-errors.ts'

/** The codes of {@link parseManifest}. */
export const MANIFEST_ERRORS = {
  ERR_DRIVER_MANIFEST: {
    kind: 'invalid',
    summary:
      'The "libnetwork" field of a package.json is missing or wrong; `details.problems` has everything that is.',
  },
} as const

/** Makes an error of {@link MANIFEST_ERRORS}. */
export const manifestError: ErrorFactory<keyof typeof MANIFEST_ERRORS> = defineErrors(MANIFEST_ERRORS)
