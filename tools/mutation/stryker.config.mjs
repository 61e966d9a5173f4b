// What `npm run mutate` changes, and how much of it may stay unnoticed. Texts are left alone: golden files hold them word by word.
const files =
  process.env['MUTATE'] ?? 'libs/meshes/src/istio/{render,support}/**/*.ts,libs/meshes/src/istio/support.ts';

export default {
  mutate: [...files.split(','), '!**/*.spec.ts', '!**/*.fixture.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.mjs', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutator: { excludedMutations: ['StringLiteral', 'Regex'] },
  ignorePatterns: ['dist', '.isthmus', 'node_modules/.cache', 'tools/mutation/node_modules', '**/*.tsbuildinfo'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'node_modules/.cache/isthmus/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
  tempDirName: 'node_modules/.cache/isthmus/mutation',
  allowConsoleColors: false,
  cleanTempDir: 'always',
};
