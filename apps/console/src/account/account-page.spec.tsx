// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const viewer = {
  actor: 'user:1',
  name: 'Ada',
  role: 'EDITOR',
  tokenName: '',
  permissions: ['viewer.read'],
  grants: [{ role: 'Editor', scope: { kind: 'PROJECT', name: 'shop' } }],
  organization: { id: 'o', name: 'default', displayName: 'Example' },
};

it('says who one is and what one holds where', async () => {
  showConsole('/account', { Me: { viewer } });
  await screen.findByText('user:1');
  screen.getByText('project shop');
  expect(screen.getByRole('link', { name: 'a session' }).getAttribute('href')).toContain('/sessions');
});

it('names the token of who came with one', async () => {
  showConsole('/account', { Me: { viewer: { ...viewer, tokenName: 'ci' } } });
  await screen.findByText('the token ci');
});
