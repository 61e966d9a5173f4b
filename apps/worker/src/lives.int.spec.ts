import { EMPTY_ROOT } from '@isthmus/domain';
import { createMemoryQueue } from '@isthmus/queue';
import type { ClusterLife, ClusterPhase, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { ORG, World, eventually, shop } from './world.fixture.js';

const postgres = await testPostgres();

postgres.suite('the life of clusters', () => {
  let store: Store;
  let world: World;
  const stores: Store[] = [];

  beforeEach(async () => {
    ({ store } = await postgres.freshStore());
    stores.push(store);
    world = new World(store);
    await world.startWorker(createMemoryQueue());
    for (const name of ['east', 'west', 'north']) await world.cluster(name);
    await world.gns('shop');
    await world.report('east', shop(['cart']));
    await settled();
    for (const name of ['east', 'west', 'north']) await world.acknowledge(name, 'shop');
    await settled();
    expect(await world.states('shop')).toEqual({ 'east/cart': 'served' });
  });
  afterEach(() => world.stop());
  afterAll(() => Promise.all(stores.map((each) => each.close())));

  const settled = (): Promise<true> =>
    eventually(
      async () => ((await store.withTenant(ORG, (tx) => tx.outbox.pending())) === 0 ? true : undefined),
      'an empty outbox',
    );
  const decide = async (name: string, from: ClusterPhase, to: ClusterPhase): Promise<void> => {
    const move = { cluster: world.uid(name), from: [from], to, by: 'user:ada' };
    const result = await store.mutate(ORG, { actor: 'user:ada', action: 'spec' }, (tx) => tx.lives.move(move));
    expect(result.outcome).toBe('moved');
    await settled();
  };
  const life = (name: string): Promise<ClusterLife> => store.withTenant(ORG, (tx) => tx.lives.get(world.uid(name)));
  const acknowledge = async (...names: string[]): Promise<void> => {
    for (const name of names) await world.acknowledge(name, 'shop');
    await settled();
  };
  const catalogEntries = async (): Promise<string[]> => {
    const head = await world.head('shop');
    return [...(await world.tree(head?.catalogRoot ?? EMPTY_ROOT)).entries.keys()];
  };
  const policyOf = async (cluster: string): Promise<string> => {
    const target = await world.target(cluster, 'shop');
    return (await world.tree(target?.ref.root ?? EMPTY_ROOT)).entries.get('gns')?.body ?? '';
  };
  const endDrain = async (): Promise<void> => {
    const rows = (await world.members('shop')).filter(({ dueAt }) => dueAt !== undefined);
    expect(rows).toHaveLength(1);
    const steps = rows.map(({ version, ...row }) => ({
      ...{ ...row, next: 'draining' as const, expectedVersion: version },
      dueAt: new Date(0),
    }));
    await store.withTenant(ORG, (tx) => tx.members.apply(world.uid('shop'), steps));
    await eventually(
      async () => ((await world.members('shop')).length === 0 ? true : undefined),
      'the end of the drain',
    );
    await settled();
  };

  it('a cluster that leaves keeps its objects until nobody uses its members, and is trusted until it has proven that they are gone', async () => {
    const before = await world.target('east', 'shop');
    await decide('east', 'MEMBER', 'LEAVING');
    expect(await world.states('shop')).toEqual({ 'east/cart': 'draining' });
    expect(await world.target('east', 'shop')).toMatchObject({ state: 'ACTIVE', ref: before?.ref });
    await acknowledge('west');
    expect((await world.members('shop'))[0]?.dueAt).toBeUndefined();
    await acknowledge('north', 'east');
    await endDrain();
    expect(await world.target('east', 'shop')).toMatchObject({ state: 'LEAVING', ref: { root: EMPTY_ROOT } });
    expect((await life('east')).phase).toBe('LEAVING');
    expect(await catalogEntries()).toContain('cluster/east');
    await acknowledge('east');
    await eventually(async () => ((await life('east')).phase === 'LEFT' ? true : undefined), 'that it has left');
    await settled();
    expect((await life('east')).proof).toMatchObject({ objects: 0, namespaces: [{ gns: 'default/shop', objects: 0 }] });
    expect(await store.withTenant(ORG, (tx) => tx.sessions.get(world.uid('east')))).toMatchObject({
      revokedAt: expect.any(Date) as Date,
    });
    expect(await catalogEntries()).not.toContain('cluster/east');
    expect(await policyOf('west')).not.toContain('east');
    const audit = await store.withTenant(ORG, (tx) => tx.audit.list({ action: 'clusterLeft' }, { first: 10 }));
    expect(audit.items).toHaveLength(1);
  });

  it('a cluster does not leave while it reports objects, and leaving goes on with another worker', async () => {
    await decide('north', 'MEMBER', 'LEAVING');
    expect(await world.target('north', 'shop')).toMatchObject({ state: 'LEAVING', ref: { root: EMPTY_ROOT } });
    await world.stop();
    await world.acknowledge('north', 'shop', ['catalog']);
    expect((await life('north')).phase).toBe('LEAVING');
    await world.acknowledge('north', 'shop');
    await world.startWorker(createMemoryQueue());
    await eventually(async () => ((await life('north')).phase === 'LEFT' ? true : undefined), 'that it has left');
  });

  it('a cluster that stays after all is offered again', async () => {
    await decide('east', 'MEMBER', 'LEAVING');
    await acknowledge('west', 'north');
    await decide('east', 'LEAVING', 'MEMBER');
    expect(await world.states('shop')).toEqual({ 'east/cart': 'wanted' });
    await acknowledge('east');
    expect(await world.states('shop')).toEqual({ 'east/cart': 'served' });
    expect(await world.target('east', 'shop')).toMatchObject({ state: 'ACTIVE' });
  });

  it('an evicted cluster loses members, trust and pointers at once, and is told nothing', async () => {
    const before = await world.target('east', 'shop');
    await decide('east', 'MEMBER', 'EVICTED');
    expect(await world.states('shop')).toEqual({});
    expect(await catalogEntries()).not.toContain('cluster/east');
    expect(await policyOf('west')).not.toContain('east');
    expect(await world.target('east', 'shop')).toMatchObject({
      state: 'CLOSED',
      ref: { seq: (before?.ref.seq ?? 0) + 1 },
    });
    await decide('east', 'EVICTED', 'MEMBER');
    expect(await world.target('east', 'shop')).toMatchObject({
      state: 'ACTIVE',
      ref: { seq: (before?.ref.seq ?? 0) + 2 },
    });
  });

  it('a drain does not wait for an abandoned cluster, until its agent is heard again', async () => {
    const abandon = (by: string | undefined): Promise<void> =>
      store.withTenant(ORG, (tx) => tx.lives.abandon(world.uid('north'), by));
    await decide('east', 'MEMBER', 'LEAVING');
    await abandon('user:ada');
    await store.withTenant(ORG, (tx) => tx.lives.heard(world.uid('north')));
    await acknowledge('west');
    expect((await world.members('shop'))[0]?.dueAt).toBeUndefined();
    await abandon('user:ada');
    await settled();
    expect((await world.members('shop'))[0]?.dueAt).toBeInstanceOf(Date);
  });

  it('what a cluster reported stays when its inventory is lost, and goes when a person has it forgotten', async () => {
    await store.withTenant(ORG, (tx) => tx.inventory.forget(world.uid('east')));
    await settled();
    expect(await world.states('shop')).toEqual({ 'east/cart': 'served' });
    await store.withTenant(ORG, (tx) => tx.lives.forget(world.uid('east'), 'user:ada'));
    await settled();
    expect(await world.states('shop')).toEqual({});
    await world.report('east', shop(['cart']));
    await settled();
    expect(await world.states('shop')).toEqual({ 'east/cart': 'wanted' });
    expect((await life('east')).forgottenAt).toBeUndefined();
  });

  it('of a cluster that was built anew nothing is pruned, and nothing offered, before it is heard', async () => {
    await store.withTenant(ORG, (tx) => tx.sessions.rebind(world.uid('east'), 'another-uid'));
    await settled();
    expect(await world.states('shop')).toEqual({ 'east/cart': 'wanted' });
    const inventory = await store.withTenant(ORG, (tx) => tx.inventory.head(world.uid('east')));
    expect(inventory?.complete).toBe(false);
    await world.cluster('east', { trustDomain: 'cluster.local' }, 'another-uid');
    await acknowledge('east');
    expect(await world.states('shop')).toEqual({ 'east/cart': 'served' });
    await world.report('east', { deleted: 'shop' });
    await settled();
    expect(await world.states('shop')).toEqual({});
  });

  it('of a cluster whose identity was only given anew everything holds', async () => {
    const { boundTo } = { boundTo: world.uid('east') };
    await store.withTenant(ORG, (tx) => tx.sessions.rebind(world.uid('east'), boundTo));
    await settled();
    expect(await world.states('shop')).toEqual({ 'east/cart': 'served' });
  });
});
