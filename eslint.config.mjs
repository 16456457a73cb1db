import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { documented } from './tools/eslint-rules/documented.mjs'
import { layers } from './tools/eslint-rules/layers.mjs'

export default defineConfig(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'tools/eslint-rules/test/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A number in a template is as readable as its conversion.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // An arrow function that returns what a call returns nothing is the shortest form of a callback.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Verbs are async throughout, so that bad input is a rejection and never a throw.
      '@typescript-eslint/require-await': 'off',
      // Messages show whatever a caller has given, who may be JavaScript.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      // Control flow within a module may throw its own signals.
      '@typescript-eslint/only-throw-error': ['error', { allow: ['KeyNeeded'] }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: { libnetwork: { rules: { documented, layers } } },
    rules: {
      'libnetwork/layers': 'error',
      'libnetwork/documented': 'error',
      // Library code is silent.
      'no-console': 'error',
    },
  },
  {
    files: ['**/test/**/*.ts', 'testing/**/*.ts', 'examples/**/*.ts'],
    rules: {
      // What a test hands to the code under test may be wrong on purpose, and its answers are compared with `expect`.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/explicit-function-return-type': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      'no-empty-pattern': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __filename: 'readonly',
      },
    },
  },
)
