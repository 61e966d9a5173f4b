// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const slo = (name: string, left: number | null, more: object = {}) => ({
  service: null,
  host: null,
  status: left === null ? 'NO_DATA' : left < 0 ? 'BREACHED' : 'MET',
  attainment: left === null ? null : 0.999,
  objective: 0.99,
  errorBudgetRemaining: left,
  burnRate1h: null,
  burnRate6h: null,
  coverage: 1,
  good: 999,
  total: 1000,
  uncertain: 0,
  source: 'MEASURED',
  stale: false,
  observedAt: left === null ? null : '2026-01-01T00:00:00Z',
  windowStart: '2026-01-01T00:00:00Z',
  policy: { id: name, name, projectName: 'default' },
  observations: [],
  ...more,
});
const answer = (slos: object[]) => ({
  sloReports: {
    totalCount: slos.length,
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: slos.map((one) => ({ ...one, globalNamespace: { id: 'g', name: 'shop', projectName: 'default' } })),
  },
});

it('lists objectives in the order of the server, tells stale ones, and claims nothing where nothing was measured', async () => {
  const { asked } = showConsole('/slos', {
    Objectives: answer([slo('spent', -1.5, { stale: true }), slo('fine', 0.9), slo('unmeasured', null)]),
  });
  const table = await screen.findByRole('grid', { name: 'Objectives' });
  await within(table).findByRole('link', { name: 'spent' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map((row) => within(row).getAllByRole('link')[1]?.textContent)).toEqual(['spent', 'fine', 'unmeasured']);
  expect(rows[0]?.textContent).toContain('-150 %');
  expect(rows[0]?.textContent).toContain('not up to date');
  expect(rows[2]?.textContent).toContain('no data');
  expect(rows[2]?.textContent).toContain('– / 99 %');
  expect(asked).toHaveLength(1);
});

it('says what an objective is where there is none', async () => {
  showConsole('/slos', { Objectives: answer([]) });
  await screen.findByText('There is no objective yet');
});
