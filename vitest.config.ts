import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const sourceFirst = ['@isthmus/source', 'module', 'node', 'development|production'];
/** As Node completes names: `.mjs` first would give specs another instance of graphql than its dependents load. */
const extensions = ['.js', '.mjs', '.ts', '.json'];
const roots = '{libs,apps,agent,tools}';
const never = ['**/node_modules/**', '**/dist/**'];

/** Specs run from TypeScript sources across workspaces; decorators are the legacy ones, as in tsconfig.base.json. */
function project(test: NonNullable<Extract<TestProjectConfiguration, { test?: unknown }>['test']>) {
  return {
    resolve: { conditions: sourceFirst, extensions },
    ssr: { resolve: { conditions: sourceFirst } },
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
    // What comes is waited for longer than a busy machine stands still; each poll ends as soon as it is there.
    test: { environment: 'node' as const, pool: 'forks' as const, expect: { poll: { timeout: 10_000 } }, ...test },
  };
}

/** Loading what specs need anew for each file takes longer than most of them run: nothing in a module may belong to one test. */
const shared = { isolate: false } as const;

export default defineConfig({
  test: {
    maxWorkers: Number(process.env['VITEST_WORKERS'] ?? 2),
    passWithNoTests: false,
    projects: [
      project({
        name: 'unit',
        include: [`${roots}/**/*.spec.{ts,tsx}`, 'tools/**/*.spec.mjs'],
        exclude: [...never, 'apps/console/**', '**/*.int.spec.ts', '**/*.e2e.spec.ts'],
        testTimeout: 60_000,
        ...shared,
      }),
      project({
        name: 'console',
        include: ['apps/console/**/*.spec.{ts,tsx}'],
        exclude: [...never, '**/*.int.spec.ts'],
        // Its modules load style sheets, which only Vite reads.
        server: { deps: { inline: [/@patternfly\//] } },
        testTimeout: 60_000,
      }),
      project({
        name: 'int',
        include: [`${roots}/**/*.int.spec.ts`],
        exclude: never,
        testTimeout: 60_000,
        hookTimeout: 120_000,
        sequence: { groupOrder: 1 },
        ...shared,
      }),
      project({
        name: 'e2e',
        include: ['apps/e2e/**/*.e2e.spec.ts'],
        exclude: never,
        // One after the other: they count lost requests, which two testbeds on two cores lose for want of them.
        fileParallelism: false,
        testTimeout: 300_000,
        hookTimeout: 300_000,
        sequence: { groupOrder: 2 },
        ...shared,
      }),
    ],
  },
});
