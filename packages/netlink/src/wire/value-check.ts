/** What tells why a value cannot be used. Every codec is one. */
export interface ValueCheck {
  /** Why the value cannot be used, or `undefined`. */
  problem(value: unknown): string | undefined
}

const INDEX_MAX = 0x7fffffff

/** Numbers that a link may have. */
export const linkIndex: ValueCheck = {
  problem: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= INDEX_MAX
      ? undefined
      : `must be an integer from 1 to ${INDEX_MAX}`,
}
