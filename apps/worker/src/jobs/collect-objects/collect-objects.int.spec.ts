import { EMPTY_ROOT, buildTree, entry, treeNodes, type Tree } from '@isthmus/domain';
import { createMemoryQueue } from '@isthmus/queue';
import type { Store, TenantTx } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ORG, World, eventually, shop } from '../../world.fixture.js';
import { collectObjects } from './collect-objects.js';

const postgres = await testPostgres();
const encoder = new TextEncoder();

const treeOf = (...names: string[]): Tree => buildTree(names.map((name) => entry(name, { kind: 'spec', name })));

postgres.suite('the collection of objects', () => {
  let store: Store;
  let url: string;
  let world: World;

  beforeEach(async () => {
    ({ store, url } = await postgres.freshStore());
    world = new World(store);
  });
  afterEach(async () => {
    await world.stop();
    await store.close();
  });

  const collect = (): Promise<number> => collectObjects({ store }, ORG);

  const query = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  };

  /** Makes every object look untouched since then. */
  const age = (interval: string): Promise<unknown> =>
    query(`UPDATE tree_object SET touched_at = now() - interval '${interval}'`);

  const put = (tx: TenantTx, tree: Tree): Promise<void> =>
    tx.objects.put([...treeNodes(tree)].map(({ hash, kind, text }) => ({ hash, kind, bytes: encoder.encode(text) })));

  const isWhole = async (tree: Tree): Promise<boolean> => {
    const hashes = [...treeNodes(tree)].map(({ hash }) => hash);
    return (await store.withTenant(ORG, (tx) => tx.objects.missing(hashes))).length === 0;
  };

  const published = async (): Promise<void> => {
    await world.startWorker(createMemoryQueue());
    await world.cluster('east');
    await world.gns('shop');
    await world.report('east', shop(['cart', 'pay']));
    await eventually(async () => {
      const open = await store.withTenant(ORG, (tx) => tx.outbox.pending());
      return open === 0 && (await world.head('shop'))?.catalogRoot !== undefined ? true : undefined;
    }, 'a catalog');
  };

  it('leaves what was touched within a day, though nothing leads to it, and takes it after that', async () => {
    const stray = treeOf('host/a', 'host/b');
    await store.withTenant(ORG, (tx) => put(tx, stray));
    expect(await collect()).toBe(0);
    await age('23 hours 59 minutes');
    expect(await collect()).toBe(0);
    expect(await isWhole(stray)).toBe(true);
    await age('24 hours 1 minute');
    expect(await collect()).toBe([...treeNodes(stray)].length);
    expect(await collect()).toBe(0);
  });

  it('keeps the trees in force and the revision before, however old, and drops those before', async () => {
    await published();
    const roots: string[] = [];
    for (const mode of ['STRICT', 'PERMISSIVE', 'DISABLE'] as const) {
      const known = (await world.head('shop'))?.policyRoot;
      await world.encryption('mode', 'shop', mode);
      const next = await eventually(async () => {
        const root = (await world.head('shop'))?.policyRoot;
        return root === known ? undefined : root;
      }, `a policy root for ${mode}`);
      roots.push(next);
    }
    await eventually(
      async () => ((await store.withTenant(ORG, (tx) => tx.outbox.pending())) === 0 ? true : undefined),
      'an empty outbox',
    );
    const catalog = (await world.head('shop'))?.catalogRoot ?? EMPTY_ROOT;
    await age('30 days');
    expect(await collect()).toBeGreaterThan(0);
    const [first = '', previous = '', active = ''] = roots;
    for (const root of [previous, active, catalog]) expect((await world.tree(root)).root).toBe(root);
    await expect(world.tree(first)).rejects.toThrow('cannot be read');
  });

  it('collects nothing while a tree in force cannot be read', async () => {
    await published();
    const stray = treeOf('host/a');
    await store.withTenant(ORG, (tx) => put(tx, stray));
    await age('2 days');
    await query(`DELETE FROM tree_object WHERE kind = 'unit'`);
    await expect(collect()).rejects.toThrow('nothing is collected');
    expect((await store.withTenant(ORG, (tx) => tx.objects.missing([stray.root]))).length).toBe(0);
  });

  it('never takes an object that a publication touches meanwhile, whoever comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const back = treeOf(...Array.from({ length: 40 }, (_, index) => `host/h${round}-${index}`));
      await store.withTenant(ORG, (tx) => put(tx, back));
      await age('2 days');
      const publication = store.withTenant(ORG, async (tx) => {
        await put(tx, back);
        await new Promise((resolve) => setTimeout(resolve, 20 * (round % 3)));
      });
      await Promise.all([publication, collect(), collect()]);
      expect(await isWhole(back)).toBe(true);
    }
  });
});
