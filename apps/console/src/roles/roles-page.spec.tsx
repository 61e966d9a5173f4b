// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const binding = {
  __typename: 'RoleBinding',
  id: 'b1',
  role: 'Editor',
  createdAt: '2026-01-01T00:00:00Z',
  by: { __typename: 'Actor', id: 'user:ada', kind: 'USER', name: 'Ada', tokenName: null },
  expiresAt: null,
  subject: { kind: 'GROUP', id: 'corp:editors', name: 'corp:editors', email: null, deleted: false },
  scope: { kind: 'PROJECT', name: 'shop' },
};
const role = (name: string) => ({ name, builtIn: true, description: 'What it is for', permissions: ['viewer.read'] });
const Roles = {
  viewer: { __typename: 'Viewer', permissions: [], permissionsSomewhere: ['roles.manage'] },
  roles: [role('Viewer'), role('Editor')],
  roleBindings: { totalCount: 1, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [binding] },
};

it('offers no grant to be made or revoked, and no role to be made, to whom it is not given', async () => {
  const custom = { ...role('watcher'), builtIn: false };
  const viewer = { __typename: 'Viewer', permissions: ['roles.read'], permissionsSomewhere: ['roles.read'] };
  showConsole('/roles', { Roles: { ...Roles, viewer, roles: [custom] } });
  await screen.findByText('group corp:editors');
  await screen.findByText('watcher (custom)');
  for (const name of ['Grant a role', 'Revoke', 'Make a role', 'Edit role watcher', 'Delete role watcher'])
    expect(screen.queryByRole('button', { name }), name).toBeNull();
});

it('says in words who holds what and where, in one request', async () => {
  const { asked } = showConsole('/roles', { Roles });
  await screen.findByText('group corp:editors');
  screen.getByText('project shop');
  expect(asked).toHaveLength(1);
});

it('shows what the server finds wrong with a grant, and keeps what was written', async () => {
  const issue = {
    __typename: 'Issue',
    code: 'ISM0983',
    severity: 'ERROR',
    message: 'more than you hold',
    path: '',
    title: null,
  };
  const none = { cause: null, fix: null, hint: null, cluster: null };
  const error = { __typename: 'MutationError', message: 'The role was not granted', issues: [{ ...issue, ...none }] };
  const { user, asked } = showConsole('/roles', { Roles, GrantRole: { grantRole: { error } } });
  await user.click(await screen.findByRole('button', { name: 'Grant a role' }));
  const subject = await screen.findByLabelText<HTMLInputElement>(/Id of the person/);
  await user.type(subject, 'someone');
  await user.selectOptions(screen.getByLabelText('Where'), 'project');
  await user.type(screen.getByRole('combobox', { name: 'Name of the project' }), 'shop');
  await user.click(screen.getAllByRole('button', { name: 'Grant a role' }).at(-1) ?? subject);
  await screen.findByText(/ISM0983/);
  expect(subject.value).toBe('someone');
  expect(asked.find(({ operation }) => operation === 'GrantRole')?.variables).toEqual({
    input: { subjectKind: 'USER', subject: 'someone', role: 'Viewer', scope: { kind: 'PROJECT', name: 'shop' } },
  });
});

const GROUP = 'Group as provider:group';

it('shows again what was filled in of a grant when the session ended over it, until that is cancelled', async () => {
  const first = showConsole('/roles', { Roles });
  await first.user.click(await screen.findByRole('button', { name: 'Grant a role' }));
  await first.user.selectOptions(await screen.findByLabelText('To whom'), 'group');
  await first.user.type(screen.getByRole('combobox', { name: GROUP }), 'corp:half');
  first.session.end('over');
  await screen.findByText('over');
  cleanup();
  const { user } = showConsole('/roles', { Roles });
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByRole<HTMLInputElement>('combobox', { name: GROUP }).value).toBe('corp:half');
  dialog.getByText('This is what you were writing here before.');
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(await screen.findByRole('button', { name: 'Grant a role' }));
  expect(screen.getByLabelText<HTMLInputElement>(/Id of the person/).value).toBe('');
});

it('revokes after it said from whom and where', async () => {
  const { user, asked } = showConsole('/roles', { Roles, RevokeRole: { revokeRole: { error: null } } });
  await user.click(await screen.findByRole('button', { name: 'Revoke' }));
  await screen.findByText(/Revoke Editor from group corp:editors\?/);
  await user.click(screen.getAllByRole('button', { name: 'Revoke' }).at(-1) ?? document.body);
  await expect.poll(() => asked.map(({ operation }) => operation)).toContain('RevokeRole');
});

const held = (subject: object, ...permissionsSomewhere: string[]) => ({
  ...Roles,
  viewer: { ...Roles.viewer, permissionsSomewhere },
  roleBindings: { ...Roles.roleBindings, nodes: [{ ...binding, subject }] },
});
const subject = (kind: string, id: string, name: string | null) => ({
  ...{ __typename: 'RoleSubject', kind, id, name, email: null, deleted: false },
});
const ada = { ...subject('USER', 'u-1', 'Ada Byron'), email: 'ada@example.com' };

it('says by id whose a grant is where the name is not known, and that it is deleted where nobody is there any more', async () => {
  showConsole('/roles', { Roles: held({ ...subject('USER', 'u-1', null), deleted: true }, 'sessions.manage') });
  const row = (await screen.findByText('person u-1')).closest('tr') ?? document.body;
  within(row).getByText('deleted');
  expect(within(row).queryAllByRole('link')).toEqual([]);
});

it('offers no way to people or tokens to whom they are not', async () => {
  showConsole('/roles', { Roles: held(ada, 'roles.read') });
  await screen.findByText('person Ada Byron (ada@example.com)');
  expect(within(screen.getByRole('grid', { name: 'Who holds what' })).queryAllByRole('link')).toEqual([]);
});

it.each([
  ['person Ada Byron (ada@example.com)', ada, '/people?search=ada%40example.com'],
  ['person Bob', subject('USER', 'u-2', 'Bob'), '/people?search=Bob'],
  ['group corp:editors', subject('GROUP', 'corp:editors', 'corp:editors'), '/people?search=corp%3Aeditors'],
  ['service account deployer', subject('SERVICE_ACCOUNT', 's-1', 'deployer'), '/service-accounts?name=deployer'],
  ['token ci', subject('TOKEN', 't-1', 'ci'), '/tokens'],
])('leads to whom a grant is for: %s', async (text, whom, to) => {
  showConsole('/roles', { Roles: held(whom, 'sessions.manage', 'tokens.manage') });
  const link = await screen.findByRole('link', { name: text });
  expect(link.getAttribute('href')).toBe(`/console${to}`);
});
