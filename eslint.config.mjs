import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/eslint/boundaries.mjs';
import { documented } from './tools/eslint/documented.mjs';
import { fileName } from './tools/eslint/names.mjs';
import { root } from './tools/projects.mjs';

const specs = ['**/*.spec.{ts,tsx,mjs}', '**/*.fixture.ts', 'apps/e2e/**'];
const pure = ['domain', 'meshes', 'plan', 'slo', 'protocol'].map((name) => `libs/${name}/src/**/*.ts`);

const nodeGlobals = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis)
    .filter((name) => /^[a-zA-Z]/.test(name))
    .map((name) => [name, 'readonly']),
);

const size = {
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 10],
  'max-depth': ['error', 3],
  'max-params': ['error', 3],
};

const bans = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: the name then stays the same everywhere.',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'List what is exported: an index is the contract of its project.',
  },
  {
    selector: 'TSEnumDeclaration',
    message: "Use a union of string literals, with an 'as const' list where the values are needed.",
  },
  {
    selector: "ImportDeclaration[source.value='zod'] ImportSpecifier[imported.name='z']",
    message: "import * as z from 'zod': a bundle then holds only what is used of it.",
  },
];

const environment = {
  object: 'process',
  property: 'env',
  message: 'Only env.ts reads the environment: take the parsed configuration as an argument.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'agent/bundle/',
      '**/node_modules/',
      '**/generated/',
      '.nx/',
      '.isthmus/',
      'testbed/',
      'coverage/',
    ],
  },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: nodeGlobals },
    rules: { ...size, 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
  {
    files: ['apps/api/graphiql/**'],
    languageOptions: { globals: { document: 'readonly', sessionStorage: 'readonly', window: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.eslint.json', tsconfigRootDir: root } },
    plugins: { isthmus: { rules: { boundaries, documented, 'file-name': fileName } } },
    rules: {
      ...size,
      'isthmus/boundaries': 'error',
      'isthmus/file-name': ['error', root],
      'no-restricted-syntax': ['error', ...bans],
      'no-restricted-properties': ['error', environment],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'node:process', importNames: ['env'], message: environment.message }] },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off', // its fix is the banned !
      '@typescript-eslint/require-await': 'off',
      'no-control-regex': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'typeLike', format: ['PascalCase'], custom: { regex: '^I[A-Z][a-z]', match: false } },
      ],
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: pure,
    ignores: specs,
    rules: {
      'isthmus/documented': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Pure libs know no process: take what is needed as an argument.' },
        { name: 'Buffer', message: 'Use Uint8Array and the helpers of @noble/hashes.' },
        { name: 'fetch', message: 'Pure libs do no I/O: take the answer as an argument.' },
        { name: 'setTimeout', message: 'Pure libs do not wait: take the time as an argument.' },
      ],
      'no-restricted-properties': [
        'error',
        environment,
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
      ],
    },
  },
  {
    files: ['apps/cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: specs,
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-console': 'off',
    },
  },
  {
    files: specs.map((pattern) => pattern.replace('{ts,tsx,mjs}', '{ts,tsx}')),
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/env.ts', '*.config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['*.config.{ts,mjs}', 'apps/console/vite.config.ts', 'scripts/lib/vitest-reporter.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
