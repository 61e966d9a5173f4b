// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { scrolled, showConsole, type Answers } from '../testing/console.fixture.js';

const page = (type: string, nodes: object[], total = nodes.length) => ({
  ...{ __typename: `${type}Connection`, totalCount: total, nodes },
  pageInfo: { hasNextPage: nodes.length < total, endCursor: 'second' },
});
const service = (at: number) => ({
  ...{
    id: `s${String(at)}`,
    name: `s${String(at)}`,
    host: `s${String(at)}.shop.global`,
    vip: '240.64.0.1',
    servedMembers: 1,
  },
  ...{ ports: [{ name: 'http', number: 80, protocol: 'HTTP' }], members: { nodes: [] } },
});
const services = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => service(from + at));
const revisions = (from: number, to: number) =>
  Array.from({ length: from - to }, (_, at) => ({
    ...{ id: `r${String(from - at)}`, number: from - at, createdAt: '2026-01-01T00:00:00Z' },
  }));
const gns = {
  ...{ __typename: 'GlobalNamespace', id: 'g', kind: 'GlobalNamespace', name: 'shop', projectName: 'default' },
  ...{ generation: 1, resourceVersion: '1', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  ...{ yaml: '', viewerCanUpdate: false, viewerCanDelete: false, labels: [], conditions: [], domain: 'shop.global' },
  ...{ vipCIDR: '240.64.0.0/16', policies: [], slos: [] },
  revisions: page('Revision', revisions(60, 10), 60),
  history: page('ResourceGeneration', []),
  targets: page('Target', []),
  services: page('GlobalService', services(0, 50), 60),
};
const answers: Answers = {
  Resource: { resource: gns, issues: { nodes: [] } },
  FurtherRows: {
    resource: { ...{ __typename: 'GlobalNamespace', id: 'g' }, services: page('GlobalService', services(50, 60)) },
  },
};

it('shows services as they came with the page, in its one request, and says how many there are', async () => {
  const { asked } = showConsole('/global-namespaces/shop?project=default', answers);
  await screen.findByText('s49.shop.global');
  const table = screen.getByRole('grid', { name: 'Services' });
  expect([table.getAttribute('aria-rowcount'), within(table).getAllByRole('row').length]).toEqual(['61', 51]);
  expect(asked.map(({ operation }) => operation)).toEqual(['Resource']);
});

it('leads from every revision but the first to what it changed, also beyond those that came with the page', async () => {
  const further = { ...{ __typename: 'GlobalNamespace', id: 'g' }, revisions: page('Revision', revisions(10, 0)) };
  const { asked } = showConsole('/global-namespaces/shop?project=default', {
    ...answers,
    FurtherRows: { resource: further },
  });
  await screen.findByText('s49.shop.global');
  const table = screen.getByRole('grid', { name: 'Revisions' });
  const [, next] = table.querySelectorAll('tbody');
  if (next !== undefined) scrolled(next, true);
  const first = await within(table).findByText('1');
  const rowOf = (cell: HTMLElement): HTMLElement => cell.closest('tr') ?? cell;
  expect(within(rowOf(first)).queryByRole('link')).toBeNull();
  const second = within(table).getByText('2');
  const link = within(rowOf(second)).getByRole('link');
  expect(link.getAttribute('href')).toMatch(/\/revisions\?gns=shop&project=default&from=1&to=2$/);
  expect(asked.at(-1)).toMatchObject({ operation: 'FurtherRows', variables: { revisions: true, services: false } });
});

it('asks for further ones of that list alone, when they come near', async () => {
  const { asked } = showConsole('/global-namespaces/shop?project=default', answers);
  await screen.findByText('s49.shop.global');
  const [, next] = screen.getByRole('grid', { name: 'Services' }).querySelectorAll('tbody');
  if (next !== undefined) scrolled(next, true);
  const last = await screen.findByText('s59.shop.global');
  expect(last.closest('tr')?.getAttribute('aria-rowindex')).toBe('61');
  expect(asked.at(-1)).toMatchObject({
    operation: 'FurtherRows',
    variables: { name: 'shop', project: 'default', after: 'second', services: true, targets: false, history: false },
  });
});
