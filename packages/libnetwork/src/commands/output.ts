import { styleText } from 'node:util'
import { isLibnetworkError, errorToJson, type ErrorKind } from '@libnetwork/driver-sdk'

/** Options that every command has. */
export interface OutputOptions {
  /** Print JSON for programs instead of text for people. */
  readonly json?: boolean | undefined
}

/** Prints a result: as JSON, or as the lines that a function makes of it. */
export function print<Result>(
  result: Result,
  options: OutputOptions,
  toLines: (result: Result) => readonly string[],
): void {
  const text = options.json === true ? JSON.stringify(result, undefined, 2) : toLines(result).join('\n')
  process.stdout.write(`${text}\n`)
}

/** A table with aligned columns. The first row is its head. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row, index) => {
    const text = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
    return index === 0 ? styleText('bold', text) : text
  })
}

// sysexits.h has numbers for some of these; the others are 1.
const EXIT_CODES: Partial<Record<ErrorKind, number>> = { invalid: 64, unavailable: 69, internal: 70, forbidden: 77 }

/** Prints a failure to stderr and sets the exit code by its kind. */
export function fail(error: unknown, options: OutputOptions): void {
  process.exitCode = isLibnetworkError(error) ? (EXIT_CODES[error.kind] ?? 1) : 1
  if (options.json === true) {
    process.stderr.write(`${JSON.stringify({ error: errorToJson(error) }, undefined, 2)}\n`)
    return
  }
  const lines = [`libnetwork: ${error instanceof Error ? error.message : String(error)}`]
  if (isLibnetworkError(error)) {
    lines[0] = `${lines[0] ?? ''} [${error.code}]`
    if (error.hint !== undefined) lines.push(`  ${error.hint}`)
  } else if (error instanceof Error && error.stack !== undefined) lines.push(error.stack)
  process.stderr.write(`${lines.join('\n')}\n`)
}
