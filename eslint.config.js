import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'

export default [
  { ignores: ['dist/', '.tap/', 'src/db/tables.ts'] },
  ...neostandard({ ts: true }),
  ...tseslint.config({
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      'max-len': ['error', { code: 150, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }],
      'no-console': 'error',
      'no-void': ['error', { allowAsStatement: true }],
      // Wire names are snake_case everywhere.
      camelcase: 'off'
    }
  }),
  {
    files: ['test/**', 'bench/**', 'migrations/**'],
    rules: { 'max-lines-per-function': 'off' }
  }
]
