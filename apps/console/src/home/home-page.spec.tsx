// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { json, showConsole } from '../testing/console.fixture.js';

const none = { totalCount: 0, nodes: [] };
const viewer = (recentChanges: object[] | null) => ({
  viewer: {
    __typename: 'Viewer',
    placesToCreate: [{ kind: 'ORGANIZATION', name: '' }],
    recentChanges,
    organization: { id: 'o', displayName: 'Example' },
  },
});
const empty = { ...viewer([]), clusters: none, globalNamespaces: none, holds: none, issues: none };
const cluster = { id: 'c', name: 'east', agent: { connected: true, lastSeenAt: '2026-01-01T00:00:00Z' } };

it('asks once for everything that Home shows', async () => {
  const { asked } = showConsole('/', { Home: { ...empty, clusters: { totalCount: 1, nodes: [cluster] } } });
  await screen.findByText('1 of 1 connected');
  expect(asked).toHaveLength(1);
});

it('leads to onboarding where there is no cluster', async () => {
  showConsole('/', { Home: empty });
  expect((await screen.findByRole('link', { name: 'Onboard a cluster' })).getAttribute('href')).toContain('/onboard');
});

it('says what it takes to onboard the first cluster to whom may not', async () => {
  const seen = { ...viewer([]).viewer, placesToCreate: [] };
  showConsole('/', { Home: { ...empty, viewer: seen } });
  await screen.findByText(/the right Cluster.write and agents.write/);
  expect(screen.queryByRole('link', { name: 'Onboard a cluster' })).toBeNull();
});

it('says that changes may not be read, which is something else than that there are none', async () => {
  const one = { clusters: { totalCount: 1, nodes: [cluster] } };
  showConsole('/', { Home: { ...empty, ...one, ...viewer(null) } });
  await screen.findByText(/Your role does not let you read/);
  expect(screen.queryByText('Nothing was changed yet.')).toBeNull();
});

it('tells why it cannot be shown, with the number that the server has it under', async () => {
  const extensions = { code: 'INTERNAL', requestId: 'r-17' };
  showConsole('/', { Home: json({ errors: [{ message: 'the database is away', extensions }] }) });
  await screen.findByText('the database is away');
  screen.getByText('Request id: r-17');
});

it('names global namespaces that are not ready with the cause, and says that nobody measures health', async () => {
  const condition = (type: string, status: string, reason: string) => ({ type, status, reason, message: `${reason}!` });
  const gns = (name: string, status: string) => ({
    ...{ id: name, name, projectName: 'default', slos: [] },
    conditions: [condition('Applied', status, 'Progressing'), condition('Healthy', 'UNKNOWN', 'NotMeasured')],
  });
  const nodes = [gns('shop', 'TRUE'), gns('bank', 'FALSE')];
  const clusters = { totalCount: 1, nodes: [cluster] };
  showConsole('/', { Home: { ...empty, clusters, globalNamespaces: { totalCount: 2, nodes } } });
  await screen.findByText('1 of 2 ready');
  const way = screen.getByRole('link', { name: 'bank' });
  expect(way.getAttribute('href')).toBe('/console/global-namespaces/bank?project=default');
  expect(way.parentElement?.textContent).toBe('bank: Applied, Progressing!');
  screen.getByText(/nobody measures their traffic/);
  expect(screen.queryByRole('link', { name: 'shop' })).toBeNull();
});
