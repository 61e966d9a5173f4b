// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const text = 'apiVersion: isthmus.dev/v1alpha1\nkind: TrafficPolicy\nmetadata:\n  name: patient\nspec: {}\n';
const refusal = (code: string, more: object = {}) => ({
  applyResources: {
    ok: null,
    error: { code, message: 'no', current: null, issues: [], ...more },
  },
});
const taken = refusal('CONFLICT', {
  current: { id: 'p', yaml: text, resourceVersion: '2' },
  issues: [
    {
      ...{ __typename: 'Issue', code: 'ISM0556', severity: 'ERROR', title: 'The name is taken', path: 'metadata.name' },
      ...{ message: 'TrafficPolicy patient is there already', cause: null, fix: null, hint: null, cluster: null },
      ...{ source: null, resource: { kind: 'TrafficPolicy', name: 'patient', project: 'default' } },
    },
  ],
});

async function write(answer: object | (() => object)) {
  const shown = showConsole('/edit/traffic-policies?view=yaml', { ApplyDocument: answer });
  const area = await screen.findByLabelText<HTMLTextAreaElement>('Document (YAML)');
  fireEvent.change(area, { target: { value: text } });
  await shown.user.click(screen.getByRole('button', { name: 'Show what changes' }));
  return { ...shown, area };
}

it('writes a new resource over nothing: what is there already is shown, and what was written stays', async () => {
  const { asked, area } = await write(taken);
  await screen.findByText('This is there already, and nothing was changed');
  const way = screen.getByRole('link', { name: 'Look at patient' });
  expect(way.getAttribute('href')).toBe('/console/traffic-policies/patient?project=default');
  expect(asked.at(-1)?.variables).toEqual({ input: { documents: text, dryRun: true, mustNotExist: true } });
  expect([area.value, screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled]).toEqual([text, true]);
  expect(screen.queryByRole('region', { name: 'Somebody else changed it in the meantime' })).toBeNull();
});

it('replaces what stands where something is edited, and expects no new name then', async () => {
  const resource = { id: 'p', resourceVersion: '1', yaml: text, viewerCanUpdate: true };
  const shown = showConsole('/edit/traffic-policies?name=patient&view=yaml', {
    Edited: { resource },
    ApplyDocument: refusal('INVALID'),
  });
  await shown.user.click(await screen.findByRole('button', { name: 'Show what changes' }));
  await screen.findByText('no');
  expect(shown.asked.at(-1)?.variables).toMatchObject({ input: { mustNotExist: false } });
});

it('keeps what was written while the server cannot be reached, and applies it once it can', async () => {
  let isAway = true;
  const done = { kind: 'TrafficPolicy', name: 'patient', projectName: 'default', outcome: 'CREATED' };
  const ok = { applyResources: { error: null, ok: { dryRun: true, changes: [done], issues: [], preview: null } } };
  const away = () => new Response('bad gateway', { status: 502 });
  const { user, area } = await write(() => (isAway ? away() : ok));
  await screen.findByText('This could not be loaded');
  expect(area.value).toBe(text);
  isAway = false;
  await user.click(screen.getByRole('button', { name: 'Show what changes' }));
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(false));
  expect(screen.queryByText('This could not be loaded')).toBeNull();
});

it('asks nobody to write what he may not make, and says what it takes', async () => {
  const Rights = { viewer: { __typename: 'Viewer', permissionsSomewhere: ['TrafficPolicy.read'] } };
  showConsole('/edit/traffic-policies', { Rights });
  await screen.findByText('You may not create a traffic policy');
  expect(screen.queryByLabelText('Document (YAML)')).toBeNull();
});

it('asks nobody to write what he may not change, and leads to it', async () => {
  const resource = {
    __typename: 'Project',
    id: 'p',
    resourceVersion: '1',
    yaml: 'kind: Project\n',
    viewerCanUpdate: false,
  };
  showConsole('/edit/projects?name=shop', { Edited: { resource } });
  await screen.findByText('You may not change shop');
  screen.getByRole('link', { name: 'Look at it' });
  expect(screen.queryByLabelText('Document (YAML)')).toBeNull();
});
