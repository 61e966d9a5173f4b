// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { scrolled, showConsole } from '../testing/console.fixture.js';

const row = (id: string, by: object): object => ({
  ...{ id, at: '2026-01-01T00:00:00Z', by, action: 'applyResources', subjectKind: 'Project', name: 'shop' },
  ...{ projectName: '', ip: null, requestId: null, before: null, after: null, seal: null },
});
const log = (...nodes: object[]): object => ({
  auditLog: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
});

it('says that nothing was changed, which is something else than that nothing matches', async () => {
  showConsole('/audit', { AuditLog: log() });
  await screen.findByText('Nothing was changed yet');
  expect(screen.queryByRole('button', { name: 'Clear the filter' })).toBeNull();
});

it('clears a filter that matches nothing', async () => {
  const { user, address } = showConsole('/audit?actor=user:nobody', { AuditLog: log() });
  await user.click(await screen.findByRole('button', { name: 'Clear the filter' }));
  await expect.poll(address).toBe('/console/audit');
});

it('keeps the id of whom nobody knows any more', async () => {
  showConsole('/audit', {
    AuditLog: log(row('1', { __typename: 'Actor', id: 'token:9', kind: 'TOKEN', name: null, tokenName: null })),
  });
  await screen.findByRole('link', { name: 'token:9' });
});

it('names who did it and by which token, with the id below, and leads to all that was done under it', async () => {
  const by = { __typename: 'Actor', id: 'token:1', kind: 'SERVICE_ACCOUNT', name: 'deployer', tokenName: 'ci' };
  const { user, asked } = showConsole('/audit', { AuditLog: log(row('1', by)) });
  const way = await screen.findByRole('link', { name: 'service account deployer, by token ci' });
  screen.getByText('token:1');
  await user.click(way);
  await expect.poll(() => asked.at(-1)?.variables['filter']).toEqual({ actor: 'token:1' });
});

it('says that there are more changes than were read, and how many there are once the end is reached', async () => {
  const by = { __typename: 'Actor', id: 'user:1', kind: 'USER', name: 'Ada', tokenName: null };
  showConsole('/audit', {
    AuditLog: ({ after }) => {
      const [from, end] = after === null ? [0, 100] : [100, 130];
      const nodes = Array.from({ length: end - from }, (_, index) => row(String(from + index), by));
      return { auditLog: { totalCount: null, pageInfo: { hasNextPage: end < 130, endCursor: String(end) }, nodes } };
    },
  });
  await screen.findByText('more than 100 items');
  const [, next] = document.querySelectorAll('tbody');
  if (next !== undefined) scrolled(next, true);
  await screen.findByText('130 items');
});
