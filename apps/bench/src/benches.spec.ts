import { parseBundle } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { BENCHES } from './options.js';
import { reportLines } from './report.js';
import { syntheticBundle } from './synthetic-bundle.js';

const SIZE = { hosts: 4, clusters: 3, membersPerHost: 2, changes: 1, rate: 1, port: 'directory' as const };

describe('the pure benchmarks', () => {
  it.each(['compile', 'render'] as const)(
    '%s measures real work and reports raw values beside its floor',
    async (name) => {
      const report = await BENCHES[name](SIZE, new Date(0));
      const [floor, full] = report.measurements;
      expect(full?.floor).toBe(floor?.name);
      expect(full?.raw.length).toBe(full?.summary.count);
      expect(Number(report.parameters[name === 'compile' ? 'entries' : 'objects'])).toBeGreaterThan(SIZE.hosts);
      expect(reportLines(report).at(-1)).toMatch(/ms/);
    },
  );
});

it('the made-up bundle is one that renders to objects of every cluster', () => {
  const files = [...syntheticBundle(SIZE)].map(([path, text]) => ({ path, text }));
  const { resources, clusters, issues } = parseBundle(files);
  expect(issues).toEqual([]);
  expect(resources.map(({ resource }) => resource.kind)).toEqual([
    'GlobalNamespace',
    'EncryptionPolicy',
    'Cluster',
    'Cluster',
    'Cluster',
  ]);
  const services = [...clusters.values()].flat().filter(({ kind }) => kind === 'Service');
  expect(services).toHaveLength(SIZE.hosts * SIZE.membersPerHost);
});
