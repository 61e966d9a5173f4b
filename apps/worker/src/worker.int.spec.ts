import { EMPTY_ROOT } from '@isthmus/domain';
import { createMemoryQueue } from '@isthmus/queue';
import type { HeadRecord, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORG, World, eventually, shop } from './world.fixture.js';

const postgres = await testPostgres();

postgres.suite('the worker', () => {
  let store: Store;
  let world: World;
  const stores: Store[] = [];

  beforeEach(async () => {
    ({ store } = await postgres.freshStore());
    stores.push(store);
    world = new World(store);
    await world.startWorker(createMemoryQueue());
  });

  afterEach(() => world.stop());
  afterAll(() => Promise.all(stores.map((each) => each.close())));

  const settled = (): Promise<true> =>
    eventually(
      async () => ((await store.withTenant(ORG, (tx) => tx.outbox.pending())) === 0 ? true : undefined),
      'an empty outbox',
    );

  /** Members are in these states, and the catalog in force says the same. */
  const haveStates = async (gns: string, wanted: Record<string, string>): Promise<void> => {
    await settled();
    expect(await world.states(gns)).toEqual(wanted);
    const head = await world.head(gns);
    const { entries } = await world.tree(head?.catalogRoot ?? EMPTY_ROOT);
    const published = [...entries.values()]
      .filter(({ name }) => name.includes('/member/'))
      .map(({ body }) => JSON.parse(body) as { cluster: string; service: string; state: string });
    expect(Object.fromEntries(published.map((item) => [`${item.cluster}/${item.service}`, item.state]))).toEqual(
      wanted,
    );
  };

  const headOf = async (gns: string): Promise<HeadRecord> => {
    const head = await world.head(gns);
    if (head === undefined) throw new Error(`${gns} has no head`);
    return head;
  };

  const twoClusters = async (): Promise<void> => {
    await world.cluster('east');
    await world.cluster('west');
    await world.gns('shop');
    await world.report('east', shop(['cart']));
    await settled();
  };

  const acknowledgeAll = async (): Promise<void> => {
    for (const name of ['east', 'west']) await world.acknowledge(name, 'shop');
    await settled();
  };

  /** Lets the drain time of every draining member be over. */
  const endDrain = async (gns: string): Promise<void> => {
    const rows = (await world.members(gns)).filter(({ state }) => state === 'draining');
    for (const { dueAt } of rows) expect(dueAt?.getTime()).toBeGreaterThan(Date.now() + 40_000);
    const steps = rows.map(({ version, ...row }) => ({
      ...row,
      next: 'draining' as const,
      expectedVersion: version,
      dueAt: new Date(0),
    }));
    await store.withTenant(ORG, (tx) => tx.members.apply(world.uid(gns), steps));
    await eventually(
      async () => ((await world.members(gns)).some(({ state }) => state === 'draining') ? undefined : true),
      'the end of the drain',
    );
    await settled();
  };

  describe('on a change of specs', () => {
    it('points every cluster that the rules reach to one signed policy tree', async () => {
      await twoClusters();
      await world.encryption('strict', 'shop', 'STRICT');
      await settled();
      const [east, west] = [await world.target('east', 'shop'), await world.target('west', 'shop')];
      expect(east?.ref.root).toBe(west?.ref.root);
      expect(east).toMatchObject({ state: 'ACTIVE', revision: 2, ref: { epoch: 1, seq: 2 } });
      if (east === undefined) throw new Error('east has no target');
      expect(world.verified(east)).toMatchObject({
        line: 'policy',
        cluster: world.uid('east'),
        gns: world.uid('shop'),
        seq: 2,
        root: east.ref.root,
      });
      const { entries } = await world.tree(east.ref.root);
      expect(entries.get('gns/encryption')?.body).toBe('{"kind":"encryption","mode":"STRICT"}');
    });

    it('moves no pointer if the tree stays the same', async () => {
      await twoClusters();
      await world.encryption('permissive', 'shop', 'PERMISSIVE');
      await settled();
      const before = (await world.head('shop'))?.specVersion ?? 0;
      const spec = { targets: [{ globalNamespace: 'shop' }], mode: 'PERMISSIVE' as const };
      await world.put('EncryptionPolicy', 'permissive', { spec, labels: { team: 'shop' } });
      await settled();
      expect(await world.target('east', 'shop')).toMatchObject({ ref: { seq: 2 } });
      expect((await world.head('shop'))?.specVersion).toBeGreaterThan(before);
    });

    it('follows labels of clusters and policies that are removed', async () => {
      await world.cluster('east');
      await world.gns('shop', {
        members: [{ clusters: { matchLabels: { tier: 'a' } }, namespaces: { names: ['shop'] } }],
      });
      await world.encryption('strict', 'shop', 'STRICT');
      await settled();
      expect(await world.target('east', 'shop')).toBeUndefined();
      await world.put('Cluster', 'east', { spec: { mesh: { kind: 'istio' } }, labels: { tier: 'a' } });
      await settled();
      const before = await world.target('east', 'shop');
      expect(before).toMatchObject({ state: 'ACTIVE' });
      await world.remove('EncryptionPolicy', 'strict');
      await settled();
      expect((await world.target('east', 'shop'))?.ref.root).not.toBe(before?.ref.root);
    });
  });

  describe('on a change of inventory', () => {
    it('serves a member only after its owner acknowledged catalog and policy', async () => {
      await twoClusters();
      await haveStates('shop', { 'east/cart': 'wanted' });
      await world.acknowledge('west', 'shop');
      await world.acknowledge('east', 'shop', ['catalog']);
      await haveStates('shop', { 'east/cart': 'wanted' });
      await world.acknowledge('east', 'shop', ['policy']);
      await haveStates('shop', { 'east/cart': 'served' });
    });

    it('publishes catalogs with growing seq, signed for all members alike', async () => {
      await twoClusters();
      const before = await headOf('shop');
      await world.report('west', shop(['cart']));
      await haveStates('shop', { 'east/cart': 'wanted', 'west/cart': 'wanted' });
      const after = await headOf('shop');
      expect(after.catalogSeq).toBeGreaterThan(before.catalogSeq);
      const { catalogStatement: statement = '', catalogSignature: signature = '' } = after;
      const { catalogSeq: seq, catalogRoot: root } = after;
      expect(world.verified({ statement, signature })).toMatchObject({
        line: 'catalog',
        cluster: undefined,
        seq,
        root,
      });
      expect(world.verified({ statement: statement.replace('default', 'other'), signature })).toBeUndefined();
    });

    it('keeps what it knows of a namespace that became unreadable', async () => {
      await twoClusters();
      await acknowledgeAll();
      await world.report('east', { ...shop([]), readable: false });
      await haveStates('shop', { 'east/cart': 'served' });
      expect((await world.head('shop'))?.catalogIssues).toMatchObject([
        { code: 'ISM0240', cluster: 'east' },
        { code: 'ISM0240', cluster: 'west' },
      ]);
    });

    it('removes at once what was deleted in its cluster, and keeps the address of the host', async () => {
      await twoClusters();
      await acknowledgeAll();
      const vips = await store.withTenant(ORG, (tx) => tx.vips.list());
      await world.report('east', { deleted: 'shop' });
      await haveStates('shop', {});
      expect(await store.withTenant(ORG, (tx) => tx.vips.list())).toMatchObject([
        { address: vips[0]?.address, releasedAt: expect.any(Date) as Date },
      ]);
      await world.report('east', shop(['cart']));
      await settled();
      expect(await store.withTenant(ORG, (tx) => tx.vips.list())).toMatchObject([
        { address: vips[0]?.address, releasedAt: undefined },
      ]);
    });

    it('writes nothing for news that change nothing', async () => {
      await twoClusters();
      await acknowledgeAll();
      await settled();
      const before = await world.head('shop');
      await world.report('east', shop(['cart']));
      await settled();
      await world.acknowledge('east', 'shop');
      await settled();
      expect(await world.head('shop')).toEqual(before);
    });
  });

  describe('on leaving', () => {
    it('lets members drain until the clients have acknowledged and the drain time is over', async () => {
      await twoClusters();
      await acknowledgeAll();
      await world.gns('shop', { exclude: [{ services: { names: ['cart'] } }] });
      await haveStates('shop', { 'east/cart': 'draining' });
      expect((await world.members('shop'))[0]?.dueAt).toBeUndefined();
      await world.acknowledge('east', 'shop');
      await settled();
      expect((await world.members('shop'))[0]?.dueAt).toBeUndefined();
      await world.acknowledge('west', 'shop');
      await settled();
      await endDrain('shop');
      await haveStates('shop', {});
    });

    it('gives a cluster the empty tree only when its members have gone', async () => {
      await twoClusters();
      await acknowledgeAll();
      await world.gns('shop', { members: [{ clusters: { names: ['west'] }, namespaces: { names: ['shop'] } }] });
      await settled();
      expect(await world.target('east', 'shop')).toMatchObject({ state: 'ACTIVE', ref: { seq: 1 } });
      await world.acknowledge('west', 'shop');
      await settled();
      await endDrain('shop');
      expect(await world.target('east', 'shop')).toMatchObject({ state: 'LEAVING', ref: { seq: 2, root: EMPTY_ROOT } });
      await world.acknowledge('east', 'shop');
      await world.gns('shop');
      await settled();
      expect(await world.target('east', 'shop')).toMatchObject({ state: 'ACTIVE', ref: { seq: 3 } });
    });

    it('forgets a deleted global namespace after the last cluster has left it', async () => {
      await twoClusters();
      await acknowledgeAll();
      await world.remove('GlobalNamespace', 'shop');
      await haveStates('shop', { 'east/cart': 'draining' });
      expect(await world.target('west', 'shop')).toMatchObject({ state: 'LEAVING' });
      await world.acknowledge('west', 'shop');
      await settled();
      await endDrain('shop');
      expect(await world.target('east', 'shop')).toMatchObject({ state: 'LEAVING' });
      expect(await world.head('shop')).toBeDefined();
      await world.acknowledge('east', 'shop');
      await eventually(async () => ((await world.head('shop')) === undefined ? true : undefined), 'the forgotten head');
      expect(await store.withTenant(ORG, (tx) => tx.ports.list(world.uid('shop')))).toEqual([]);
    });
  });

  describe('with several global namespaces', () => {
    it('gives a service one home, and to the other when the first lets go', async () => {
      await twoClusters();
      await world.gns('other', { members: [{ namespaces: { names: ['shop'] } }] });
      await settled();
      expect(await world.states('other')).toEqual({});
      expect((await world.head('other'))?.catalogIssues).toEqual(
        expect.arrayContaining([expect.objectContaining({ code: 'ISM0114' })]),
      );
      await world.gns('shop', { members: [{ namespaces: { names: ['elsewhere'] } }] });
      await settled();
      await acknowledgeAll();
      await endDrain('shop');
      await eventually(
        async () => ((await world.states('other'))['east/cart'] === 'wanted' ? true : undefined),
        'the new home',
      );
    });

    it('never gives an address twice', async () => {
      await world.cluster('east');
      await world.report('east', shop(Array.from({ length: 3 }, (_, i) => `s${i}`)));
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(
        names.map((name, i) =>
          world.gns(name, {
            vipCIDR: '240.64.0.0/28',
            hostTemplate: `{service}.{domain}`,
            members: [{ services: { names: [`s${i % 3}`] } }],
          }),
        ),
      );
      await settled();
      const vips = await store.withTenant(ORG, (tx) => tx.vips.list());
      expect(new Set(vips.map(({ address }) => address)).size).toBe(vips.length);
      expect(vips).toHaveLength(3);
    });
  });

  it('sends every pointer again, with the same root, under a new lineage of the database', async () => {
    await twoClusters();
    await acknowledgeAll();
    const [target, head] = [await world.target('east', 'shop'), await world.head('shop')];
    await store.system.raiseEpoch();
    const moved = await eventually(async () => {
      const now = await world.target('east', 'shop');
      return now?.ref.epoch === 2 ? now : undefined;
    }, 'the new epoch');
    expect(moved.ref).toEqual({ epoch: 2, seq: (target?.ref.seq ?? 0) + 1, root: target?.ref.root });
    expect(await world.head('shop')).toMatchObject({
      catalogEpoch: 2,
      catalogSeq: (head?.catalogSeq ?? 0) + 1,
      catalogRoot: head?.catalogRoot,
    });
    await haveStates('shop', { 'east/cart': 'served' });
  });
});
