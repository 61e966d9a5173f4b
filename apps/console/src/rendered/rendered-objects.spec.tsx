// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { showConsole, type Answers } from '../testing/console.fixture.js';

const page = (type: string, nodes: object[]) => ({
  ...{ __typename: `${type}Connection`, totalCount: nodes.length, nodes },
  pageInfo: { hasNextPage: false, endCursor: null },
});
const plain = {
  ...{ generation: 1, resourceVersion: '7', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  ...{
    yaml: 'kind: x\n',
    viewerCanUpdate: false,
    viewerCanDelete: false,
    labels: [],
    history: page('ResourceGeneration', []),
  },
  conditions: [],
};
const target = (cluster: string) => ({
  ...{
    id: cluster,
    status: 'APPLIED',
    cluster: { name: cluster },
    globalNamespace: null,
    wanted: { revision: 1 },
    applied: null,
  },
});
const gns = (clusters: string[]) => ({
  ...plain,
  ...{ __typename: 'GlobalNamespace', id: 'g', kind: 'GlobalNamespace', name: 'shop', projectName: 'default' },
  ...{ domain: 'shop.global', vipCIDR: '240.0.0.0/4', services: page('GlobalService', []), policies: [] },
  ...{ targets: page('Target', clusters.map(target)), revisions: page('Revision', []), slos: [] },
});

const object = {
  ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'cart', side: 'CLIENT' },
  ...{
    host: 'cart.shop.global',
    yaml: 'kind: VirtualService\n',
    globalNamespace: { project: 'default', name: 'shop' },
  },
  sources: [
    { kind: 'GlobalNamespace', project: 'default', name: 'shop' },
    { kind: 'TrafficPolicy', project: 'default', name: 'patient' },
    { kind: 'TrafficPolicy', project: '(not yours to read)', name: '(not yours to read)' },
  ],
};
const configuration = (more: object = {}, nodes: object[] = [object]) => ({
  cluster: {
    id: 'c',
    meshConfiguration: {
      ...{ inventoryKnown: true, omittedNamespaces: 0, namespaces: ['shop'], issues: [] },
      kinds: [{ kind: 'VirtualService', count: 3 }],
      objects: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
      ...more,
    },
  },
});
const answers = (clusters: string[], rendered: Answers[string] = configuration()): Answers => ({
  Resource: { resource: gns(clusters), issues: { nodes: [] } },
  Rendered: rendered,
});
const PAGE = '/global-namespaces/shop?project=default&tab=rendered';

it('says so where nothing is wanted anywhere, nothing is known of the cluster, or it may not be seen', async () => {
  showConsole(PAGE, answers([]));
  await screen.findByText('No cluster has services or callers of it');
});

it.each([
  ['This cluster has not reported what it has', configuration({ inventoryKnown: false })],
  ['Nothing is rendered here', configuration({ kinds: [] }, [])],
  ['No object matches', configuration({}, [])],
  ['You may not see this cluster, or it is gone', { cluster: null }],
])('says: %s', async (text, rendered) => {
  showConsole(PAGE, answers(['east'], rendered));
  await screen.findByText(text);
});

it('shows objects as YAML with the policies that each comes from, and names none that is not the reader’s', async () => {
  const { user } = showConsole(PAGE, answers(['east']));
  const list = await screen.findByRole('list', { name: 'Rendered objects' });
  await user.click(within(list).getByRole('button', { name: 'VirtualService shop/cart' }));
  expect(within(list).getByRole('region', { name: 'VirtualService cart' }).textContent).toBe('kind: VirtualService\n');
  const link = within(list).getByRole('link', { name: 'traffic policy patient' });
  expect(link.getAttribute('href')).toContain('/traffic-policies/patient?project=default');
  within(list).getByText('traffic policy (not yours to read)');
  expect(within(list).getAllByRole('link')).toHaveLength(2);
});

it('asks for what is chosen, which stands in the address, and says when too much would have to be told', async () => {
  const unknown = configuration({}, [{ ...object, sources: null }]);
  const { user, address, asked } = showConsole(PAGE, answers(['west', 'east'], unknown));
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Kind' }), 'VirtualService');
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Namespace' }), 'shop');
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Cluster' }), 'west');
  await screen.findByText('Too many policies have a say to tell here: ask for fewer objects.');
  expect(address()).toContain('of=west');
  expect(asked.filter(({ operation }) => operation === 'Rendered').map(({ variables }) => variables)).toEqual([
    expect.objectContaining({ cluster: 'east', gns: 'shop', filter: { kind: null, namespace: null, search: null } }),
    expect.objectContaining({ filter: { kind: 'VirtualService', namespace: null, search: null } }),
    expect.objectContaining({ filter: { kind: 'VirtualService', namespace: 'shop', search: null } }),
    expect.objectContaining({ cluster: 'west', filter: { kind: null, namespace: null, search: null } }),
  ]);
});
