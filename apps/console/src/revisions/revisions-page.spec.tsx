// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const PATH = '/revisions?gns=shop&project=default&from=1&to=2';
const revision = (number: number) => ({ id: String(number), number, createdAt: '2026-01-01T00:00:00Z' });
const answer = (revisionDiff: object | null) => ({
  globalNamespace: { id: 'g', revisions: { nodes: [revision(3), revision(2), revision(1)] }, revisionDiff },
});

it('says that revisions which are not kept cannot be compared', async () => {
  showConsole(PATH, { Revisions: answer(null) });
  await screen.findByText('These revisions cannot be compared');
});

it('shows what differs, and compares others by the address', async () => {
  const changes = [{ name: 'gns/encryption', change: 'CHANGED', diff: '-STRICT\n+PERMISSIVE' }];
  const { user, asked, address } = showConsole(PATH, { Revisions: answer({ from: 1, to: 2, changes }) });
  await user.click(await screen.findByRole('button', { name: /gns\/encryption/ }));
  expect(screen.getByRole('region', { name: 'gns/encryption' }).textContent).toContain('+PERMISSIVE');
  await user.selectOptions(screen.getByLabelText('To'), '3');
  await expect.poll(() => asked.at(-1)?.variables['to']).toBe(3);
  expect(address()).toContain('to=3');
});
