import { defineErrors, type ErrorFactory } from '@libnetwork/driver-sdk'

/** Every code that core throws, beside the common ones and those of drivers. */
export const CORE_ERRORS = {
  ERR_NETWORK_EXISTS: { kind: 'exists', summary: 'A network of this name exists already.' },
  ERR_NETWORK_NOT_FOUND: { kind: 'not-found', summary: 'No network has this name, id or beginning of an id.' },
  ERR_NETWORK_IN_USE: { kind: 'conflict', summary: 'The network has endpoints, which must be deleted first.' },
  ERR_ENDPOINT_EXISTS: { kind: 'exists', summary: 'The network has an endpoint of this name already.' },
  ERR_ENDPOINT_NOT_FOUND: { kind: 'not-found', summary: 'No endpoint has this name, id or beginning of an id.' },
  ERR_ENDPOINT_JOINED: { kind: 'conflict', summary: 'The endpoint is joined to a sandbox; it must leave first.' },
  ERR_ENDPOINT_NOT_JOINED: { kind: 'conflict', summary: 'The endpoint is not joined to a sandbox.' },
  ERR_SANDBOX_KEY_IN_USE: { kind: 'exists', summary: 'A sandbox of this controller has the key already.' },
  ERR_SANDBOX_RECORD_NOT_FOUND: { kind: 'not-found', summary: 'No sandbox has this key, id or beginning of an id.' },
  ERR_AMBIGUOUS_ID: { kind: 'conflict', summary: 'Several objects begin with the partial id.' },
  ERR_DRIVER_NOT_FOUND: { kind: 'not-found', summary: 'No driver of this kind and name was found.' },
  ERR_DRIVER_CONFLICT: { kind: 'conflict', summary: 'Several packages provide a driver of the same kind and name.' },
  ERR_DRIVER_NOT_ALLOWED: {
    kind: 'forbidden',
    summary: 'The package is installed, but drivers.allow does not name it.',
  },
  ERR_DRIVER_API_MISMATCH: { kind: 'unsupported', summary: 'The driver wants another version of the driver API.' },
  ERR_DRIVER_LOAD: {
    kind: 'unavailable',
    summary: "The driver's entry could not be imported, or the driver not made.",
  },
  ERR_DRIVER_CONTRACT: { kind: 'internal', summary: 'The driver is not what its manifest declares.' },
  ERR_DRIVER_UNAVAILABLE: {
    kind: 'unavailable',
    summary: 'The driver was found, but cannot be used; the message says why.',
  },
  ERR_HOST_APPLICATION: {
    kind: 'invalid',
    summary: 'The application whose dependencies shall be searched is not known.',
  },
  ERR_STORE_CONFLICT: { kind: 'conflict', summary: 'A record was changed by somebody else since it was read.' },
} as const

/** A code of {@link CORE_ERRORS}. */
export type CoreErrorCode = keyof typeof CORE_ERRORS

/** Makes an error of {@link CORE_ERRORS}. */
export const coreError: ErrorFactory<CoreErrorCode> = defineErrors(CORE_ERRORS)
