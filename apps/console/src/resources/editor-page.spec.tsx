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

async function write(answer: object | ((input: { dryRun: boolean }) => object)) {
  const ApplyDocument =
    typeof answer === 'function'
      ? ({ input }: Record<string, unknown>) => (answer as (given: unknown) => object)(input)
      : answer;
  const shown = showConsole('/edit/traffic-policies?view=yaml', { ApplyDocument });
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

it('applies once what it has to ask for twice, since the answer was lost, and another text for itself', async () => {
  let isLost = true;
  const done = { kind: 'TrafficPolicy', name: 'patient', projectName: 'default', outcome: 'CREATED' };
  const seen = { dryRun: true, changes: [done], issues: [], preview: null };
  const { user, asked } = await write((input?: { dryRun: boolean }) =>
    isLost && input?.dryRun === false
      ? new Response('gone', { status: 502 })
      : { applyResources: { error: null, ok: seen } },
  );
  const apply = screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' });
  await waitFor(() => expect(apply.disabled).toBe(false));
  await user.click(apply);
  await screen.findByText('This could not be loaded');
  expect(apply.disabled).toBe(false);
  await user.click(apply);
  await waitFor(() => expect(asked.filter(({ operation }) => operation === 'ApplyDocument')).toHaveLength(3));
  isLost = false;
  const area = screen.getByLabelText<HTMLTextAreaElement>('Document (YAML)');
  fireEvent.change(area, { target: { value: `${text}# other\n` } });
  await user.click(screen.getByRole('button', { name: 'Show what changes' }));
  await waitFor(() => expect(apply.disabled).toBe(false));
  await user.click(apply);
  await waitFor(() => expect(asked.filter(({ operation }) => operation === 'ApplyDocument')).toHaveLength(5));
  const keys = asked.flatMap(
    ({ variables }) => (variables['input'] as { idempotencyKey?: string } | undefined)?.idempotencyKey ?? [],
  );
  expect([keys.length, new Set(keys).size, keys[0] === keys[1]]).toEqual([3, 2, true]);
});

it('stays as it is while what may be made is asked for again', async () => {
  let answered = 0;
  const { user } = showConsole('/edit/traffic-policies?view=yaml', {
    Places: () => {
      answered += 1;
      return mayIn(EVERYWHERE).Places;
    },
    ApplyDocument: refusal('INVALID'),
  });
  await user.click(await screen.findByRole('button', { name: 'Show what changes' }));
  await screen.findByText('no');
  const area = screen.getByLabelText('Document (YAML)');
  window.dispatchEvent(new Event('online'));
  await waitFor(() => expect(answered).toBe(2));
  screen.getByText('no');
  expect(screen.getByLabelText('Document (YAML)')).toBe(area);
});

const mayIn = (...placesToCreate: { kind: string; name: string }[]) => ({
  Places: { viewer: { __typename: 'Viewer', placesToCreate } },
});
const PAYMENTS = { kind: 'PROJECT', name: 'payments' };
const SHOP = { kind: 'GLOBAL_NAMESPACE', name: 'payments/shop' };
const EVERYWHERE = { kind: 'ORGANIZATION', name: '' };

it('asks nobody to write what he may not make, and says what it takes', async () => {
  showConsole('/edit/traffic-policies', mayIn());
  await screen.findByText('You may not create a traffic policy');
  expect(screen.queryByLabelText('Document (YAML)')).toBeNull();
});

it('asks nobody to write in a project where he may not, and says where he may', async () => {
  showConsole('/edit/traffic-policies?project=search', mayIn(PAYMENTS, SHOP));
  await screen.findByText('You may not create a traffic policy in project search');
  screen.getByText('You may in: project payments, global namespace payments/shop.');
  expect(screen.queryByLabelText('Document (YAML)')).toBeNull();
});

it.each([
  ['the default project, where anything may be made', '', [EVERYWHERE], '  project: default\nspec: {}\n'],
  ['the project that was looked at', '&project=shop', [EVERYWHERE], '  project: shop\nspec: {}\n'],
  ['the project where it may be made', '', [PAYMENTS, SHOP], '  project: payments\nspec: {}\n'],
  [
    'what names the one global namespace of which policies may be made',
    '',
    [SHOP],
    '  project: payments\nspec:\n  targets:\n    - globalNamespace: shop\n',
  ],
])('begins in %s', async (...[, address, places, end]) => {
  showConsole(`/edit/traffic-policies?view=yaml${address}`, mayIn(...places));
  const area = await screen.findByLabelText<HTMLTextAreaElement>('Document (YAML)');
  expect(area.value.endsWith(`  name: \n${end}`)).toBe(true);
});

it('says at once when what is written is in a project where it may not be made', async () => {
  showConsole('/edit/traffic-policies?view=yaml', mayIn(PAYMENTS));
  const area = await screen.findByLabelText<HTMLTextAreaElement>('Document (YAML)');
  expect(screen.queryByText(/You may not create/)).toBeNull();
  fireEvent.change(area, { target: { value: area.value.replace('payments', 'search') } });
  await screen.findByText('You may not create a traffic policy in project search');
});

it('completes the project to those where it may be made', async () => {
  const { user } = showConsole('/edit/traffic-policies', mayIn(PAYMENTS));
  const field = await screen.findByRole('combobox', { name: 'Project' });
  await user.click(field);
  await waitFor(() =>
    expect([...document.querySelectorAll('datalist option')].map((one) => one.getAttribute('value'))).toEqual([
      'payments',
    ]),
  );
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
