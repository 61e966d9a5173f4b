import { createMemoryQueue, createQueue, type Queue } from '@isthmus/queue';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { JOBS } from './jobs/definitions.js';
import { ORG, World, eventually, shop } from './world.fixture.js';

const postgres = await testPostgres();

/** A queue that loses every job until it is told to keep them. */
function forgetful(): { queue: Queue; mend: () => void; lost: () => number } {
  const inner = createMemoryQueue();
  let [isMended, lost] = [false, 0];
  const queue: Queue = {
    ...inner,
    enqueue: async (job, ids, options) => {
      if (isMended) return inner.enqueue(job, ids, options);
      lost += 1;
    },
  };
  return { queue, lost: () => lost, mend: () => void (isMended = true) };
}

postgres.suite('the worker under faults', () => {
  let store: Store;
  let url: string;
  let world: World;
  const stores: Store[] = [];
  const queues: Queue[] = [];

  beforeEach(async () => {
    ({ store, url } = await postgres.freshStore());
    stores.push(store);
    world = new World(store);
  });
  afterEach(async () => {
    await world.stop();
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
  });
  afterAll(() => Promise.all(stores.map((each) => each.close())));

  const realQueue = async (): Promise<Queue> => {
    const queue = await createQueue({ databaseUrl: url });
    queues.push(queue);
    return queue;
  };

  const memberOf = (gns: string, name: string): Promise<true> =>
    eventually(
      async () => ((await world.states(gns))[name] === undefined ? undefined : true),
      `member ${name}`,
      30_000,
    );

  const emptyOutbox = (): Promise<true> =>
    eventually(
      async () => ((await store.withTenant(ORG, (tx) => tx.outbox.pending())) === 0 ? true : undefined),
      'an empty outbox',
      30_000,
    );

  const expectOneSeqAChange = async (): Promise<void> => {
    const head = await world.head('shop');
    if (head?.policyRoot === undefined) throw new Error('nothing was compiled');
    for (const name of ['east', 'west']) {
      const target = await world.target(name, 'shop');
      expect(target?.ref).toEqual({ epoch: 1, seq: head.policyRevision, root: head.policyRoot });
    }
    const { entries } = await world.tree(head.policyRoot);
    expect(entries.get('gns/encryption')?.body).toBe('{"kind":"encryption","mode":"STRICT"}');
  };

  it('hands out again what a queue has lost', async () => {
    const { queue, mend, lost } = forgetful();
    await world.startWorker(queue);
    await world.cluster('east');
    await world.gns('shop');
    await world.report('east', shop(['cart']));
    await eventually(async () => (lost() > 0 ? true : undefined), 'a lost job');
    expect(await world.head('shop')).toBeUndefined();
    mend();
    await memberOf('shop', 'east/cart');
    await emptyOutbox();
  });

  it('goes on from rows that were written while no worker ran', async () => {
    await world.cluster('east');
    await world.gns('shop');
    await world.report('east', shop(['cart']));
    await world.startWorker(createMemoryQueue());
    await memberOf('shop', 'east/cart');
  });

  it('takes over rows that a killed worker had claimed, without waiting for a person', async () => {
    await world.cluster('east');
    const gns = await world.gns('shop');
    await store.withTenant(ORG, async (tx) => {
      const rows = await tx.outbox.claim({ limit: 10, leaseMs: 500 });
      await tx.outbox.finish(rows.map(({ id }) => id));
      await tx.outbox.add({ topic: 'gns.compile', subject: gns });
      await tx.outbox.take({ topics: ['gns.compile'], subject: gns, leaseMs: 500 });
    });
    await world.startWorker(createMemoryQueue());
    await eventually(() => world.target('east', 'shop'), 'the target');
  });

  it('survives a flush of the real queue in the middle of a burst', async () => {
    const queue = await realQueue();
    await world.startWorker(queue);
    await world.cluster('east');
    await world.gns('shop');
    for (let i = 0; i < 10; i += 1) {
      await world.report('east', shop(['cart', `extra-${i}`]));
      if (i % 3 === 0) await queue.flush(JOBS);
    }
    await memberOf('shop', 'east/extra-9');
    await emptyOutbox();
  });

  it('gives each pointer one seq a change, with several workers on one database', async () => {
    const started = await Promise.all([
      world.startWorker(await realQueue()),
      world.startWorker(await realQueue()),
      world.startWorker(createMemoryQueue()),
    ]);
    expect(started).toHaveLength(3);
    for (const name of ['east', 'west']) await world.cluster(name);
    await world.gns('shop');
    for (let i = 0; i < 5; i += 1) {
      await world.encryption('policy', 'shop', i % 2 === 0 ? 'STRICT' : 'PERMISSIVE');
      await Promise.all(['east', 'west'].map((name) => world.report(name, shop(['cart', `s${i}`]))));
    }
    await memberOf('shop', 'west/s4');
    await emptyOutbox();
    await expectOneSeqAChange();
    expect(Object.keys(await world.states('shop')).sort()).toEqual(['east/cart', 'east/s4', 'west/cart', 'west/s4']);
  });

  it('goes on after Postgres was restarted', async () => {
    await world.startWorker(createMemoryQueue());
    await world.cluster('east');
    await world.gns('shop');
    await eventually(() => world.target('east', 'shop'), 'the target');
    await postgres.restart();
    await eventually(
      () =>
        world.report('east', shop(['cart'])).then(
          () => true as const,
          () => undefined,
        ),
      'a report',
      30_000,
    );
    await memberOf('shop', 'east/cart');
  });
});
