import { describe, expect, it } from 'vitest';
import { assumeServed } from '../compile/assume-served.js';
import { compileCatalog } from '../compile/catalog.js';
import { catalogInput, cluster, encryptionPolicy, globalNamespace, service } from '../compile/compile.fixture.js';
import { compilePolicy } from '../compile/policy.js';
import { EMPTY_TREE, buildTree, updateTree } from '../tree/build.js';
import { entry } from '../tree/entry.js';
import type { Canonical, Tree } from '../tree/types.js';
import { joinView } from './join-view.js';

const clusters = [cluster('east'), cluster('west')];
const policy =
  compilePolicy({ gns: globalNamespace(), policies: [encryptionPolicy('p', 'STRICT')], clusters, compilerVersion: 1 })
    .tree ?? EMPTY_TREE;
const { tree: catalog } = compileCatalog(
  catalogInput({ east: [service('cart'), service('pay')], west: [service('cart')] }),
);
const put = (tree: Tree, name: string, body: Canonical): Tree => updateTree(tree, { put: [entry(name, body)] });
const bodyOf = (tree: Tree, name: string): { [key: string]: Canonical } =>
  JSON.parse(tree.entries.get(name)?.body ?? '{}') as { [key: string]: Canonical };
const MEMBER = 'host/cart.shop.global/member/east/shop/cart';

describe('joining policy and catalog', () => {
  it('gives nothing to render without a policy, whatever the catalog says', () => {
    expect(joinView(EMPTY_TREE, catalog)).toEqual({ view: undefined, keepAll: false, keepHosts: [], issues: [] });
  });

  it('keeps a host with an unknown field, value or kind of entry below it, and goes on with the others', () => {
    const newer = [
      put(catalog, MEMBER, { ...bodyOf(catalog, MEMBER), weight: 5 }),
      put(catalog, MEMBER, { ...bodyOf(catalog, MEMBER), state: 'cordoned' }),
      put(catalog, 'host/cart.shop.global', {
        ...bodyOf(catalog, 'host/cart.shop.global'),
        ports: [{ number: 80, name: 'x-80', protocol: 'X' }],
      }),
      put(catalog, 'host/cart.shop.global/variant/v2', { kind: 'variant' }),
    ];
    for (const tree of newer) {
      const { view, keepAll, keepHosts, issues } = joinView(policy, tree);
      expect([keepAll, keepHosts]).toEqual([false, ['cart.shop.global']]);
      expect(view?.hosts.map(({ host }) => host.host)).toEqual(['pay.shop.global']);
      expect(issues.map(({ code }) => code)).toEqual(['ISM0250']);
    }
    expect(joinView(put(policy, 'host/pay.shop.global/timeout', { kind: 'timeout' }), catalog).keepHosts).toEqual([
      'pay.shop.global',
    ]);
  });

  it('keeps everything if an entry of the whole global namespace cannot be read', () => {
    const newer: [Tree, Tree][] = [
      [put(policy, 'gns', { ...bodyOf(policy, 'gns'), tenant: 'x' }), catalog],
      [put(policy, 'gns/encryption', { kind: 'encryption', mode: 'QUANTUM' }), catalog],
      [put(policy, 'gns/egress', { kind: 'egress' }), catalog],
      [policy, put(catalog, 'cluster/east', { ...bodyOf(catalog, 'cluster/east'), mesh: 'new' })],
      [policy, put(catalog, 'group/abc/east', { kind: 'group' })],
    ];
    for (const [a, b] of newer) expect(joinView(a, b)).toMatchObject({ view: undefined, keepAll: true });
  });

  it('ignores members whose host has vanished', () => {
    const tree = updateTree(catalog, { remove: ['host/cart.shop.global'] });
    expect(joinView(policy, tree).view?.hosts.map(({ host }) => host.host)).toEqual(['pay.shop.global']);
  });

  it('gives the same value as was compiled, in order', () => {
    const { view, issues } = joinView(policy, catalog);
    expect(issues).toEqual([]);
    expect(view?.gns).toMatchObject({ name: 'shop', memberClusters: ['east', 'west'] });
    expect(view?.encryption?.mode).toBe('STRICT');
    expect(view?.clusters.map(({ name }) => name)).toEqual(['east', 'west']);
    expect(view?.hosts.map(({ host, members }) => [host.host, members.map((member) => member.cluster)])).toEqual([
      ['cart.shop.global', ['east', 'west']],
      ['pay.shop.global', ['east']],
    ]);
  });

  it('reads a plain tree the same as an indexed one, and says nothing of encryption without an entry', () => {
    const plain: Tree = { root: catalog.root, entries: new Map(catalog.entries) };
    expect(joinView(policy, plain)).toEqual(joinView(policy, catalog));
    const { view } = joinView(updateTree(policy, { remove: ['gns/encryption'] }), catalog);
    expect(view?.gns.name).toBe('shop');
    expect(view?.encryption).toBeUndefined();
  });

  it('reads entries whose empty lists were never written', () => {
    const lean = buildTree([
      entry('gns', { kind: 'gns', project: 'p', name: 'n', domain: 'n.global', memberClusters: [] }),
    ]);
    const host = { kind: 'host', host: 'a.n.global', service: 'a', vip: '240.64.0.1', ports: [] };
    const member = {
      kind: 'member',
      host: 'a.n.global',
      cluster: 'c',
      namespace: 'n',
      service: 'a',
      state: 'served',
      selector: [],
      ports: [],
    };
    const { view } = joinView(
      lean,
      buildTree([entry('host/a.n.global', host), entry('host/a.n.global/member/c/n/a', member)]),
    );
    expect(view?.hosts).toEqual([{ host, members: [member] }]);
  });
});

describe('assuming served', () => {
  it('serves what is wanted and lets drain what drains', () => {
    const draining = put(catalog, MEMBER, { ...bodyOf(catalog, MEMBER), state: 'draining' });
    const states = joinView(policy, assumeServed(draining)).view?.hosts.flatMap(({ members }) =>
      members.map(({ state }) => state),
    );
    expect(states).toEqual(['draining', 'served', 'served']);
    expect(assumeServed(assumeServed(catalog)).root).toBe(assumeServed(catalog).root);
  });
});
