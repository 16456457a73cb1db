import { pathToFileURL } from 'node:url'
import {
  isDriverModule,
  isLibnetworkError,
  type DriverContracts,
  type DriverKind,
  type DriverModule,
} from '@libnetwork/driver-sdk'
import { coreError, type CoreErrorCode } from '../errors.ts'
import type { DriverCandidate } from './discover-drivers.ts'
import type { DriverRow, DriverRowState } from './driver-row.ts'

const STATE_ERRORS: Partial<Record<DriverRowState, CoreErrorCode>> = {
  conflict: 'ERR_DRIVER_CONFLICT',
  incompatible: 'ERR_DRIVER_API_MISMATCH',
  'not-allowed': 'ERR_DRIVER_NOT_ALLOWED',
}

/** The drivers that discovery found, made on first use. */
export class DriverRegistry {
  readonly #candidates: DriverCandidate[]
  readonly #made = new Map<string, Promise<DriverContracts[DriverKind]>>()

  constructor(candidates: readonly DriverCandidate[]) {
    this.#candidates = [...candidates]
  }

  /** One row for every candidate. */
  rows(): readonly DriverRow[] {
    return this.#candidates.map(({ row }) => row)
  }

  /**
   * The driver of a kind and name, imported and made on the first call.
   *
   * @throws `ERR_DRIVER_NOT_FOUND`, or the error that says why it cannot be used
   */
  async get<Kind extends DriverKind>(kind: Kind, name: string): Promise<DriverContracts[Kind]> {
    const candidate = this.#choose(kind, name)
    const key = `${kind}/${candidate.row.name}`
    let made = this.#made.get(key)
    if (made === undefined) {
      made = this.#load(candidate)
      this.#made.set(key, made)
    }
    const driver = await made
    // #load has compared the driver's kind with the candidate's.
    return driver as DriverContracts[Kind]
  }

  /** Every driver of a kind that has been made so far. */
  async loaded<Kind extends DriverKind>(kind: Kind): Promise<readonly DriverContracts[Kind][]> {
    const settled = await Promise.allSettled(this.#made.values())
    return settled.flatMap((result) =>
      result.status === 'fulfilled' && result.value.kind === kind ? [result.value as DriverContracts[Kind]] : [],
    )
  }

  #choose(kind: DriverKind, name: string): DriverCandidate {
    const named = this.#candidates.filter(
      ({ row }) => row.kind === kind && (row.name === name || row.aliases.includes(name)),
    )
    const usable = named.find(({ row }) => row.state === 'ready' || row.state === 'loaded')
    if (usable !== undefined) return usable
    const [refused] = named
    if (refused !== undefined) {
      const { row } = refused
      const code = STATE_ERRORS[row.state] ?? 'ERR_DRIVER_UNAVAILABLE'
      throw coreError(
        code,
        `${kind} driver "${name}" of ${row.package ?? 'drivers.use'} is ${row.state}: ${row.reason ?? ''}`,
        {
          details: { kind, name, package: row.package, state: row.state },
        },
      )
    }
    const known = this.#candidates.filter(({ row }) => row.kind === kind).map(({ row }) => row.name)
    throw coreError('ERR_DRIVER_NOT_FOUND', `no ${kind} driver "${name}"; known are: ${known.join(', ') || 'none'}`, {
      details: { kind, name, known },
      hint: 'Install its package as a dependency of your application and name it in drivers.allow.',
    })
  }

  async #load(candidate: DriverCandidate): Promise<DriverContracts[DriverKind]> {
    const { row } = candidate
    try {
      const module = candidate.module ?? (await this.#import(candidate))
      if (module.kind !== row.kind || module.name !== row.name) {
        throw coreError(
          'ERR_DRIVER_CONTRACT',
          `${candidate.file ?? row.name} is ${module.kind} driver "${module.name}", but declared as ${row.kind} driver "${row.name}"`,
        )
      }
      const driver = await module.create()
      if (driver.kind !== row.kind) {
        throw coreError(
          'ERR_DRIVER_CONTRACT',
          `${row.kind} driver "${row.name}": create() made a driver of kind ${driver.kind}`,
        )
      }
      this.#mark(candidate, 'loaded')
      return driver
    } catch (cause) {
      const error = isLibnetworkError(cause)
        ? cause
        : coreError(
            'ERR_DRIVER_LOAD',
            `${row.kind} driver "${row.name}": ${cause instanceof Error ? cause.message : String(cause)}`,
            {
              details: { kind: row.kind, name: row.name, file: candidate.file },
              cause,
            },
          )
      this.#mark(candidate, 'failed', error.message)
      throw error
    }
  }

  async #import({ file, row }: DriverCandidate): Promise<DriverModule> {
    const namespace = (await import(pathToFileURL(file ?? '').href)) as { readonly default?: unknown }
    // A module that TypeScript compiled to CommonJS has its default export one level deeper.
    const inner: unknown = namespace.default
    const nested = typeof inner === 'object' && inner !== null && 'default' in inner ? inner.default : undefined
    const found = [inner, nested].find(isDriverModule)
    if (found !== undefined) return found
    throw coreError(
      'ERR_DRIVER_CONTRACT',
      `${file ?? row.name} must export a driver by default, as defineNetworkDriver() returns it; it exports ${Object.keys(namespace).join(', ') || 'nothing'}`,
    )
  }

  #mark(candidate: DriverCandidate, state: DriverRowState, reason?: string): void {
    const index = this.#candidates.findIndex(
      ({ row }) =>
        row.kind === candidate.row.kind && row.name === candidate.row.name && row.package === candidate.row.package,
    )
    if (index >= 0) this.#candidates[index] = { ...candidate, row: { ...candidate.row, state, reason } }
  }
}
