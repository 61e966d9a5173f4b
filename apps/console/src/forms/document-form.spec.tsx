// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const TEXT = `apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata:
  name: patient
  project: default
spec:
  # whom it concerns
  targets:
    - globalNamespace: shop
    - globalNamespace: bank
  retry:
    attempts: 3 # not more
    perTryTimeout: 2s
`;
const resource = { id: 'r', resourceVersion: '7', yaml: TEXT, viewerCanUpdate: true };
const names = { resources: { pageInfo: { hasNextPage: false }, nodes: [{ id: 'g', name: 'bookinfo' }] } };
const answers = { Edited: { resource }, ResourceNames: names };
const PATH = '/edit/traffic-policies?name=patient&project=default';

async function showEditor(more: object = {}, path = PATH) {
  const shown = showConsole(path, { ...answers, ...more });
  const form = within(await screen.findByRole('form', { name: 'Fields' }));
  const text = screen.queryByLabelText<HTMLTextAreaElement>('Document (YAML)');
  return { ...shown, form, text: () => text?.value ?? '' };
}

const withVersion = TEXT.replace('metadata:\n', 'metadata:\n  resourceVersion: "7"\n');

it('says why it cannot show a text, and keeps it', async () => {
  const { user, text } = await showEditor();
  const area = screen.getByLabelText('Document (YAML)');
  await user.click(area);
  await user.type(area, '{{');
  await screen.findByText('The form cannot show this text; it is kept as it is. Go on in the YAML.');
  expect(text()).toBe(`${withVersion}{`);
  expect(screen.queryByRole('form', { name: 'Fields' })).toBeNull();
});

it('writes a field into its line of the text, and keeps comments and everything else', async () => {
  const { user, form, text } = await showEditor();
  expect(text()).toBe(withVersion);
  const attempts = form.getByRole<HTMLInputElement>('textbox', { name: 'Attempts' });
  await user.clear(attempts);
  await user.type(attempts, '12');
  expect(text()).toBe(withVersion.replace('attempts: 3 #', 'attempts: 12 #'));
  await user.selectOptions(form.getByRole('combobox', { name: 'Unit of Per try timeout' }), 'minutes');
  expect(text()).toContain('perTryTimeout: 2m\n');
});

it('shows what is written in the text at once', async () => {
  const { user, form } = await showEditor();
  const area = screen.getByLabelText<HTMLTextAreaElement>('Document (YAML)');
  const at = area.value.indexOf('attempts: 3') + 'attempts: 3'.length;
  await user.type(area, '0', { initialSelectionStart: at, initialSelectionEnd: at });
  expect(form.getByRole<HTMLInputElement>('textbox', { name: 'Attempts' }).value).toBe('30');
});

it('adds, moves and removes by keys alone, and the focus goes along', async () => {
  const { user, form, text } = await showEditor();
  form.getByRole('button', { name: 'Move Targets 1 down' }).focus();
  await user.keyboard('{Enter}');
  expect(text()).toContain('- globalNamespace: bank\n    - globalNamespace: shop\n');
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Move Targets 2 down');
  form.getByRole('button', { name: 'Remove targets 2' }).focus();
  await user.keyboard('{Enter}');
  expect(text()).not.toContain('shop');
  await expect.poll(() => document.activeElement?.textContent).toBe('Add one of targets');
  form.getByRole('button', { name: 'Add timeout' }).focus();
  await user.keyboard('{Enter}');
  expect(text()).toContain('  timeout: {}\n');
  await expect.poll(() => document.activeElement?.id).toBe('field-spec.timeout.request');
  await user.keyboard('5');
  expect(text()).toContain('  timeout:\n    request: 5s\n');
});

it('completes names of what there is', async () => {
  const { user, form, asked } = await showEditor();
  await user.click(form.getAllByRole('combobox', { name: 'Global namespace' })[0] ?? document.body);
  await expect.poll(() => document.querySelector('datalist option')?.getAttribute('value')).toBe('bookinfo');
  expect(asked.at(-1)).toEqual({
    operation: 'ResourceNames',
    variables: { kind: 'GlobalNamespace', filter: { project: 'default' } },
  });
});

it('writes free keys with their values, and no key twice', async () => {
  const { user, form, text } = await showEditor();
  await user.click(form.getByRole('button', { name: 'Add labels' }));
  await user.type(form.getByLabelText('New key'), 'example.com/tier{Enter}');
  await user.type(form.getByLabelText(/Value of example.com/), '1.0');
  expect(text()).toContain('  labels:\n    example.com/tier: "1.0"\n');
  await user.type(form.getByLabelText('New key'), 'example.com/tier');
  expect(form.getByRole('button', { name: 'Add' }).getAttribute('aria-disabled')).toBe('true');
});

it('shows an issue with cause and fix at its field, and leads to its line', async () => {
  const issue = {
    __typename: 'Issue',
    code: 'ISM0016',
    severity: 'ERROR',
    title: 'Not a whole number of the range',
    message: 'many is no number',
    path: 'spec.retry.attempts',
    cause: 'It is a word',
    fix: 'Write a number',
    hint: null,
    cluster: null,
    source: { line: 13 },
    resource: { kind: 'TrafficPolicy', name: 'patient' },
  };
  const elsewhere = { ...issue, path: 'spec.domain', resource: { kind: 'GlobalNamespace', name: 'shop' } };
  const error = { code: 'INVALID', message: 'Not valid', issues: [issue, elsewhere], current: null };
  const { user, form, text } = await showEditor({ ApplyDocument: { applyResources: { ok: null, error } } });
  const attempts = form.getByRole<HTMLInputElement>('textbox', { name: 'Attempts' });
  await user.clear(attempts);
  await user.type(attempts, 'many');
  await user.click(screen.getByRole('button', { name: 'Show what changes' }));
  await form.findByText('ISM0016: many is no number Cause: It is a word Fix: Write a number');
  expect(attempts.getAttribute('aria-invalid')).toBe('true');
  expect(attempts.value).toBe('many');
  await user.click(screen.getByRole('button', { name: 'Line 13' }));
  const area = screen.getByLabelText<HTMLTextAreaElement>('Document (YAML)');
  expect(text().slice(area.selectionStart, area.selectionEnd)).toBe('    attempts: many # not more');
  expect(screen.getAllByRole('button', { name: /^Line/ })).toHaveLength(1);
});

it('has in its address which sides are shown, and keeps what is written when that changes', async () => {
  const { user, form, address } = await showEditor({}, `${PATH}&view=form`);
  expect(screen.queryByLabelText('Document (YAML)')).toBeNull();
  await user.selectOptions(form.getByRole('combobox', { name: 'Enforced' }), 'yes');
  await user.click(screen.getByRole('button', { name: 'YAML' }));
  expect(address()).toContain('view=yaml');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Document (YAML)').value).toContain('enforced: true');
  // One text, and the one from which it began.
  expect(Object.keys(sessionStorage).filter((key) => !key.endsWith(' base'))).toHaveLength(1);
});
