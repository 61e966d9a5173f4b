import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_VERSION } from '../api-group.js';
import { inventoryOf, namespaceNamed, serviceNamed } from '../inventory/inventory.fixture.js';
import type { Cluster, ClusterGroup, GlobalNamespace, GlobalNamespaceSpec } from '../resources/types.js';
import { clustersOfGroup, matchesCluster } from './clusters.js';
import { consumerNamespaces, resolveMembers, type ClusterView } from './members.js';

const cluster = (name: string, labels: Record<string, string> = {}): Cluster => ({
  apiVersion: GROUP_VERSION,
  kind: 'Cluster',
  metadata: { name, labels },
  spec: { mesh: { kind: 'istio' } },
});
const group = (name: string, clusters: ClusterGroup['spec']['clusters']): ClusterGroup => ({
  apiVersion: GROUP_VERSION,
  kind: 'ClusterGroup',
  metadata: { name },
  spec: { clusters },
});
const gns = (spec: Partial<GlobalNamespaceSpec>): GlobalNamespace => ({
  apiVersion: GROUP_VERSION,
  kind: 'GlobalNamespace',
  metadata: { name: 'shop' },
  spec: { domain: 'shop.global', members: [], ...spec },
});

const east: ClusterView = {
  cluster: cluster('east', { zone: 'us' }),
  inventory: inventoryOf(
    namespaceNamed('shop', [serviceNamed('web', { labels: { tier: 'app' } }), serviceNamed('db')]),
    namespaceNamed('bank', [serviceNamed('ledger')]),
    namespaceNamed('idle'),
  ),
};
const west: ClusterView = {
  cluster: cluster('west', { zone: 'eu' }),
  inventory: inventoryOf(namespaceNamed('shop', [serviceNamed('web')])),
};
const members = (spec: Partial<GlobalNamespaceSpec>, groups: ClusterGroup[] = []) =>
  resolveMembers(gns(spec), [west, east], groups).map((one) => `${one.cluster}/${one.namespace}/${one.service.name}`);

describe('members are left out', () => {
  it('when a selector of the rule does not fit', () => {
    expect(members({ members: [{ clusters: { names: ['north'] } }] })).toEqual([]);
    expect(members({ members: [{ clusters: { names: ['east'] }, namespaces: { names: ['none'] } }] })).toEqual([]);
  });

  it('when an exclude rule takes them out, by service, namespace or cluster', () => {
    const all = [{ namespaces: { names: ['shop'] } }];
    expect(members({ members: all, exclude: [{ services: { names: ['web'] } }] })).toEqual(['east/shop/db']);
    expect(members({ members: all, exclude: [{ namespaces: { names: ['shop'] } }] })).toEqual([]);
    expect(members({ members: all, exclude: [{ clusters: { names: ['east'] } }] })).toEqual(['west/shop/web']);
  });

  it('when the group that the rule names does not exist or is empty', () => {
    expect(members({ members: [{ clusters: { groups: ['eu'] } }] })).toEqual([]);
    expect(members({ members: [{ clusters: { groups: ['eu'] } }] }, [group('eu', { names: ['none'] })])).toEqual([]);
  });
});

describe('members are taken', () => {
  it('when every selector of one rule fits; rules add up, each service once, sorted', () => {
    const rules = [{ services: { matchLabels: { tier: 'app' } } }, { namespaces: { names: ['shop'] } }];
    expect(members({ members: rules })).toEqual(['east/shop/db', 'east/shop/web', 'west/shop/web']);
  });

  it('from the clusters of a group, whose selector is ANDed with labels and ORed with names', () => {
    const groups = [group('eu', { matchLabels: { zone: 'eu' } })];
    expect(members({ members: [{ clusters: { groups: ['eu'] } }] }, groups)).toEqual(['west/shop/web']);
    const both = { groups: ['eu'], names: ['east'], matchLabels: { zone: 'us' } };
    expect(members({ members: [{ clusters: both, namespaces: { names: ['bank'] } }] }, groups)).toEqual([
      'east/bank/ledger',
    ]);
    expect(matchesCluster(both, west.cluster, groups)).toBe(false);
    expect(clustersOfGroup(groups[0] ?? group('', {}), [east.cluster, west.cluster])).toEqual([west.cluster]);
  });

  it('in the same order, whatever the order of clusters, namespaces and services', () => {
    const spec = { members: [{ clusters: { globs: ['*'] } }] };
    fc.assert(
      fc.property(fc.shuffledSubarray([east, west], { minLength: 2 }), fc.boolean(), (views, flip) => {
        const turned = views.map(({ cluster: record, inventory }) => ({
          cluster: record,
          inventory: flip ? { ...inventory, namespaces: [...inventory.namespaces].reverse() } : inventory,
        }));
        expect(resolveMembers(gns(spec), turned)).toEqual(resolveMembers(gns(spec), [east, west]));
      }),
    );
  });
});

describe('consumer namespaces', () => {
  const consumers = (spec: Partial<GlobalNamespaceSpec>) => consumerNamespaces(gns(spec), east);

  it('are none where no rule selects the cluster', () => {
    expect(consumers({ members: [{ clusters: { names: ['west'] } }] })).toEqual([]);
  });

  it('are not all namespaces because a member rule names none: only those that hold a member', () => {
    expect(consumers({ members: [{ services: { names: ['ledger'] } }] })).toEqual(['bank']);
  });

  it('are those that a member rule names, also without members', () => {
    expect(consumers({ members: [{ namespaces: { names: ['idle', 'shop'] } }] })).toEqual(['idle', 'shop']);
  });

  it('lose excluded namespaces, but not where only services are excluded', () => {
    const rule = [{ namespaces: { names: ['shop'] } }];
    expect(consumers({ members: rule, exclude: [{ namespaces: { names: ['shop'] } }] })).toEqual([]);
    expect(consumers({ members: rule, exclude: [{ services: { globs: ['*'] } }] })).toEqual(['shop']);
  });

  it('keep those that a consumer rule invites', () => {
    const spec = { members: [{ namespaces: { names: ['shop'] } }], consumers: [{ namespaces: { names: ['idle'] } }] };
    expect(consumers({ ...spec, exclude: [{ clusters: { names: ['east'] } }] })).toEqual(['idle']);
  });
});
