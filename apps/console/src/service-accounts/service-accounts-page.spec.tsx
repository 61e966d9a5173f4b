// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const token = (name: string, revokedAt: string | null) => ({
  __typename: 'ApiToken',
  id: name,
  name,
  role: 'EDITOR',
  scope: { kind: 'PROJECT', name: 'shop' },
  prefix: `isth_${name}`,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  lastUsedAt: null,
  revokedAt,
});
const account = {
  __typename: 'ServiceAccount',
  id: 'a1',
  name: 'pipeline',
  description: 'applies what is in Git',
  createdAt: '2026-01-01T00:00:00Z',
  by: { __typename: 'Actor', id: 'user:ada', kind: 'USER', name: 'Ada', tokenName: null },
  disabledAt: null,
  tokens: [token('deploy', null), token('old', '2026-02-01T00:00:00Z')],
};
const grant = (id: string, subject: object) => ({
  __typename: 'RoleBinding',
  id,
  role: 'Editor',
  createdAt: '2026-01-01T00:00:00Z',
  by: { __typename: 'Actor', id: 'user:ada', kind: 'USER', name: 'Ada', tokenName: null },
  expiresAt: null,
  subject,
  scope: { kind: 'PROJECT', name: 'shop' },
});
const ServiceAccount = {
  serviceAccount: {
    ...account,
    roleBindings: {
      totalCount: 1,
      nodes: [grant('b1', { kind: 'SERVICE_ACCOUNT', id: 'a1', name: 'pipeline', email: null, deleted: false })],
    },
  },
  roles: [{ name: 'Viewer' }, { name: 'Editor' }],
};
const answers = { ServiceAccount, ServiceAccounts: { serviceAccounts: [account] } };
const refused = { message: 'The last token of an owner', issues: [] };

it('lists programs with their live tokens, in one request, and leads to each', async () => {
  const { user, asked, address } = showConsole('/service-accounts', answers);
  await screen.findByText('1 live token');
  expect(asked).toHaveLength(1);
  await user.click(screen.getByRole('link', { name: 'pipeline' }));
  await screen.findByText('applies what is in Git');
  expect(address()).toBe('/console/service-accounts?name=pipeline');
});

it('says where there is none, and why one would want one', async () => {
  showConsole('/service-accounts', { ServiceAccounts: { serviceAccounts: [] } });
  await screen.findByText('There is no service account yet');
});

it('keeps what was written where the server refuses a new one', async () => {
  const { user } = showConsole('/service-accounts', {
    ...answers,
    CreateServiceAccount: {
      createServiceAccount: { error: { __typename: 'MutationError', message: 'The name is taken', issues: [] } },
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Create a service account' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'pipeline');
  await user.click(dialog.getByRole('button', { name: 'Create a service account' }));
  await dialog.findByText(/The name is taken/);
  expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('pipeline');
});

const named = (type: string, one: object) => ({
  resources: {
    ...{ __typename: 'ResourceConnection', pageInfo: { hasNextPage: false, endCursor: null } },
    nodes: [{ __typename: type, id: 'r1', ...one }],
  },
});

it('makes a token for one global namespace, which is found by name with its project, or written', async () => {
  const made = { ok: null, error: { __typename: 'MutationError', message: 'Not so', issues: [] } };
  const { user, asked } = showConsole('/service-accounts?name=pipeline', {
    ...answers,
    CreateServiceAccountToken: { createServiceAccountToken: made },
    ResourceNames: named('GlobalNamespace', { name: 'carts', projectName: 'shop' }),
  });
  await user.click(await screen.findByRole('button', { name: 'Create a token' }));
  const dialog = within(await screen.findByRole('dialog'));
  const place = dialog.getByRole<HTMLInputElement>('combobox', { name: 'Only in this global namespace' });
  const inputs = () =>
    asked
      .filter(({ operation }) => operation === 'CreateServiceAccountToken')
      .map(({ variables }) => variables['input']);
  await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'ci');
  await user.type(place, 'cart');
  await user.click(await dialog.findByRole('option', { name: 'shop/carts' }));
  await user.click(dialog.getByRole('button', { name: 'Create a token' }));
  await dialog.findByText('Not so');
  await user.clear(place);
  await user.type(place, 'others');
  await user.click(dialog.getByRole('button', { name: 'Create a token' }));
  await expect.poll(() => inputs().length).toBe(2);
  expect(inputs()).toMatchObject([{ project: 'shop', globalNamespace: 'carts' }, { globalNamespace: 'others' }]);
  expect(inputs()[1]).not.toHaveProperty('project');
});

it('shows a new token once, and nothing of it when the dialog is closed', async () => {
  const made = { ok: { secret: 'isth_secret' }, error: null };
  const { user, asked } = showConsole('/service-accounts?name=pipeline', {
    ...answers,
    CreateServiceAccountToken: { createServiceAccountToken: made },
    ResourceNames: named('Project', { name: 'shop', projectName: null }),
  });
  await user.click(await screen.findByRole('button', { name: 'Create a token' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'ci');
  await user.selectOptions(dialog.getByRole('combobox', { name: /^Role/ }), 'Editor');
  await user.click(dialog.getByRole('combobox', { name: 'Only in this project' }));
  await user.click(await dialog.findByRole('option', { name: 'shop' }));
  await user.click(dialog.getByRole('button', { name: 'Create a token' }));
  await dialog.findByDisplayValue('isth_secret');
  expect(asked.find(({ operation }) => operation === 'CreateServiceAccountToken')?.variables).toEqual({
    input: { serviceAccountId: 'a1', name: 'ci', role: 'Editor', expiresInDays: 90, project: 'shop' },
  });
  await user.click(dialog.getByRole('button', { name: 'Done' }));
  expect(screen.queryByDisplayValue('isth_secret')).toBeNull();
});

it('says so where there are more grants than are shown', async () => {
  const { roleBindings } = ServiceAccount.serviceAccount;
  const many = { ...ServiceAccount.serviceAccount, roleBindings: { ...roleBindings, totalCount: 140 } };
  const { user } = showConsole('/service-accounts?name=pipeline', {
    ...answers,
    ServiceAccount: { ...ServiceAccount, serviceAccount: many },
  });
  await screen.findByText('Only the first 1 are shown.');
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  within(await screen.findByRole('dialog')).getByText(/140 grants are taken back/);
});

it('says why it is not disabled, and what its tokens are worth once it is', async () => {
  const { user } = showConsole('/service-accounts?name=pipeline', {
    ...answers,
    ServiceAccount: {
      ...ServiceAccount,
      serviceAccount: { ...ServiceAccount.serviceAccount, disabledAt: '2026-03-01T00:00:00Z' },
    },
    EnableServiceAccount: { enableServiceAccount: { error: refused } },
  });
  await screen.findByText(/It is disabled: its tokens count for nothing/);
  await user.click(screen.getByRole('button', { name: 'Enable' }));
  await screen.findByText(/The last token of an owner/);
});

it('deletes after it said what ends with it and was told the name', async () => {
  const { user, asked, address } = showConsole('/service-accounts?name=pipeline', {
    ...answers,
    DeleteServiceAccount: { deleteServiceAccount: { error: null } },
  });
  await user.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText(/1 live token is revoked at once, and 1 grant is taken back/);
  dialog.getByText('Editor, project shop');
  const confirm = dialog.getByRole<HTMLButtonElement>('button', { name: 'Delete' });
  expect(confirm.disabled).toBe(true);
  await user.type(dialog.getByRole('textbox'), 'pipeline');
  await user.click(confirm);
  await expect.poll(address).toBe('/console/service-accounts');
  expect(asked.map(({ operation }) => operation)).toContain('DeleteServiceAccount');
});
