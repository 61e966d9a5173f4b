import { createMemoryQueue } from '@isthmus/queue';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORG, World, eventually, shop } from './world.fixture.js';

const postgres = await testPostgres();
const STEPS = 2;

const versioned = (...versions: string[]) => {
  const namespace = shop(['cart']);
  const [workload] = namespace.workloads;
  const workloads = versions.map((version) => ({
    ...(workload ?? { kind: 'Deployment', name: 'cart', serviceAccount: 'cart', ports: [] }),
    name: `cart-${version}`,
    labels: { app: 'cart', version },
  }));
  return { ...namespace, workloads };
};

postgres.suite('a change of routes', () => {
  let store: Store;
  let world: World;
  const stores: Store[] = [];

  const start = async (ownerWaitMs?: number): Promise<void> => {
    ({ store } = await postgres.freshStore());
    stores.push(store);
    world = new World(store);
    await world.startWorker(createMemoryQueue(), ownerWaitMs);
    for (const name of ['east', 'west']) {
      await world.cluster(name);
      await world.connect(name, undefined, STEPS);
    }
    await world.gns('shop', { members: [{ clusters: { names: ['east', 'west'] }, namespaces: { names: ['shop'] } }] });
    await route('v1');
    await world.report('east', versioned('v1'));
    await world.report('west', versioned('v1', 'v2'));
    await quiet();
    for (const name of ['east', 'west', 'east', 'west']) {
      await world.acknowledge(name, 'shop');
      await quiet();
    }
    expect([await world.states('shop'), await steps()]).toEqual([
      { 'east/cart': 'served', 'west/cart': 'served' },
      [undefined, undefined],
    ]);
  };

  afterEach(() => world.stop());
  afterAll(() => Promise.all(stores.map((each) => each.close())));

  const quiet = (): Promise<true> =>
    eventually(
      async () => ((await store.withTenant(ORG, (tx) => tx.outbox.pending())) === 0 ? true : undefined),
      'an empty outbox',
    );

  const route = async (...versions: string[]): Promise<void> => {
    const backends = versions.map((version) => ({ version, weight: 1 }));
    await world.put('TrafficPolicy', 'cart', {
      spec: {
        targets: [{ globalNamespace: 'shop', service: 'cart' }],
        routes: { rules: [{ name: 'split', backends }] },
      },
    });
  };

  /** Steps that the pointers of both clusters are signed with. */
  const steps = async (): Promise<unknown[]> => {
    const targets = await Promise.all(['east', 'west'].map((name) => world.target(name, 'shop')));
    return targets.map((target) => target && world.verified(target)?.step);
  };
  const seqs = async (): Promise<unknown[]> => {
    const targets = await Promise.all(['east', 'west'].map((name) => world.target(name, 'shop')));
    return targets.map((target) => target?.ref.seq);
  };

  describe('with agents that know steps', () => {
    beforeEach(() => start());

    it('that names nothing anew is one move, and nothing waits', async () => {
      const [east, west] = (await seqs()) as number[];
      await world.encryption('mode', 'shop', 'STRICT');
      await quiet();
      expect([await steps(), await seqs()]).toEqual([
        [undefined, undefined],
        [Number(east) + 1, Number(west) + 1],
      ]);
      expect((await world.head('shop'))?.rollout).toBeUndefined();
    });

    it('asks the owner of a version first, then lets routes go with the same root', async () => {
      await route('v1', 'v2');
      await quiet();
      expect(await steps()).toEqual(['expand', 'expand']);
      const root = (await world.target('east', 'shop'))?.ref.root;
      await world.ready('east', 'shop');
      await quiet();
      expect(await steps()).toEqual(['expand', 'expand']);
      expect((await world.head('shop'))?.rollout?.awaits).toMatchObject([{ cluster: world.uid('west') }]);
      await world.ready('west', 'shop');
      await quiet();
      expect(await steps()).toEqual([undefined, undefined]);
      expect((await world.target('east', 'shop'))?.ref.root).toBe(root);
      expect((await world.head('shop'))?.rollout).toBeUndefined();
    });

    it('that names a version no more lets its owner end when callers have followed', async () => {
      await route('v1', 'v2');
      await quiet();
      await world.ready('west', 'shop');
      await quiet();
      await route('v1');
      await quiet();
      expect(await steps()).toEqual(['switch', 'switch']);
      await world.acknowledge('west', 'shop');
      await quiet();
      expect(await steps()).toEqual(['switch', 'switch']);
      await world.acknowledge('east', 'shop');
      await quiet();
      expect(await steps()).toEqual([undefined, undefined]);
    });

    it('goes on in another worker when the one that began died', async () => {
      await route('v1', 'v2');
      await quiet();
      await world.stop();
      await world.ready('west', 'shop');
      await world.startWorker(createMemoryQueue());
      await quiet();
      expect(await steps()).toEqual([undefined, undefined]);
    });

    it('sends a step to no agent that does not know it, and takes what that applied for its word', async () => {
      await world.connect('west');
      await route('v1', 'v2');
      await quiet();
      expect(await steps()).toEqual(['expand', undefined]);
      await world.acknowledge('west', 'shop');
      await quiet();
      expect(await steps()).toEqual([undefined, undefined]);
    });
  });

  it('does not wait longer for an owner that is away than it is told, and tells of it until that has followed', async () => {
    await start(300);
    await route('v1', 'v2');
    await eventually(async () => ((await steps()).includes('expand') ? true : undefined), 'the first step');
    const missed = await eventually(async () => (await world.head('shop'))?.rollout?.missed[0], 'the end of the wait');
    expect([missed, await steps()]).toEqual([world.uid('west'), [undefined, undefined]]);
    await quiet();
    await world.acknowledge('west', 'shop');
    await quiet();
    expect((await world.head('shop'))?.rollout).toBeUndefined();
  });

  it('goes all of the way at once where nobody is to be waited for', async () => {
    await start(0);
    await route('v1', 'v2');
    await quiet();
    expect(await steps()).toEqual([undefined, undefined]);
  });
});
