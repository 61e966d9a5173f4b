import { EMPTY_ROOT, isDecidedRemoval, type GlobalNamespaceSpec, type Tree } from '@isthmus/domain';
import { createMemoryQueue } from '@isthmus/queue';
import type { ResourceInput, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { ORG, World, eventually, shop } from './world.fixture.js';

const postgres = await testPostgres();
const services = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${String(at)}`);
const isDecided = (tree: Tree, service: string | undefined): boolean =>
  isDecidedRemoval(tree, service && `${service}.shop.global`, 'shop.global');
const without = (names: readonly string[]): Partial<GlobalNamespaceSpec> => ({
  exclude: [{ services: { names: [...names] } }],
});

postgres.suite('members that leave', () => {
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
  const acknowledge = async (): Promise<void> => {
    for (const name of ['east', 'west']) await world.acknowledge(name, 'shop');
    await settled();
  };
  /** A global namespace with that many hosts, all of them served from east. */
  const serve = async (count: number): Promise<void> => {
    await world.cluster('east');
    await world.cluster('west');
    await world.gns('shop');
    await world.report('east', shop(services(count)));
    await settled();
    await acknowledge();
  };
  const exclude = async (names: readonly string[]): Promise<void> => {
    await world.gns('shop', without(names));
    await settled();
  };
  const draining = async (): Promise<string[]> =>
    Object.entries(await world.states('shop')).flatMap(([name, state]) => (state === 'draining' ? [name] : []));
  const hold = async () => {
    const holds = await store.withTenant(ORG, (tx) => tx.holds.list({ gns: world.uid('shop') }));
    expect(holds.length).toBeLessThanOrEqual(1);
    return holds[0];
  };
  const approve = async (id: string, setHash: string, by = 'token:ada') => {
    const result = await store.mutate(ORG, { actor: by, action: 'approvePrune' }, (tx) =>
      tx.holds.approve(id, setHash, by),
    );
    await settled();
    return result.outcome;
  };
  const removals = () => store.withTenant(ORG, (tx) => tx.removals.list(world.uid('shop')));
  const catalog = async () => world.tree((await world.head('shop'))?.catalogRoot ?? EMPTY_ROOT);
  const issues = async (): Promise<string[]> =>
    ((await world.head('shop'))?.catalogIssues ?? []).map((item) => (item as { code: string }).code);

  it('go without anybody, if they are few, and the catalog says that they were meant to', async () => {
    await serve(4);
    await exclude(['s0']);
    expect(await draining()).toEqual(['east/s0']);
    expect(await hold()).toBeUndefined();
    expect(await removals()).toMatchObject([{ host: 's0.shop.global', cause: 'RULES', open: true }]);
    const tree = await catalog();
    expect([isDecided(tree, 's0'), isDecided(tree, 's1')]).toEqual([true, false]);
  });

  it('wait as one set for a person, and everything else goes on meanwhile', async () => {
    await serve(12);
    await exclude(services(6));
    expect(await draining()).toEqual([]);
    expect(await hold()).toMatchObject({ kind: 'DRAIN', cluster: '', count: 6, approvedAt: undefined });
    expect(await issues()).toContain('ISM0260');
    await world.report('east', shop([...services(12).slice(1), 'new']));
    await settled();
    expect(await world.states('shop')).toMatchObject({ 'east/new': 'wanted', 'east/s1': 'served' });
    expect(await world.states('shop')).not.toHaveProperty('east/s0');
    expect(await hold()).toMatchObject({ count: 5 });
    expect(await removals()).toMatchObject([{ host: 's0.shop.global', cause: 'OBSERVED', decidedBy: 'cluster east' }]);
  });

  it('go at once when a person approves that very set, and who did stands in the rows and in the audit log', async () => {
    await serve(12);
    await exclude(services(6));
    const { id = '', setHash = '' } = (await hold()) ?? {};
    expect(await approve(id, 'f'.repeat(64))).toBe('changed');
    expect(await approve('nothing', setHash)).toBe('absent');
    expect(await draining()).toEqual([]);
    expect(await approve(id, setHash)).toBe('approved');
    expect(await draining()).toHaveLength(6);
    expect(await hold()).toBeUndefined();
    expect(await issues()).not.toContain('ISM0260');
    expect(await removals()).toMatchObject(Array(6).fill({ cause: 'APPROVED', decidedBy: 'token:ada' }));
    const audit = await store.withTenant(ORG, (tx) => tx.audit.list({ action: 'removeMembers' }, { first: 10 }));
    expect(audit.items.map(({ record }) => record)).toMatchObject([
      { actor: 'system:worker', name: 'shop', after: { cause: 'APPROVED', decidedBy: 'token:ada' } },
    ]);
  });

  it('are held again when the set grew after the approval, and are let go when nobody asks any more', async () => {
    await serve(12);
    await exclude(services(6));
    const first = await hold();
    await world.stop();
    await approveWithoutWorker(first);
    await world.gns('shop', without(services(7)));
    await world.startWorker(createMemoryQueue());
    await settled();
    expect(await draining()).toEqual([]);
    expect(await hold()).toMatchObject({ id: first?.id, count: 7, approvedAt: undefined });
    expect(await approve(first?.id ?? '', first?.setHash ?? '')).toBe('changed');
    await exclude([]);
    expect(await hold()).toBeUndefined();
    expect(await draining()).toEqual([]);
  });

  const approveWithoutWorker = async (held: { id: string; setHash: string } | undefined): Promise<void> => {
    await store.mutate(ORG, { actor: 'spec', action: 'spec' }, (tx) =>
      tx.holds.approve(held?.id ?? '', held?.setHash ?? '', 'token:ada'),
    );
  };

  it('add up over ten minutes across workers and restarts', async () => {
    await serve(20);
    await exclude(services(4));
    expect(await draining()).toHaveLength(4);
    await world.stop();
    await world.startWorker(createMemoryQueue());
    await exclude(services(5));
    expect(await draining()).toHaveLength(4);
    expect(await hold()).toMatchObject({ count: 1 });
  });

  it('need no decision when the whole global namespace is deleted, and leave no row behind', async () => {
    await serve(12);
    await exclude(services(6));
    await world.remove('GlobalNamespace', 'shop');
    await settled();
    expect(await draining()).toHaveLength(12);
    expect(await hold()).toBeUndefined();
    const tree = await catalog();
    expect(services(12).every((name) => isDecided(tree, name))).toBe(true);
  });

  it('take their marks out of the catalog when every cluster has followed', async () => {
    await serve(4);
    await world.report('east', shop(services(4).slice(1)));
    await settled();
    expect(isDecided(await catalog(), 's0')).toBe(true);
    await world.acknowledge('east', 'shop');
    await world.report('east', shop([...services(4).slice(1), 'n1']));
    await settled();
    expect(isDecided(await catalog(), 's0')).toBe(true);
    await acknowledge();
    await world.report('east', shop([...services(4).slice(1), 'n1', 'n2']));
    await settled();
    expect(isDecided(await catalog(), 's0')).toBe(false);
    expect(await removals()).toMatchObject([{ cause: 'OBSERVED', open: false }]);
  });

  const access = (name: string, action: string, service?: string) =>
    world.put('AccessPolicy', name, {
      spec: {
        targets: [{ globalNamespace: 'shop', ...(service !== undefined && { service }) }],
        rules: [{ action, from: [{ namespaces: ['web'] }] }],
      } as unknown as ResourceInput['spec'],
    });
  const marks = async (): Promise<(string | undefined)[]> => {
    const tree = await catalog();
    return ['s0', 's1', 's9', undefined].filter((service) => isDecided(tree, service));
  };

  it('by a policy that somebody changed need no other decision: for its host, or for all that stay', async () => {
    await serve(3);
    await access('wide', 'ALLOW');
    await settled();
    await access('one', 'DENY', 's0');
    await settled();
    const before = (await world.head('shop'))?.catalogSeq;
    await world.encryption('tls', 'shop', 'STRICT');
    await settled();
    expect([await marks(), (await world.head('shop'))?.catalogSeq]).toEqual([['s0'], before]);
    await world.remove('AccessPolicy', 'one');
    await settled();
    expect(await marks()).toEqual(['s0']);
    await world.remove('EncryptionPolicy', 'tls');
    await settled();
    expect(await marks()).toEqual(['s0', 's1', undefined]);
    expect(await removals()).toMatchObject([
      { host: 's0.shop.global', cause: 'POLICY', decidedBy: 'spec', open: true },
      { host: 'shop.global', cause: 'POLICY', decidedBy: 'spec', open: true },
    ]);
    const audit = await store.withTenant(ORG, (tx) => tx.audit.list({ action: 'removeMembers' }, { first: 10 }));
    expect(audit.items).toEqual([]);
  });

  it('to another global namespace are no error there: first they wait, then they drain, then they are there', async () => {
    await serve(12);
    const others = async (): Promise<string[]> =>
      ((await world.head('other'))?.catalogIssues ?? [])
        .map((item) => (item as { code: string }).code)
        .filter((code) => code !== 'ISM0240');
    const moving = services(6);
    await exclude(moving);
    await world.gns('other', { members: [{ services: { names: moving } }] });
    await settled();
    expect(new Set(await others())).toEqual(new Set(['ISM0262']));
    const { id = '', setHash = '' } = (await hold()) ?? {};
    await approve(id, setHash);
    expect(new Set(await others())).toEqual(new Set(['ISM0261']));
  });
});
