// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const onboarding = { ready: false, steps: [] };
const answer = (places: object[], cluster?: object | null) => ({
  Onboarding: {
    viewer: { __typename: 'Viewer', placesToCreate: places },
    ...(cluster === undefined ? {} : { cluster }),
  },
});
const EVERYWHERE = { kind: 'ORGANIZATION' };
const east = (viewerCanOnboard: boolean) => ({ __typename: 'Cluster', id: 'c', viewerCanOnboard, onboarding });
const made = { ok: { expiresAt: '2026-01-01T00:00:00Z', manifest: 'kind: Secret' }, error: null };

it('is not shown to whom may register no cluster, and says what it takes', async () => {
  showConsole('/onboard', answer([]));
  await screen.findByText('You may not onboard clusters');
  screen.getByText(/the right Cluster.write and agents.write/);
  expect(screen.queryByRole('button', { name: 'Make the command' })).toBeNull();
});

it('is not shown for a cluster to whom may not onboard that one, whatever he may elsewhere', async () => {
  showConsole('/onboard?cluster=east', answer([EVERYWHERE], east(false)));
  await screen.findByText('You may not onboard east again');
  screen.getByText(/the right agents.write/);
});

it('is shown for a cluster to whom may onboard that one, though he may register none, and registers none', async () => {
  const { user, asked } = showConsole('/onboard?cluster=east', {
    ...answer([], east(true)),
    CreateManifest: { createAgentManifest: made },
  });
  await screen.findByRole('heading', { name: 'What has happened so far' });
  await user.click(screen.getByRole('button', { name: 'Make the command' }));
  await screen.findByDisplayValue(/isthmus cluster onboard east --manifest/);
  expect(asked.map(({ operation }) => operation)).toEqual(['Onboarding', 'CreateManifest']);
  expect(asked[1]?.variables).toEqual({ input: { cluster: 'east', again: true } });
});

it('registers a cluster that is not there yet, also where the address names it', async () => {
  const { user, asked } = showConsole('/onboard?cluster=north', {
    ...answer([EVERYWHERE], null),
    PutCluster: { putCluster: { error: null } },
    CreateManifest: { createAgentManifest: made },
  });
  await user.click(await screen.findByRole('button', { name: 'Make the command' }));
  await screen.findByDisplayValue(/isthmus cluster onboard north --manifest/);
  expect(asked.find(({ operation }) => operation === 'PutCluster')?.variables).toMatchObject({
    input: { name: 'north', mustNotExist: true },
  });
});
