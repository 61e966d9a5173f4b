// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { json, scrolled, showConsole } from '../testing/console.fixture.js';
import { shownEdge, shownGroup, shownService, shownTopology } from './topology.fixture.js';

const PATH = '/topology?gns=shop&project=default&view=table';
const resourceWith = (topology: object | null) => ({
  resource: { __typename: 'GlobalNamespace', id: 'g', topology: topology && { __typename: 'Topology', ...topology } },
});
/** The whole topology, and the calls of a selection alone; without these the server answers nothing to that. */
const answer = (topology: object | null, calls?: readonly object[]) => ({
  Topology: ({ whole }: Record<string, unknown>) => {
    if (whole === true) return resourceWith(topology);
    return calls === undefined ? json({ errors: [{ message: 'no calls today' }] }) : resourceWith({ edges: calls });
  },
});
const askedFor = ({ asked }: ReturnType<typeof showConsole>) =>
  asked.map(({ variables }) => [variables['whole'] === true ? 'topology' : 'calls', variables['of']]);

it('lets one choose while the address names nothing', async () => {
  showConsole('/topology', {
    TopologySubjects: {
      globalNamespaces: { totalCount: 1, nodes: [{ id: 'g', name: 'shop', projectName: 'default' }] },
      clusters: { totalCount: 1, nodes: [{ id: 'c', name: 'east' }] },
    },
  });
  const link = await screen.findByRole('link', { name: 'shop' });
  expect(link.getAttribute('href')).toContain('/topology?gns=shop');
  screen.getByRole('link', { name: 'east' });
});

it('says that it shows the first of many to choose from, and lets one search for the others', async () => {
  const { user, asked } = showConsole('/topology', {
    TopologySubjects: ({ filter }) => {
      const { search } = filter as { search?: string };
      const nodes = search === undefined ? [{ id: 'g', name: 'shop', projectName: 'default' }] : [];
      const clusters = { totalCount: 1, nodes: [{ id: 'c', name: 'east' }] };
      return { globalNamespaces: { totalCount: search === undefined ? 240 : 0, nodes }, clusters };
    },
  });
  await screen.findByText('The first 1 of 240: search by name for the others.');
  await user.type(screen.getByRole('textbox'), 'zz{Enter}');
  await screen.findByText('Nothing matches “zz”');
  expect(asked.at(-1)?.variables['filter']).toEqual({ search: 'zz' });
  screen.getByRole('link', { name: 'east' });
});

it('says that there is nothing of the name, or that nothing was compiled, or that nothing matches', async () => {
  showConsole(PATH, { Topology: { resource: null } });
  await screen.findByText('There is no shop');
  showConsole(PATH, answer(null));
  await screen.findByText('Nothing was compiled yet.');
  showConsole(`${PATH}&text=zz`, answer(shownTopology({ services: [], matchingServices: 0 })));
  await screen.findByText('No service matches');
});

it('tells in a table what the graph shows: services, where they run, encryption, and ways between clusters', async () => {
  const { asked } = showConsole(PATH, answer(shownTopology()));
  const services = await screen.findByRole('grid', { name: 'Services' });
  const row = await within(services).findByRole('row', { name: /cart\.shop\.global/ });
  expect(row.textContent).toMatch(/east, west.*v1, v2.*strict: mutual TLS only.*served in 2 of 2/);
  const ways = screen.getByRole('grid', { name: 'Ways between clusters' });
  expect(
    within(ways)
      .getAllByRole('row')
      .map((one) => one.textContent),
  ).toEqual([expect.stringContaining('To cluster'), 'eastwest11', 'westeastnone known2']);
  expect(asked).toHaveLength(1);
});

it('tells of what is selected who may call it and whom it may call, and what a rehearsal would change', async () => {
  const policy = { kind: 'AccessPolicy', project: 'default', name: 'only-pay' };
  const edges = [
    shownEdge('pay', 'cart', { rehearsal: 'DENIED', policies: [policy] }),
    shownEdge('cart', 'pay', { verdict: 'ALLOWED_BY_DEFAULT' }),
  ];
  const shown = showConsole(PATH, answer(shownTopology(), edges));
  const { user, address } = shown;
  await user.click(await screen.findByRole('button', { name: 'cart.shop.global' }));
  const panel = await screen.findByRole('region', { name: 'cart.shop.global' });
  expect(address()).toContain('node=id-cart');
  const callers = await within(panel).findByRole('grid', { name: 'Who may call it' });
  expect(askedFor(shown)).toEqual([
    ['topology', ''],
    ['calls', 'id-cart'],
  ]);
  expect(callers.textContent).toMatch(/pay\.shop\.global.*allowed.*rehearsed:.*denied.*only-pay/);
  expect(within(panel).getByRole('grid', { name: 'Whom it may call' }).textContent).toContain('allowed by default');
  expect(
    within(panel)
      .getByRole('link', { name: /What holds for it/ })
      .getAttribute('href'),
  ).toContain('host=cart');
  await user.keyboard('{Escape}');
  expect(address()).not.toContain('node=');
});

it('says why calls did not come, and still what else is known of what is selected', async () => {
  const { user } = showConsole(PATH, answer(shownTopology()));
  await user.click(await screen.findByRole('button', { name: 'cart.shop.global' }));
  const panel = await screen.findByRole('region', { name: 'cart.shop.global' });
  await within(panel).findByText('no calls today');
  within(panel).getByRole('grid', { name: 'Where it runs' });
});

it('asks once for a page that is opened with a selection, again once when the filter changes, and for calls alone after', async () => {
  const edges = [{ __typename: 'TopologyEdge', ...shownEdge('pay', 'cart') }];
  const answers = answer({ ...shownTopology(), edges }, [shownEdge('cart', 'pay')]);
  const shown = showConsole(`${PATH}&node=id-cart`, answers);
  const { user, asked } = shown;
  const panel = await screen.findByRole('region', { name: 'cart.shop.global' });
  await within(panel).findByRole('grid', { name: 'Who may call it' });
  await user.click(await screen.findByRole('button', { name: 'pay.shop.global' }));
  await within(await screen.findByRole('region', { name: 'pay.shop.global' })).findByRole('grid', {
    name: /may call it/,
  });
  await user.type(screen.getByRole('textbox', { name: 'Search hosts' }), 'shop{Enter}');
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(askedFor(shown)).toEqual([
    ['topology', 'id-cart'],
    ['calls', 'id-pay'],
    ['topology', 'id-pay'],
  ]);
});

it('opens a group of many services by itself', async () => {
  const groups = [shownGroup('east', 1000)];
  const { user, asked } = showConsole(PATH, answer(shownTopology({ services: [], groups, matchingServices: 1000 })));
  await user.click(await screen.findByRole('button', { name: 'east' }));
  await user.click(await screen.findByRole('button', { name: 'Show its services' }));
  expect(asked.at(-1)?.variables).toMatchObject({ expand: ['group/east'], hasOf: false });
});

it('draws the table of many services by windows, says where each row stands, and none again for a selection', async () => {
  const services = Array.from({ length: 150 }, (_, index) => shownService(`s${String(index)}`, ['east']));
  const { user } = showConsole(PATH, answer(shownTopology({ services, totalServices: 150, matchingServices: 150 })));
  const last = await screen.findByRole('button', { name: 's99.shop.global' });
  const table = screen.getByRole('grid', { name: 'Services' });
  expect([table.getAttribute('aria-rowcount'), within(table).getAllByRole('row').length]).toEqual(['151', 101]);
  const [, next] = table.querySelectorAll('tbody');
  if (next !== undefined) scrolled(next, true);
  const end = await screen.findByRole('button', { name: 's149.shop.global' });
  expect(end.closest('tr')?.getAttribute('aria-rowindex')).toBe('151');
  await user.click(last);
  await screen.findByRole('region', { name: 's99.shop.global' });
  expect([last.isConnected, end.isConnected]).toEqual([true, true]);
});
