import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { documented } from '../documented.mjs'

const linter = new Linter()

/** The lines of a file in which the rule finds something. */
function findings(text: string): number[] {
  const messages = linter.verify(text, {
    languageOptions: { parser: tseslint.parser },
    plugins: { libnetwork: { rules: { documented } } },
    rules: { 'libnetwork/documented': 'error' },
  })
  return messages.map(({ line }) => line)
}

describe('the rule of the doc comments', () => {
  it.each([
    ['a function', 'export function f(): void {}'],
    ['a class', 'export class C {}'],
    ['a type', 'export type T = string'],
    ['a value', 'export const v = {}'],
    ['something with a comment of another kind', '// Not a doc comment.\nexport type T = string'],
  ])('is broken by %s without one', (_title, text) => {
    expect(findings(text)).toHaveLength(1)
    expect(findings(`/** Says it. */\n${text.split('\n').at(-1) ?? ''}`)).toEqual([])
  })

  it("is broken by an interface's member without one", () => {
    expect(findings('/** I. */\nexport interface I {\n  /** Says it. */\n  a: string\n  b(): void\n}')).toEqual([5])
  })

  it.each([
    ['what is not exported', 'function f(): void {}\nf()'],
    ["a number under the kernel's own name", 'export const RTM_NEWLINK = 16'],
    ['what is exported from elsewhere', "export { a } from './a.ts'"],
  ])('leaves %s alone', (_title, text) => {
    expect(findings(text)).toEqual([])
  })
})
