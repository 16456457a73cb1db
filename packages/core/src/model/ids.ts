import { randomBytes } from 'node:crypto'

/** Digits of an id that people get to see. */
const SHORT_ID_LENGTH = 12

/**
 * A new object id: 64 hexadecimal digits. Never one whose first 12 digits are all decimal, since a host name made of it
 * would read as a number.
 */
export function newId(): string {
  for (;;) {
    const id = randomBytes(32).toString('hex')
    if (!/^\d{12}/.test(id)) return id
  }
}

/** The first 12 digits of an id. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID_LENGTH)
}
