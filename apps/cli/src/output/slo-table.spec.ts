import { describe, expect, it } from 'vitest';
import { objectivesTable, sloTable, type Objective, type SloReportRow } from './slo-table.js';

const report = (more: Partial<SloReportRow> = {}): SloReportRow => ({
  service: 'reviews',
  globalNamespace: { name: 'bookinfo' },
  status: 'BREACHED',
  source: 'MEASURED',
  attainment: 0.99899999,
  errorBudgetRemaining: -0.666,
  burnRate1h: 1.6666,
  burnRate6h: null,
  freshnessSeconds: 42,
  stale: false,
  ...more,
});
const cells = (row: SloReportRow): string[] => (sloTable([row]).split('\n')[1] ?? '').trim().split(/ {2,}/);

describe('the table of objectives', () => {
  it('shows nothing for what nobody measured', () => {
    const none = {
      attainment: null,
      errorBudgetRemaining: null,
      burnRate1h: null,
      freshnessSeconds: null,
      source: null,
    };
    expect(cells(report({ ...none, status: 'NO_DATA', stale: true, service: null }))).toEqual([
      ...['bookinfo', '(all)', 'NO_DATA', '-', '-', '-', '-', 'never observed', '-'],
    ]);
  });

  it('never rounds up to an objective that was not reached, and shows what is overspent', () => {
    expect(cells(report())).toEqual([
      ...['bookinfo', 'reviews', 'BREACHED', '99.8999%', '-66.6%', '1.67', '-', '42s', 'MEASURED'],
    ]);
    expect(cells(report({ attainment: 0.999999999 }))[3]).toBe('99.9999%');
    expect(cells(report({ attainment: 1, errorBudgetRemaining: 0.29 })).slice(3, 5)).toEqual(['100.0000%', '29.0%']);
  });

  it('marks what is stale and what was replayed', () => {
    expect(cells(report({ stale: true, source: 'SIMULATED' })).slice(-2)).toEqual(['42s (stale)', 'SIMULATED']);
  });
});

const objective = (more: Partial<Objective> = {}): Objective => ({
  ...report(),
  policy: { name: 'fast', projectName: 'default' },
  globalNamespace: { name: 'bookinfo', projectName: 'shop' },
  objective: 0.999,
  good: 998.9,
  total: 1000,
  observedAt: '2026-01-01T00:00:00Z',
  ...more,
});
const linesOf = (rows: readonly Objective[], isWide = false): string[][] =>
  objectivesTable(rows, isWide)
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

describe('the table of objectives of all global namespaces', () => {
  it('says of which policy and global namespace each is, with the project where it is another than the default one', () => {
    expect(linesOf([objective({ policy: null, globalNamespace: null })])[1]?.slice(0, 2)).toEqual(['-', '-']);
    expect(linesOf([objective()])).toEqual([
      ['POLICY', 'GNS', 'STATUS', 'OBJECTIVE', 'ATTAINMENT', 'BUDGET LEFT', 'BURN 1H', 'BURN 6H', 'FRESHNESS'],
      ['fast', 'shop/bookinfo', 'BREACHED', '99.9000%', '99.8999%', '-66.6%', '1.67', '-', '42s'],
    ]);
  });

  it('tells what was counted where there is room for it', () => {
    const [head, row] = linesOf([objective()], true);
    expect([head?.slice(-3), row?.slice(-3)]).toEqual([
      ['SOURCE', 'GOOD', 'TOTAL'],
      ['MEASURED', '998', '1000'],
    ]);
  });
});
