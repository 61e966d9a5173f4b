import type { Store } from '@isthmus/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { callerWith, startOperations } from './isolation.fixture.js';
import { plantWorld } from './topology.fixture.js';

interface Told {
  clusterName: string | null;
  cluster: { name: string } | null;
  status: string;
}

postgres.suite('targets of a global namespace', () => {
  let store: Store;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let gns: string;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    operations = await startOperations(store, buildSchema());
    gns = await plantWorld(store, { project: 'shops', gns: 'small', running: { cart: ['east/shop', 'west/shop'] } });
  });
  afterAll(async () => {
    await operations.close();
    await store.close();
  });

  const told = async (grant: string): Promise<Told[]> => {
    const text = `{ globalNamespace(name: "small", project: "shops") {
      targets(first: 10) { totalCount nodes { clusterName cluster { name } status } } } }`;
    const { data, errors } = await operations.run(callerWith('default', grant), text);
    expect(errors).toBeUndefined();
    const { targets } = (data as { globalNamespace: { targets: { totalCount: number; nodes: Told[] } } })
      .globalNamespace;
    expect(targets.totalCount).toBe(targets.nodes.length);
    return targets.nodes.toSorted((a, b) => ((a.clusterName ?? '') < (b.clusterName ?? '') ? -1 : 1));
  };
  const clusterUid = async (name: string): Promise<string> => {
    const found = await store.withTenant('default', (tx) => tx.resources.get({ kind: 'Cluster', project: '', name }));
    return found?.uid ?? '';
  };
  const leave = async (name: string): Promise<void> => {
    const cluster = await clusterUid(name);
    await store.withTenant('default', async (tx) => {
      const next = { epoch: 1, seq: 2, root: 'e'.repeat(64) };
      const move = { gns, cluster, expectedSeq: 1, state: 'LEAVING' as const, minCatalogSeq: 0, next };
      await tx.targets.move([{ ...move, statement: '{}', signature: 'c2ln' }]);
      expect(await tx.targets.close(cluster, gns, 2)).toBe(true);
    });
  };
  const remove = (name: string) =>
    store.mutate('default', { actor: 'user:spec', action: 'deleteResource' }, (tx) =>
      tx.resources.delete({ kind: 'Cluster', project: '', name }),
    );

  it('name clusters to whoever may read the global namespace, and tell nothing else of those that may not be read', async () => {
    const names = ['east', 'west'];
    expect(
      (await told('Viewer@GLOBAL_NAMESPACE:shops/small')).map(({ clusterName, cluster }) => [clusterName, cluster]),
    ).toEqual(names.map((name) => [name, null]));
    expect((await told('Owner')).map(({ clusterName, cluster }) => [clusterName, cluster])).toEqual(
      names.map((name) => [name, { name }]),
    );
  });

  it('are found by the name of the cluster or global namespace, in the order of the names, window by window', async () => {
    const ask = async (args: string, grant = 'Owner'): Promise<unknown> => {
      const text = `{
        globalNamespace(name: "small", project: "shops") {
          targets(${args}) { totalCount pageInfo { endCursor } nodes { clusterName } }
        }
      }`;
      const { data, errors } = await operations.run(callerWith('default', grant), text);
      expect(errors).toBeUndefined();
      return (data as { globalNamespace: { targets: unknown } }).globalNamespace.targets;
    };
    const named = (...names: string[]) => names.map((clusterName) => ({ clusterName }));
    expect(await ask('search: "north"')).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await ask('search: "a_t"')).toMatchObject({ totalCount: 0 });
    expect(await ask('search: "EA"', 'Viewer@GLOBAL_NAMESPACE:shops/small')).toMatchObject({ nodes: named('east') });
    const first = await ask('first: 1, search: " "');
    expect(first).toMatchObject({ totalCount: 2, nodes: named('east') });
    const { endCursor } = (first as { pageInfo: { endCursor: string } }).pageInfo;
    expect(await ask(`first: 1, search: "", after: "${endCursor}"`)).toMatchObject({ nodes: named('west') });
    const ofCluster = async (search: string, grant: string): Promise<unknown> => {
      const text = `{ cluster(name: "east") { targets(search: "${search}") { nodes { globalNamespace { name } } } } }`;
      const { data } = await operations.run(callerWith('default', grant), text);
      return (data as { cluster: { targets: { nodes: unknown } } }).cluster.targets.nodes;
    };
    expect(await ofCluster('shops/large', 'Owner')).toEqual([]);
    expect(await ofCluster('SHOPS/sm', 'Owner')).toEqual([{ globalNamespace: { name: 'small' } }]);
  });

  it('name the cluster of what is held there to the same readers', async () => {
    const cluster = await clusterUid('east');
    const setHash = 'a'.repeat(64);
    await store.withTenant('default', async (tx) => {
      await tx.holds.hold({ cluster, kind: 'PRUNE', gns, setHash, items: ['x'], count: 1 });
      await tx.holds.hold({ cluster: '', kind: 'DRAIN', gns, setHash, items: ['y'], count: 1 });
    });
    const held = async (grant: string): Promise<unknown> => {
      const text = '{ holds { nodes { kind clusterName cluster { name } } } }';
      const { data } = await operations.run(callerWith('default', grant), text);
      const { nodes } = (data as { holds: { nodes: { kind: string }[] } }).holds;
      return nodes.toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    };
    const drain = { kind: 'DRAIN', clusterName: null, cluster: null };
    expect(await held('Viewer@GLOBAL_NAMESPACE:shops/other')).toEqual([]);
    expect(await held('Viewer@GLOBAL_NAMESPACE:shops/small')).toEqual([
      drain,
      { kind: 'PRUNE', clusterName: 'east', cluster: null },
    ]);
    expect(await held('Owner')).toEqual([drain, { kind: 'PRUNE', clusterName: 'east', cluster: { name: 'east' } }]);
  });

  it('say that a cluster has left while it is there, and nothing of it once it left and was deleted', async () => {
    await leave('west');
    expect((await told('Owner')).map(({ clusterName, status }) => [clusterName, status])).toEqual([
      ['east', 'UNKNOWN'],
      ['west', 'LEFT'],
    ]);
    await remove('west');
    for (const grant of ['Owner', 'Viewer@GLOBAL_NAMESPACE:shops/small'])
      expect((await told(grant)).map(({ clusterName }) => clusterName)).toEqual(['east']);
  });

  it('stay of a cluster that was deleted before it said that nothing is left there', async () => {
    await remove('east');
    expect(await told('Owner')).toEqual([{ clusterName: null, cluster: null, status: 'UNKNOWN' }]);
  });
});
