// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const held = {
  id: 'h1',
  kind: 'DRAIN',
  count: 3,
  items: ['reviews.bookinfo.global', 'ratings.bookinfo.global'],
  since: '2026-01-01T00:00:00Z',
  heldSetHash: 'abc',
  approvedAt: null,
  approver: null,
  viewerCanApprove: true,
  cluster: null,
  clusterName: null,
  globalNamespace: { __typename: 'GlobalNamespace', id: 'g', name: 'bookinfo', projectName: 'default' },
};
const answer = (nodes: object[]) => ({
  holds: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
});

it('offers no decision to whom it is not given, and none that was made', async () => {
  const approver = { __typename: 'Actor', id: 'token:1', kind: 'SERVICE_ACCOUNT', name: 'deployer', tokenName: 'ci' };
  const decided = { ...held, id: 'h2', approvedAt: '2026-01-01T00:00:00Z', approver };
  showConsole('/decisions', { HeldRemovals: answer([{ ...held, viewerCanApprove: false }, decided]) });
  await screen.findByText('Your roles do not let you decide this.');
  screen.getByText(/approved by service account deployer, by token ci/);
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
});

it('names the cluster also to whom may not read it, who confirms by that name where there is no other', async () => {
  const { user } = showConsole('/decisions', {
    HeldRemovals: answer([{ ...held, kind: 'PRUNE', clusterName: 'east', globalNamespace: null }]),
  });
  await user.click(await screen.findByRole('button', { name: 'Approve' }));
  await screen.findByLabelText('To confirm, write its name: east');
  expect(screen.getByText('east', { selector: 'td *, td' }).closest('a')).toBeNull();
});

it('shows what a removal takes before it asks for the name, and approves exactly what was shown', async () => {
  const { user, asked } = showConsole('/decisions', {
    HeldRemovals: answer([held]),
    ApproveRemoval: { approvePrune: { error: null } },
  });
  await user.click(await screen.findByRole('button', { name: 'Approve' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('reviews.bookinfo.global');
  expect(dialog.textContent).toContain('Only the first 2 are shown.');
  const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Approve' });
  expect(confirm.disabled).toBe(true);
  await user.type(screen.getByLabelText('To confirm, write its name: bookinfo'), 'bookinfo');
  await user.click(confirm);
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(asked.find(({ operation }) => operation === 'ApproveRemoval')?.variables).toEqual({
    input: { holdId: 'h1', heldSetHash: 'abc' },
  });
});

it('says why nothing was approved, and stays open', async () => {
  const { user } = showConsole('/decisions', {
    HeldRemovals: answer([held]),
    ApproveRemoval: { approvePrune: { error: { message: 'The set is another one now' } } },
  });
  await user.click(await screen.findByRole('button', { name: 'Approve' }));
  await user.type(await screen.findByLabelText(/To confirm/), 'bookinfo{Enter}');
  await screen.findByText(/The set is another one now/);
});
