// Imports between packages go downwards only: DESIGN of the layers, as a lint rule.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/**
 * @typedef {object} Workspace
 * @property {string} folder of the package
 * @property {string} name on npm
 * @property {number} layer from its nx tag
 * @property {boolean} contractOnly whether it may know nothing but the contract
 */

/** @type {Map<string, Workspace | undefined>} */
const known = new Map()

/** @type {(folder: string) => Workspace | undefined} */
function readWorkspace(folder) {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  const content = JSON.parse(readFileSync(file, 'utf8'))
  /** @type {string[]} */
  const tags = content.nx?.tags ?? []
  const layer = tags.find((tag) => tag.startsWith('layer:'))
  if (layer === undefined) return undefined
  return {
    folder,
    name: content.name,
    layer: Number(layer.slice('layer:'.length)),
    contractOnly: tags.includes('contract-only'),
  }
}

/** @type {(folder: string) => Workspace | undefined} */
function workspaceAt(folder) {
  if (!known.has(folder)) known.set(folder, readWorkspace(folder))
  return known.get(folder)
}

/** @type {(file: string) => Workspace | undefined} */
function workspaceOf(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const found = workspaceAt(folder)
    if (found !== undefined) return found
  }
  return undefined
}

/** @type {(own: Workspace, specifier: string) => Workspace | undefined} */
function workspaceNamed(own, specifier) {
  const match = /^(?:@libnetwork\/([a-z0-9-]+)|(libnetwork))(?:\/|$)/.exec(specifier)
  if (match === null) return undefined
  return workspaceAt(join(dirname(own.folder), match[1] ?? match[2] ?? ''))
}

/** @type {(own: Workspace, target: Workspace) => string | undefined} */
function problem(own, target) {
  if (target.layer >= own.layer) return 'upwards'
  return own.contractOnly && target.layer > 0 ? 'contract' : undefined
}

/** @type {import('eslint').Rule.RuleModule} */
export const layers = {
  meta: {
    type: 'problem',
    docs: { description: 'imports between packages go downwards only' },
    messages: {
      upwards:
        '{{own}} (layer {{ownLayer}}) must not import {{target}} (layer {{targetLayer}}): imports go downwards only.',
      contract: '{{own}} must not import {{target}}: it knows the contract alone, and finds the rest by manifest.',
      around: '{{own}} must not import {{specifier}}: other packages are imported by their names.',
    },
    schema: [],
  },
  create(context) {
    const own = workspaceOf(context.filename)
    if (own === undefined) return {}
    /** @param {import('estree').Node | null | undefined} source */
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const specifier = source.value
      if (specifier.startsWith('.')) {
        const outside = relative(own.folder, resolve(dirname(context.filename), specifier))
        if (outside === '..' || outside.startsWith(`..${sep}`)) {
          context.report({ node: source, messageId: 'around', data: { own: own.name, specifier } })
        }
        return
      }
      const target = workspaceNamed(own, specifier)
      if (target === undefined || target.name === own.name) return
      const messageId = problem(own, target)
      if (messageId === undefined) return
      const data = {
        own: own.name,
        ownLayer: String(own.layer),
        target: target.name,
        targetLayer: String(target.layer),
      }
      context.report({ node: source, messageId, data })
    }
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      /** @param {{ source?: import('estree').Node }} node */
      TSImportType: ({ source }) => check(source),
    }
  },
}
