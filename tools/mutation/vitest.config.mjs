import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '../..');
const sourceFirst = ['@isthmus/source', 'module', 'node', 'development|production'];

/** The specs that must notice every change of a renderer: golden files, verdicts and push order. */
export default defineConfig({
  root,
  resolve: { conditions: sourceFirst, extensions: ['.js', '.mjs', '.ts', '.json'] },
  ssr: { resolve: { conditions: sourceFirst } },
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    include: [
      ...[
        'golden',
        'policy-cases',
        'bundle',
        'catalog-values',
        'access/access',
        'public/public-services',
        'failover-order',
        'cluster-shares',
        'rate-limits',
        'machines',
        'egress',
        'external',
        'telemetry',
      ].map((name) => `libs/meshes/src/istio/render/${name}.spec.ts`),
      'libs/meshes/src/istio/support.spec.ts',
    ],
  },
});
