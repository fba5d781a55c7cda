import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const nodeGlobals = [
  'process',
  'console',
  'URL',
  'URLSearchParams',
  'Buffer',
  'setTimeout',
  'clearTimeout',
  'fetch',
]
const browserGlobals = [
  'document',
  'window',
  'location',
  'navigator',
  'history',
  'FormData',
  'Headers',
  'Response',
]
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']))

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'no-implicit-globals': 'error',
      'object-shorthand': ['error', 'properties'],
      'no-throw-literal': 'off', // only-throw-error knows the types
    },
  },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // An async Express 4 handler whose promise nobody takes ends the process: design.md's wrapper must stand there.
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          // node:test waits for these itself.
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
      // The class Hmac may not be called, but it is the only name of its type.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'node:crypto', name: 'Hmac' }] },
      ],
      // Control characters are what the code that checks input from outside looks for.
      'no-control-regex': 'off',
      // Ports, counts and statuses read well in a template; objects and undefined do not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Passport's and Express' types are interfaces of a global namespace; declaration merging needs one.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // A function that must return a promise (a seam, a provider) may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },

  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },

  {
    // Programs that people run in a terminal.
    files: ['src/local/cli*.ts', 'example-app/**', 'bench/**', 'scripts/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },

  {
    // JSON that came over a socket has no type, and a test that misreads it fails by itself.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      // Tests throw and reject with what is not an Error on purpose.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },

  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: readonly(nodeGlobals) },
  },
  {
    files: ['example-app/public/**/*.js'],
    languageOptions: { globals: readonly(browserGlobals) },
  },
)
