// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';
import { permissionTable } from './permission-table.js';

const all = ['viewer.read', 'audit.read', 'Cluster.read', 'Cluster.write', 'SloPolicy.read'];
const role = (name: string, builtIn: boolean, permissions: string[]) => ({
  name,
  builtIn,
  description: '',
  permissions,
});
const Roles = {
  viewer: {
    __typename: 'Viewer',
    permissions: ['viewer.read', 'roles.manage', 'Cluster.read', 'SloPolicy.read'],
    permissionsSomewhere: ['roles.manage'],
  },
  roles: [role('Owner', true, all), role('watcher', false, ['Cluster.read'])],
  roleBindings: { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
};

it('shows permissions as kinds and verbs, and the rest beside', () => {
  expect(permissionTable(all)).toEqual({
    rows: ['Cluster', 'SloPolicy'],
    verbs: ['read', 'write'],
    others: ['viewer.read', 'audit.read'],
  });
});

it('lets nobody tick what he does not hold', async () => {
  const { user } = showConsole('/roles', { Roles });
  await user.click(await screen.findByRole('button', { name: 'Make a role' }));
  const dialog = within(await screen.findByRole('dialog'));
  const isDisabled = (name: string): boolean => dialog.getByRole<HTMLInputElement>('checkbox', { name }).disabled;
  expect(all.map(isDisabled)).toEqual([false, true, false, true, false]);
});

it('makes a role of what was ticked', async () => {
  const { user, asked } = showConsole('/roles', { Roles, PutCustomRole: { putCustomRole: { error: null } } });
  await user.click(await screen.findByRole('button', { name: 'Make a role' }));
  const dialog = within(await screen.findByRole('dialog'));
  const save = dialog.getByRole<HTMLButtonElement>('button', { name: 'Save the role' });
  await user.type(dialog.getByRole('textbox', { name: /^Name/ }), 'reader');
  expect(save.disabled).toBe(true);
  await user.click(dialog.getByRole('checkbox', { name: 'SloPolicy.read' }));
  await user.click(save);
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(asked.find(({ operation }) => operation === 'PutCustomRole')?.variables).toEqual({
    input: { name: 'reader', description: '', permissions: ['SloPolicy.read'] },
  });
});

it('changes and deletes custom roles alone, and says why one is not deleted', async () => {
  const error = { message: 'Somebody holds it' };
  const { user } = showConsole('/roles', { Roles, DeleteCustomRole: { deleteCustomRole: { error } } });
  await user.click(await screen.findByRole('button', { name: 'Edit role watcher' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByRole<HTMLInputElement>('textbox', { name: /^Name/ }).readOnly).toBe(true);
  expect(dialog.getByRole<HTMLInputElement>('checkbox', { name: 'Cluster.read' }).checked).toBe(true);
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('button', { name: 'Edit role Owner' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Delete role watcher' }));
  const asking = within(await screen.findByRole('dialog'));
  await user.type(asking.getByRole('textbox'), 'watcher');
  await user.click(asking.getByRole('button', { name: 'Delete' }));
  await asking.findByText(/Somebody holds it/);
});

/** Somebody was changing a role when the session ended. */
async function endedOverARole(): Promise<void> {
  const first = showConsole('/roles', { Roles });
  await first.user.click(await screen.findByRole('button', { name: 'Edit role watcher' }));
  await first.user.type(await screen.findByLabelText('What it is for'), 'Half');
  first.session.end('over');
  await screen.findByText('over');
  cleanup();
}

it('shows a role again that was being changed when the session ended over it, until that is cancelled', async () => {
  await endedOverARole();
  const { user } = showConsole('/roles', { Roles });
  const dialog = within(await screen.findByRole('dialog', { name: 'Edit role watcher' }));
  expect(dialog.getByLabelText<HTMLInputElement>('What it is for').value).toBe('Half');
  dialog.getByText('This is what you were writing here before.');
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  cleanup();
  showConsole('/roles', { Roles });
  await screen.findByRole('button', { name: 'Edit role watcher' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('shows no role again that is gone since, and never a built-in one', async () => {
  await endedOverARole();
  showConsole('/roles', { Roles: { ...Roles, roles: [role('watcher', true, all)] } });
  await screen.findByText('watcher');
  expect(screen.queryByRole('dialog')).toBeNull();
});
