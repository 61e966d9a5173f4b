// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole } from '../testing/console.fixture.js';

const none = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
const gns = { __typename: 'GlobalNamespace', id: 'g', kind: 'GlobalNamespace', name: 'bookinfo', projectName: 'shop' };
const found = (resources: object[], more: object = {}): object => ({
  viewer: { __typename: 'Viewer', permissionsSomewhere: [], creatableKinds: [] },
  search: { resources, services: [], serviceAccounts: [], accounts: [], ...more },
});
const answers = { Issues: { issues: none }, Find: found([gns]), HeldRemovals: { holds: none } };

it('opens by Ctrl-K even while somebody writes, and goes to a page by keys alone', async () => {
  const { user, address } = showConsole('/issues', answers);
  await screen.findByRole('heading', { level: 1, name: 'Issues' });
  await user.keyboard('{Control>}k{/Control}');
  const box = await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' });
  await user.type(box, 'dec{Enter}');
  await expect.poll(address).toBe('/console/decisions');
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('finds resources by name, and takes the next one by the arrow', async () => {
  const { user, address, asked } = showConsole('/issues', answers);
  await user.click(await screen.findByRole('button', { name: 'Go to' }));
  const box = await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' });
  await user.type(box, 'bookinfo');
  await screen.findByRole('option', { name: 'bookinfo (global namespace, shop)' });
  await user.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  await expect.poll(address).toBe('/console/global-namespaces/bookinfo?project=shop');
  expect(asked.filter(({ operation }) => operation === 'Find').at(-1)?.variables).toMatchObject({ search: 'bookinfo' });
});

it('offers to make what may be made somewhere, and a cluster to whom may let its agent in', async () => {
  const held = {
    permissionsSomewhere: ['Cluster.write', 'AccessPolicy.write'],
    creatableKinds: ['Cluster', 'TrafficPolicy'],
  };
  const Find = { ...found([]), viewer: { __typename: 'Viewer', ...held } };
  const { user, asked } = showConsole('/issues', { ...answers, Find });
  await user.click(await screen.findByRole('button', { name: 'Go to' }));
  const box = await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' });
  await user.type(box, 'create');
  await expect.poll(() => asked.filter(({ operation }) => operation === 'Find')).toHaveLength(1);
  await expect
    .poll(() => screen.queryAllByRole('option').map((one) => one.textContent))
    .toContain('Create traffic policy');
  await expect.poll(() => screen.queryByRole('option', { name: 'Create access policy' })).toBeNull();
  await user.clear(box);
  await user.type(box, 'onboard');
  await expect.poll(() => screen.queryByRole('option', { name: 'Onboard a cluster' })).toBeNull();
});

it('says when nothing matches', async () => {
  const { user } = showConsole('/issues', { ...answers, Find: found([]) });
  await user.click(await screen.findByRole('button', { name: 'Go to' }));
  await user.type(await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' }), 'zzz');
  await screen.findByText('Nothing matches.');
});

it('shows what keys do by ?, unless that is turned off', async () => {
  const { user } = showConsole('/issues', answers);
  await screen.findByRole('heading', { level: 1, name: 'Issues' });
  await user.keyboard('?');
  await user.click(await screen.findByLabelText('Shortcuts of single keys'));
  await user.keyboard('{Escape}');
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  await user.keyboard('?');
  expect(screen.queryByRole('dialog')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Keys' }));
  expect((await screen.findByLabelText<HTMLInputElement>('Shortcuts of single keys')).checked).toBe(false);
});

it('asks the server once for what was written in one go, and finds what is written in the documentation', async () => {
  const { user, asked, address } = showConsole('/issues', { ...answers, Find: found([]) });
  await user.click(await screen.findByRole('button', { name: 'Go to' }));
  await user.type(
    await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' }),
    'ism0434',
  );
  await user.click(await screen.findByRole('option', { name: /^Help: Issues by number, ISM0434: / }));
  await expect.poll(address).toBe('/console/help/issues/ISM0434');
  expect(asked.filter(({ operation }) => operation === 'Find').length).toBeLessThanOrEqual(2);
});

it('finds services, service accounts and people, and offers nothing that one may not make', async () => {
  const gnsOf = { __typename: 'GlobalNamespace', id: 'g', name: 'bookinfo', projectName: 'shop' };
  const more = {
    services: [{ host: 'reviews.bookinfo.global', globalNamespace: gnsOf }],
    serviceAccounts: [{ name: 'reviewer' }],
    accounts: [{ id: '1', name: 'Reva Stone', provider: 'corp' }],
  };
  const { user, address } = showConsole('/issues', { ...answers, Find: found([], more) });
  await user.click(await screen.findByRole('button', { name: 'Go to' }));
  const box = await screen.findByRole('combobox', { name: 'Name of a page, resource, service or person' });
  await user.type(box, 'create traffic');
  await expect.poll(() => screen.queryByRole('option', { name: 'Create traffic policy' })).toBeNull();
  await screen.findByRole('option', { name: 'reviewer (service account)' });
  await screen.findByRole('option', { name: 'Reva Stone (person, corp)' });
  await user.click(screen.getByRole('option', { name: 'reviews.bookinfo.global (service of bookinfo)' }));
  await expect.poll(address).toBe('/console/service?gns=bookinfo&project=shop&host=reviews.bookinfo.global');
});
