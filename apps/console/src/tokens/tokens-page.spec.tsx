// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { scrolled, showConsole, type Answers } from '../testing/console.fixture.js';

const TOTAL = 120;
const token = (at: number): object => ({
  ...{
    __typename: 'ApiToken',
    id: `t${String(at)}`,
    name: `token-${String(at)}`,
    role: 'VIEWER',
    scope: { kind: 'ORGANIZATION', name: '' },
  },
  ...{
    prefix: 'isth_abc',
    createdAt: '2026-01-01T00:00:00Z',
    endsWithMaker: false,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
  },
});
const answers: Answers = {
  Tokens: ({ after, first }) => {
    const [from, end] = [Number(after ?? 0), Math.min(TOTAL, Number(after ?? 0) + Number(first))];
    const nodes = Array.from({ length: end - from }, (_, at) => token(from + at));
    return { apiTokens: { totalCount: TOTAL, pageInfo: { hasNextPage: end < TOTAL, endCursor: String(end) }, nodes } };
  },
  RevokeToken: { revokeApiToken: { error: null } },
};

it('says that there is none', async () => {
  const none = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  showConsole('/tokens', { Tokens: { apiTokens: none } });
  await screen.findByText('There is no token yet');
});

it('reads tokens by the hundred as they come near, in one request each, and all that is shown again after one is revoked', async () => {
  const { user, asked } = showConsole('/tokens', answers);
  await screen.findByText('token-99');
  screen.getByText('120 items');
  const place = document.querySelectorAll('tbody')[1];
  if (place !== undefined) scrolled(place, true);
  await user.click(await screen.findByRole('button', { name: 'Revoke token-119' }));
  const confirm = (await screen.findAllByRole('button', { name: 'Revoke' })).at(-1);
  if (confirm !== undefined) await user.click(confirm);
  const afters = () =>
    asked.filter(({ operation }) => operation === 'Tokens').map(({ variables }) => variables['after']);
  await expect.poll(() => afters().sort()).toEqual(['100', '100', null, null]);
});
