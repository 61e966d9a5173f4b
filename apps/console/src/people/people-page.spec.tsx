// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const person = (name: string, more: object = {}) => ({
  id: `id-${name}`,
  name,
  email: `${name}@example.com`,
  provider: 'corp',
  groups: ['corp:ops', 'corp:dev'],
  confirmedAt: '2026-01-01T00:00:00Z',
  signedInAt: '2026-01-01T00:00:00Z',
  lockedAt: null,
  suspendedReason: null,
  viewerCanLock: true,
  ...more,
});
const People = { accounts: [person('ada'), person('bob', { lockedAt: '2026-02-01T00:00:00Z' })] };

it('says who is locked and whose personal tokens are stopped', async () => {
  const accounts = [...People.accounts, person('eve', { suspendedReason: 'gone from the provider' })];
  showConsole('/people', { People: { accounts } });
  await screen.findByText('personal tokens stopped: gone from the provider');
  expect([screen.getAllByText('active').length, screen.getAllByText('locked').length]).toEqual([1, 1]);
  expect(screen.getAllByText('corp:ops, corp:dev')).toHaveLength(3);
});

it('locks after it said what that brings, and says why the server does not', async () => {
  const error = { message: 'It is the last owner' };
  const { user, asked } = showConsole('/people', { People, LockAccount: { lockAccount: { error } } });
  await user.click(await screen.findByRole('button', { name: 'Lock ada' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText(/All sessions end at once/);
  await user.click(dialog.getByRole('button', { name: 'Lock' }));
  await dialog.findByText(/It is the last owner/);
  expect(asked.at(-1)).toEqual({ operation: 'LockAccount', variables: { id: 'id-ada' } });
});

it('offers nothing of who administers more', async () => {
  const accounts = [...People.accounts, person('eve', { viewerCanLock: false })];
  showConsole('/people', { People: { accounts } });
  await screen.findByRole('button', { name: 'Lock ada' });
  expect(screen.queryByRole('button', { name: 'Lock eve' })).toBeNull();
});

it('unlocks, and reads the list again', async () => {
  const { user, asked } = showConsole('/people', { People, UnlockAccount: { unlockAccount: { error: null } } });
  await user.click(await screen.findByRole('button', { name: 'Unlock bob' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Unlock' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(asked.map(({ operation }) => operation)).toEqual(['People', 'UnlockAccount', 'People']);
});
