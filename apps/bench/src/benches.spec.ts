import { describe, expect, it } from 'vitest';
import { BENCHES } from './options.js';
import { reportLines } from './report.js';

const SIZE = { hosts: 4, clusters: 3, membersPerHost: 2, changes: 1, rate: 1 };

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
