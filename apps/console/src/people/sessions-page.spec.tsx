// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const session = (id: string, name: string, isCurrent = false) => ({
  id,
  kind: 'BROWSER',
  device: 'Firefox',
  ip: '127.0.0.1',
  createdAt: '2026-01-01T00:00:00Z',
  seenAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-02T00:00:00Z',
  checkedAt: null,
  checkFault: null,
  isCurrent,
  viewerCanEnd: name !== 'Chief',
  account: { id: name, name, provider: 'corp' },
});
const answer = (permissions: string[], ...sessions: object[]) => ({ viewer: { permissions }, sessions });

it('offers sessions of others only to those who manage them', async () => {
  showConsole('/sessions', { Sessions: answer([], session('1', 'Ada', true)) });
  await screen.findByText('this one');
  expect(screen.queryByLabelText('Of all people')).toBeNull();
});

it('shows those of all by the address, and ends one after it was asked', async () => {
  const { user, asked, address } = showConsole('/sessions', {
    Sessions: ({ all }) =>
      answer(
        ['sessions.manage'],
        ...(all === true ? [session('1', 'Ada'), session('2', 'Rob'), session('3', 'Chief')] : []),
      ),
    EndSession: { endSession: { error: null } },
  });
  await screen.findByText('No session');
  await user.click(screen.getByLabelText('Of all people'));
  await screen.findByText('Rob');
  expect(address()).toContain('all=true');
  expect(screen.getAllByRole('button', { name: 'End' })).toHaveLength(2); // none of who administers more
  await user.click(screen.getAllByRole('button', { name: 'End' })[1] ?? document.body);
  await screen.findByText(/End the session of Rob\?/);
  await user.click(screen.getAllByRole('button', { name: 'End' }).at(-1) ?? document.body);
  await expect.poll(() => asked.find(({ operation }) => operation === 'EndSession')?.variables).toEqual({ id: '2' });
});
