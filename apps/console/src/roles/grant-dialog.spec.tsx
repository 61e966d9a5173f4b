// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { json, showConsole, type Answers, type ShownConsole } from '../testing/console.fixture.js';

const role = { name: 'Viewer', builtIn: true, description: '', permissions: ['viewer.read'] };
const rolesHeld = (...permissions: string[]) => ({
  viewer: { __typename: 'Viewer', permissions, permissionsSomewhere: ['roles.manage'] },
  roles: [role],
  roleBindings: { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
});
const Roles = rolesHeld('sessions.manage', 'tokens.manage');
const ada = { __typename: 'AccountHit', id: 'u-1', name: 'Ada Byron', email: 'ada@example.com', provider: 'corp' };
const bob = { ...ada, id: 'u-2', name: 'Adam', email: null };
const search = (found: object) => ({ search: { __typename: 'SearchResult', ...found } });
const Subjects = ({ people, groups, programs, tokens }: Record<string, unknown>) =>
  search({
    ...(people === true ? { accounts: [ada, bob] } : {}),
    ...(groups === true ? { groups: ['corp:editors'] } : {}),
    ...(programs === true
      ? { serviceAccounts: [{ __typename: 'ServiceAccountHit', id: 's-1', name: 'deployer', description: 'Deploys' }] }
      : {}),
    ...(tokens === true ? { apiTokens: [{ __typename: 'ApiToken', id: 't-1', name: 'ci', prefix: 'isth_abc' }] } : {}),
  });
const GrantRole = { grantRole: { error: null } };

const PERSON = 'Name or address of the person';
const GROUP = 'Group as provider:group';
const field = (name: string) => screen.findByRole<HTMLInputElement>('combobox', { name });
const grants = () => screen.getAllByRole<HTMLButtonElement>('button', { name: 'Grant a role' }).at(-1);
const options = () =>
  within(screen.getByRole('listbox', { name: PERSON }))
    .getAllByRole('option')
    .map(({ textContent }) => textContent);

async function opened(answers: Answers): Promise<ShownConsole> {
  const shown = showConsole('/roles', { Roles, Subjects, GrantRole, ...answers });
  await shown.user.click(await screen.findByRole('button', { name: 'Grant a role' }));
  await screen.findByRole('dialog');
  return shown;
}
const inputOf = ({ asked }: ShownConsole) => asked.find(({ operation }) => operation === 'GrantRole')?.variables;
const askedFor = ({ asked }: ShownConsole) =>
  asked.filter(({ operation }) => operation === 'Subjects').map(({ variables }) => variables['text']);

it('grants nothing to a text that is nobody, and says to choose somebody', async () => {
  const shown = await opened({ Subjects: () => search({ accounts: [] }) });
  const whom = await field(PERSON);
  await shown.user.type(whom, 'nobody');
  await screen.findByRole('option', { name: 'Nothing is found for “nobody”.' });
  await shown.user.click(screen.getByText('Nothing is found for “nobody”.', { selector: '.pf-v6-c-menu__item *' }));
  expect(whom.value).toBe('nobody');
  await shown.user.keyboard('{Escape}');
  screen.getByText('Choose one of those that are found.');
  expect(grants()?.disabled).toBe(true);
  expect(screen.queryByRole('dialog')).not.toBeNull();
});

it('says why nothing could be found, asks again, and still takes an id', async () => {
  let isDown = true;
  const shown = await opened({
    Subjects: (variables) => (isDown ? json({ errors: [{ message: 'out of order' }] }) : Subjects(variables)),
  });
  const whom = await field(PERSON);
  await shown.user.type(whom, 'ada');
  await screen.findByText('out of order');
  await expect.poll(() => screen.queryByRole('listbox')).toBeNull();
  await shown.user.tab();
  screen.getByText('out of order');
  expect(screen.queryByText('Choose one of those that are found.')).toBeNull();
  isDown = false;
  await shown.user.click(screen.getByRole('button', { name: 'Try again' }));
  await expect.poll(() => screen.queryByText('out of order')).toBeNull();
  expect(askedFor(shown)).toEqual(['ada', 'ada']);
  await shown.user.clear(whom);
  expect(grants()?.disabled).toBe(true);
  await shown.user.type(whom, '0190d9c0-0000-7000-8000-000000000000');
  expect(grants()?.disabled).toBe(false);
});

it('asks for an id of whoever may not look for people or programs, and says why', async () => {
  const shown = await opened({ Roles: rolesHeld() });
  for (const [kind, label] of [
    ['person', /Id of the person/],
    ['service account', /Id of the service account/],
    ['token', /Id of the token/],
  ] as const) {
    await shown.user.selectOptions(screen.getByLabelText('To whom'), kind);
    const input = screen.getByLabelText<HTMLInputElement>(label);
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'Your roles do not let you look for one by name',
    );
  }
  expect(askedFor(shown)).toEqual([]);
});

it('finds people by keys alone, in one request for what is written at once, and is closed by Escape before the dialog', async () => {
  const shown = await opened({});
  const whom = await field(PERSON);
  await shown.user.click(whom);
  screen.getByRole('option', { name: 'Write a part of the name.' });
  expect(askedFor(shown)).toEqual([]);
  await shown.user.type(whom, 'ada');
  await screen.findByRole('option', { name: /Ada Byron/ });
  expect(options()).toEqual(['Ada Byron (ada@example.com)corp', 'Adamcorp']);
  expect(askedFor(shown)).toEqual(['ada']);
  expect(screen.getByText('2 to choose from').getAttribute('role')).toBe('status');
  await shown.user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  const active = document.getElementById(whom.getAttribute('aria-activedescendant') ?? '');
  expect(active).toBe(screen.getByRole('option', { name: /Ada Byron/ }));
  await shown.user.keyboard('{Escape}');
  expect([whom.getAttribute('aria-expanded'), screen.queryAllByRole('dialog').length]).toEqual(['false', 1]);
  await shown.user.keyboard('{ArrowDown}');
  await screen.findByRole('option', { name: /Ada Byron/ });
  await shown.user.keyboard('{ArrowUp}{Enter}');
  expect([whom.value, document.activeElement, inputOf(shown)]).toEqual(['Adam', whom, undefined]);
  await shown.user.keyboard('{Enter}');
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(inputOf(shown)).toEqual({
    input: { subjectKind: 'USER', subject: 'u-2', role: 'Viewer', scope: { kind: 'ORGANIZATION' } },
  });
});

it.each([
  { kind: 'service account', label: 'Name of the service account', subject: 's-1', name: /deployer/ },
  { kind: 'token', label: 'Name of the token', subject: 't-1', name: /begins with isth_abc/ },
  { kind: 'group', label: GROUP, subject: 'corp:editors', name: /corp:editors/ },
])('finds a $kind by name', async ({ kind, label, subject, name }) => {
  const shown = await opened({});
  await shown.user.selectOptions(screen.getByLabelText('To whom'), kind);
  await shown.user.type(await field(label), 'e');
  await shown.user.click(await screen.findByRole('option', { name }));
  await shown.user.click(grants() ?? document.body);
  const subjectKind = kind.toUpperCase().replace(' ', '_');
  await expect.poll(() => inputOf(shown)).toMatchObject({ input: { subject, subjectKind } });
});

it('takes a group of which nobody has signed in yet as it is written', async () => {
  const shown = await opened({ Subjects: () => search({ groups: [] }) });
  await shown.user.selectOptions(screen.getByLabelText('To whom'), 'group');
  await shown.user.type(await field(GROUP), 'corp:newcomers');
  await screen.findByText('None of this name is found: it is taken as it is written.');
  await shown.user.click(grants() ?? document.body);
  await expect.poll(() => inputOf(shown)).toMatchObject({ input: { subject: 'corp:newcomers' } });
});

it('says to write more where more people are found than are shown', async () => {
  const many = Array.from({ length: 51 }, (_, index) => ({ ...bob, id: `u-${index}`, name: `Ada ${index}` }));
  const shown = await opened({ Subjects: () => search({ accounts: many }) });
  await shown.user.type(await field(PERSON), 'ada');
  await screen.findByRole('option', { name: 'More are found: write more of the name.' });
  expect(options()).toHaveLength(51);
});

const gns = (name: string) => ({ __typename: 'GlobalNamespace', id: name, name, projectName: 'shop' });

it('finds where a role counts by name, and shows those that follow when they are asked for', async () => {
  const shown = await opened({
    ResourceNames: ({ after }) => ({
      resources: {
        __typename: 'ResourceConnection',
        pageInfo: { hasNextPage: after === undefined, endCursor: 'one' },
        nodes: after === undefined ? [gns('carts')] : [gns('sales')],
      },
    }),
  });
  await shown.user.type(await field(PERSON), 'ada');
  await shown.user.click(await screen.findByRole('option', { name: /Ada Byron/ }));
  await shown.user.selectOptions(screen.getByLabelText('Where'), 'global namespace');
  expect(grants()?.disabled).toBe(true);
  await shown.user.click(await field('Global namespace as project/name'));
  await shown.user.click(await screen.findByRole('option', { name: 'Show more' }));
  await shown.user.click(await screen.findByRole('option', { name: 'shop/sales' }));
  await shown.user.click(grants() ?? document.body);
  await expect
    .poll(() => inputOf(shown))
    .toMatchObject({ input: { subject: 'u-1', scope: { kind: 'GLOBAL_NAMESPACE', name: 'shop/sales' } } });
  const filters = shown.asked.filter(({ operation }) => operation === 'ResourceNames');
  expect(filters.map(({ variables }) => variables)).toEqual([
    { kind: 'GlobalNamespace', filter: { search: '' } },
    { kind: 'GlobalNamespace', filter: { search: '' }, after: 'one' },
  ]);
});

it('shows whom it was for again when the session ended over it, by name', async () => {
  const first = await opened({});
  await first.user.type(await field(PERSON), 'ada');
  await first.user.click(await screen.findByRole('option', { name: /Ada Byron/ }));
  first.session.end('over');
  await screen.findByText('over');
  cleanup();
  const shown = showConsole('/roles', { Roles, Subjects, GrantRole });
  const dialog = within(await screen.findByRole('dialog'));
  expect((await field(PERSON)).value).toBe('Ada Byron (ada@example.com)');
  await shown.user.click(dialog.getByRole('button', { name: 'Grant a role' }));
  await expect.poll(() => inputOf(shown)).toMatchObject({ input: { subject: 'u-1' } });
});
