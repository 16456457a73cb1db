// Every exported declaration, and every member of an exported interface, says what it promises.

const DECLARATIONS = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'VariableDeclaration',
  'TSDeclareFunction',
])

/**
 * Whether a declaration is a number under the kernel's own name, which the kernel's headers explain.
 *
 * @param {any} declaration
 */
function isKernelConstant(declaration) {
  if (declaration.type !== 'VariableDeclaration') return false
  return declaration.declarations.every(
    (/** @type {any} */ each) => /^[A-Z][A-Z0-9_]+$/.test(each.id.name) && typeof each.init?.value === 'number',
  )
}

/** @type {import('eslint').Rule.RuleModule} */
export const documented = {
  meta: {
    type: 'suggestion',
    docs: { description: 'exported members have a TSDoc comment' },
    messages: { missing: 'An exported member needs a TSDoc comment that says what it promises.' },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context
    /** @param {any} node @param {any} place */
    const check = (node, place = node) => {
      const comment = sourceCode
        .getCommentsBefore(place)
        .filter(({ value }) => !value.trim().startsWith('eslint-disable'))
        .at(-1)
      if (comment?.type !== 'Block' || !comment.value.startsWith('*')) context.report({ node, messageId: 'missing' })
    }
    return {
      ExportNamedDeclaration(node) {
        const declaration = /** @type {any} */ (node.declaration)
        if (!declaration || !DECLARATIONS.has(declaration.type)) return
        if (isKernelConstant(declaration)) return
        const isOverload =
          declaration.type === 'FunctionDeclaration' &&
          sourceCode.ast.body.some(
            (/** @type {any} */ other) =>
              other.declaration?.type === 'TSDeclareFunction' && other.declaration.id?.name === declaration.id?.name,
          )
        if (!isOverload) check(node)
        if (declaration.type !== 'TSInterfaceDeclaration') return
        for (const member of declaration.body.body) {
          if (member.type === 'TSPropertySignature' || member.type === 'TSMethodSignature') check(member)
        }
      },
    }
  },
}
