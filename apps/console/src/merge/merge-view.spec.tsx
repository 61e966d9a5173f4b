// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole, type Answers } from '../testing/console.fixture.js';

const yaml = (attempts: number, timeout = '1s'): string =>
  `apiVersion: isthmus.dev/v1alpha1\nkind: TrafficPolicy\nmetadata:\n  name: patient\nspec:\n  retry:\n    attempts: ${attempts}\n  other: x\n  timeout: ${timeout}\n`;
const resource = { id: 'p', resourceVersion: '1', yaml: yaml(7), viewerCanUpdate: true };
const conflict = (current: string) => ({
  applyResources: {
    ok: null,
    error: {
      ...{ code: 'CONFLICT', message: 'it was changed', issues: [] },
      current: { id: 'p', yaml: current, resourceVersion: '2' },
    },
  },
});
const EDIT = '/edit/traffic-policies?name=patient&project=default&view=yaml';
const document = () => screen.findByLabelText<HTMLTextAreaElement>('Document (YAML)');

async function edit(current: string, mine: (text: string) => string, answers: Answers = {}) {
  const shown = showConsole(EDIT, { Edited: { resource }, ApplyDocument: conflict(current), ...answers });
  const text = await document();
  fireEvent.change(text, { target: { value: mine(text.value) } });
  await shown.user.click(screen.getByRole('button', { name: 'Show what changes' }));
  await screen.findByRole('region', { name: 'Somebody else changed it in the meantime' });
  return shown;
}

it('asks for each place that both changed, and takes nothing over before', async () => {
  const { user } = await edit(yaml(9, '3s'), (text) => text.replace('attempts: 7', 'attempts: 8'));
  const place = await screen.findByRole('group', { name: 'Place 1 of 1' });
  const shown = ['As it was', 'Theirs', 'Mine'].map(
    (side) => within(place).getByRole('region', { name: `Place 1 of 1: ${side}` }).textContent,
  );
  expect(shown.map((text) => text.trim())).toEqual(['attempts: 7', 'attempts: 9', 'attempts: 8']);
  const use = screen.getByRole<HTMLButtonElement>('button', { name: 'Take over the merged document' });
  expect([use.disabled, screen.queryByLabelText('Merged document')]).toEqual([true, null]);
  await user.click(within(place).getByRole('radio', { name: 'Mine' }));
  await user.click(use);
  expect((await document()).value).toBe(yaml(8, '3s').replace('metadata:\n', 'metadata:\n  resourceVersion: "2"\n'));
});

it('merges by itself what only one of them touched, and lets the result be edited', async () => {
  const { user } = await edit(yaml(9), (text) => text.replace('timeout: 1s', 'timeout: 2s'));
  await screen.findByText('No place was changed by both.');
  const merged = screen.getByLabelText<HTMLTextAreaElement>('Merged document');
  expect(merged.value).toContain('attempts: 9');
  expect(merged.value).toContain('timeout: 2s');
  fireEvent.change(merged, { target: { value: merged.value.replace('other: x', 'other: y') } });
  await user.click(screen.getByRole('button', { name: 'Take over the merged document' }));
  expect((await document()).value).toContain('other: y');
});

it('keeps what was chosen and edited for whoever has to sign in again in the middle of it', async () => {
  const touch = (text: string): string => text.replace('attempts: 7', 'attempts: 8');
  const first = await edit(yaml(9, '3s'), touch);
  await first.user.click(screen.getByRole('radio', { name: 'Mine' }));
  await screen.findByText(/All places that both changed are chosen/);
  const merged = screen.getByLabelText<HTMLTextAreaElement>('Merged document');
  fireEvent.change(merged, { target: { value: merged.value.replace('other: x', 'other: z') } });
  first.session.end('over');
  await screen.findByText('over');
  cleanup();
  await edit(yaml(9, '3s'), (text) => text);
  expect((await screen.findByLabelText<HTMLTextAreaElement>('Merged document')).value).toContain('other: z');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Mine' }).checked).toBe(true);
});

it('begins from the version that the text began from, also when the page was opened anew since', async () => {
  const { session } = await edit(yaml(9), (text) => text.replace('timeout: 1s', 'timeout: 2s'));
  session.end('over');
  await screen.findByText('over');
  resource.yaml = yaml(9);
  resource.resourceVersion = '2';
  session.enter();
  expect((await document()).value).toContain('attempts: 7');
  fireEvent.click(screen.getByRole('button', { name: 'Show what changes' }));
  await screen.findByText('No place was changed by both.');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Merged document').value).toContain('attempts: 9');
});
