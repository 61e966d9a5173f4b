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
    __typename: 'Target',
    id: cluster,
    status: 'APPLIED',
    clusterName: cluster,
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
  ...{ __typename: 'MeshConfiguration', inventoryKnown: true, omittedNamespaces: 0, namespaces: ['shop'], issues: [] },
  kinds: [{ kind: 'VirtualService', count: 3 }],
  objects: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
  ...more,
});
const rendered = (clusterName: string, meshConfiguration = configuration()) => ({
  target: { __typename: 'Target', id: clusterName, clusterName, meshConfiguration },
});
const answers = (clusters: string[], first: object = rendered('east')): Answers => ({
  Resource: ({ rendered: isAlong }) => ({
    resource: { ...gns(clusters), ...(isAlong === true ? first : {}) },
    issues: { nodes: [] },
  }),
  RenderedPlaces: ({ search }) => ({
    resource: {
      ...{ __typename: 'GlobalNamespace', id: 'g' },
      targets: page('Target', clusters.filter((name) => name.includes(String(search))).map(target)),
    },
  }),
  Rendered: ({ of }) => ({
    resource: { __typename: 'GlobalNamespace', id: 'g', ...rendered(typeof of === 'string' ? of : 'east') },
  }),
});
const PAGE = '/global-namespaces/shop?project=default&tab=rendered';

it.each([
  ['No cluster has services or callers of it', [], { target: null }],
  ['It has nothing in this cluster', ['east'], { target: null }],
  ['This cluster has not reported what it has', ['east'], rendered('east', configuration({ inventoryKnown: false }))],
  ['Nothing is rendered here', ['east'], rendered('east', configuration({ kinds: [] }, []))],
  ['No object matches', ['east'], rendered('east', configuration({}, []))],
])('says: %s', async (text, clusters, first) => {
  showConsole(`${PAGE}&of=east`, answers(clusters, first));
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

const questionsIn = ({ asked }: ReturnType<typeof showConsole>) =>
  asked
    .filter(({ operation }) => operation !== 'RenderedPlaces')
    .map(({ operation, variables: { of, objects } }) => [operation, of, objects]);
const ALL = { kind: null, namespace: null, search: null };

it('comes with the page, in its one request, when that is opened with it; without a choice in the first cluster', async () => {
  const shown = showConsole(PAGE, answers(['west', 'east']));
  await screen.findByRole('list', { name: 'Rendered objects' });
  const cluster = screen.getByRole<HTMLInputElement>('combobox', { name: 'Cluster' });
  expect([cluster.value, questionsIn(shown)]).toEqual(['east', [['Resource', null, ALL]]]);
});

it('is asked for alone when the page is open, and not again by its other sides', async () => {
  const shown = showConsole('/global-namespaces/shop?project=default', answers(['west']));
  await shown.user.click(await screen.findByRole('tab', { name: 'Rendered objects' }));
  await screen.findByRole('list', { name: 'Rendered objects' });
  await shown.user.click(screen.getByRole('tab', { name: 'YAML' }));
  expect(shown.asked.map(({ operation, variables }) => [operation, variables['rendered']])).toEqual([
    ['Resource', false],
    ['Rendered', undefined],
  ]);
});

it('asks for what is chosen, which stands in the address, and says when too much would have to be told', async () => {
  const unknown = rendered('east', configuration({}, [{ ...object, sources: null }]));
  const shown = showConsole(PAGE, answers(['west', 'east'], unknown));
  const { user, address } = shown;
  await screen.findByText('Too many policies have a say to tell here: ask for fewer objects.');
  const kinds = await screen.findByRole('combobox', { name: 'Kind' });
  await user.selectOptions(kinds, 'VirtualService');
  expect(screen.getByRole('combobox', { name: 'Kind' })).toBe(kinds);
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Namespace' }), 'shop');
  const cluster = await screen.findByRole('combobox', { name: 'Cluster' });
  await user.click(cluster);
  await user.click(await screen.findByRole('option', { name: 'west' }));
  await screen.findByRole('list', { name: 'Rendered objects' });
  expect([address().includes('of=west'), document.activeElement]).toEqual([true, cluster]);
  expect(questionsIn(shown)).toEqual([
    ['Resource', null, ALL],
    ['Rendered', null, { ...ALL, kind: 'VirtualService' }],
    ['Rendered', null, { ...ALL, kind: 'VirtualService', namespace: 'shop' }],
    ['Rendered', 'west', ALL],
  ]);
});

it('shows of a cluster what one global namespace comes to, and keeps a choice of the address that is not there', async () => {
  const cluster = {
    ...{ ...plain, __typename: 'Cluster', id: 'c', kind: 'Cluster', name: 'east', projectName: null, mesh: null },
    ...{ locality: null, network: null, trustDomain: null, viewerCanOnboard: false, agent: null, inventory: null },
    ...{ onboarding: { ready: false, steps: [] }, targets: page('Target', []), meshConfiguration: configuration() },
  };
  const shown = showConsole('/clusters/east?tab=rendered&of=shop/cart', {
    Resource: { resource: cluster, issues: { nodes: [] } },
    Rendered: { resource: { __typename: 'Cluster', id: 'c', meshConfiguration: configuration() } },
    RenderedPlaces: { resource: { __typename: 'Cluster', id: 'c', targets: page('Target', []) } },
  });
  await screen.findByRole('list', { name: 'Rendered objects' });
  const choice = screen.getByRole<HTMLInputElement>('combobox', { name: 'Global namespace' });
  expect(choice.value).toBe('shop/cart');
  expect(shown.asked.map(({ variables }) => variables)).toMatchObject([
    { of: 'cart', ofProject: 'shop', objects: ALL },
  ]);
  await shown.user.click(choice);
  await shown.user.click(await screen.findByRole('option', { name: 'all global namespaces' }));
  await expect.poll(() => choice.value).toBe('');
  expect(shown.address()).not.toContain('of=');
});

it('finds a cluster among all of them by keys alone, window by window, and goes back to the one that is shown', async () => {
  const windows: Answers = {
    RenderedPlaces: ({ search, after }) => ({
      resource: {
        ...{ __typename: 'GlobalNamespace', id: 'g' },
        targets: {
          ...page('Target', [target(after === undefined ? `${String(search)}-a` : `${String(search)}-b`)]),
          pageInfo: { hasNextPage: after === undefined, endCursor: 'a' },
        },
      },
    }),
  };
  const { user, asked, address } = showConsole(PAGE, { ...answers(['east']), ...windows });
  const cluster = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Cluster' });
  await expect.poll(() => cluster.value).toBe('east');
  await user.type(cluster, 'no-such');
  await screen.findByRole('option', { name: 'no-such-a' });
  await user.tab();
  await user.tab();
  expect([cluster.value, address().includes('of=')]).toEqual(['east', false]);
  await user.clear(cluster);
  await user.type(cluster, 'far');
  await screen.findByRole('option', { name: 'far-a' });
  await user.keyboard('{ArrowUp}{Enter}');
  await screen.findByRole('option', { name: 'far-b' });
  await user.keyboard('{Enter}');
  await expect.poll(() => cluster.value).toBe('far-b');
  expect([document.activeElement, address().includes('of=far-b')]).toEqual([cluster, true]);
  const searches = asked.filter(({ operation }) => operation === 'RenderedPlaces').map(({ variables }) => variables);
  expect(searches.at(-1)).toMatchObject({ search: 'far', after: 'a' });
});
