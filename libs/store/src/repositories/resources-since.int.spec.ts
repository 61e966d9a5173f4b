import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { backup, createStore, restore, type Store } from '../index.js';

const postgres = await testPostgres();
const audit = { actor: 'user:ada', action: 'putResource' };
const project = (name: string, round = 0) => ({
  ...{ kind: 'Project' as const, project: '', name, spec: {} },
  labels: { round: String(round) },
});

postgres.suite('stamps of what is stored', () => {
  let store: Store;
  let url = '';
  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore({ orgs: ['default', 'other'] }));
  });
  afterAll(() => store.close());

  const stampIn = (of: Store, org = 'default') => of.mutate(org, audit, (tx) => tx.resources.lock());
  const since = (stamp: string, of = store) => of.mutate('default', audit, (tx) => tx.resources.since(stamp));
  const put = (name: string, round = 0) =>
    store.mutate('default', audit, (tx) => tx.resources.put(project(name, round)));

  it('are refused if nothing was ever stored under them', async () => {
    await put('first');
    const stamp = await stampIn(store);
    expect(await since(stamp.replace(/^\d+/, '999'))).toBeUndefined();
    expect(await since(stamp.replace('@', '0@'))).toBeUndefined();
  });

  it('are refused if their transaction was rolled back, even when another one takes its version', async () => {
    let stamp = '';
    const write = async (name: string, commitIf?: () => boolean) =>
      store.mutate(
        'default',
        audit,
        async (tx) => {
          await tx.resources.put(project(name));
          return tx.resources.lock();
        },
        commitIf && { commitIf },
      );
    stamp = await write('never', () => false);
    const taken = await write('instead');
    expect(taken.split(' ')[0]).toBe(stamp.split(' ')[0]);
    expect(taken).not.toBe(stamp);
    expect(await since(stamp)).toBeUndefined();
    expect(await since(taken)).toEqual({ changed: [], gone: [] });
  });

  it('are refused in a database that was restored to the same version', async () => {
    await put('kept');
    const stamp = await stampIn(store);
    const folder = await mkdtemp(join(tmpdir(), 'isthmus-stamps-'));
    const file = join(folder, 'backup');
    await backup({ connectionString: url, file });
    const connectionString = await postgres.freshDatabase({ empty: true });
    await restore({ connectionString, file });
    const restored = createStore({ connectionString });
    try {
      expect((await stampIn(restored)).split(' ')[0]).toBe(stamp.split(' ')[0]);
      expect(await stampIn(restored)).not.toBe(stamp);
      expect(await since(stamp, restored)).toBeUndefined();
      expect(await since(stamp)).toEqual({ changed: [], gone: [] });
    } finally {
      await restored.close();
      await rm(folder, { recursive: true });
    }
  });

  it('are refused after more than a thousand changes', async () => {
    const stamp = await stampIn(store);
    const many = (count: number) =>
      store.mutate('default', audit, async (tx) => {
        for (let index = 0; index < count; index += 1) await tx.resources.put(project('busy', index));
        return tx.resources.lock();
      });
    await many(1000);
    expect((await since(stamp))?.changed).toHaveLength(1);
    await put('one-more');
    expect(await since(stamp)).toBeUndefined();
  });

  it('stay until something is changed, and differ between organizations', async () => {
    const stamp = await stampIn(store);
    await put('kept');
    expect(await stampIn(store)).toBe(stamp);
    await store.mutate('default', audit, (tx) => tx.resources.put(project('undone')), { commitIf: () => false });
    expect(await stampIn(store)).toBe(stamp);
    await put('kept', 7);
    expect(await stampIn(store)).not.toBe(stamp);
    expect(await stampIn(store, 'other')).not.toBe(await stampIn(store));
  });

  it('tell what was made, changed and deleted since, as it is now', async () => {
    await put('changed', 1);
    await put('deleted');
    await put('made-again', 1);
    const stamp = await stampIn(store);
    await put('made');
    await put('changed', 2);
    await put('changed', 3);
    await store.mutate('default', audit, (tx) => tx.resources.delete(project('deleted')));
    await store.mutate('default', audit, (tx) => tx.resources.delete(project('made-again')));
    await put('made-again', 2);
    const told = await since(stamp);
    expect(told?.changed.map(({ name, labels }) => `${name} ${labels['round']}`).sort()).toEqual([
      ...['changed 3', 'made 0', 'made-again 2'],
    ]);
    const gone = (name: string) => ({ kind: 'Project', project: '', name });
    expect(told?.gone).toEqual([gone('deleted'), gone('made-again')]);
  });

  it('are those of a transaction after what it wrote itself', async () => {
    const inside = await store.mutate('default', audit, async (tx) => {
      await tx.resources.lock();
      await tx.resources.put(project('own'));
      return tx.resources.lock();
    });
    expect(await stampIn(store)).toBe(inside);
  });
});
