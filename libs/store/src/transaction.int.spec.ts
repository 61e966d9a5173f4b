import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { type Notification, type Store, type StoreEvent, createStore } from './index.js';

const postgres = await testPostgres();
const audit = { actor: 'user:ada', action: 'putResource' };
const project = (name: string) => ({ kind: 'Project' as const, project: '', name, spec: {} });

postgres.suite('transactions of the store', () => {
  let store: Store;
  let url = '';
  const events: StoreEvent[] = [];
  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore({ log: (event) => events.push(event) }));
  });
  afterAll(() => store.close());

  it('retries serialization failures as a whole', async () => {
    let runs = 0;
    const increment = () =>
      store.mutate(
        'default',
        audit,
        async (tx) => {
          runs += 1;
          const current = await tx.resources.get(project('counter'));
          const count = Number(current?.labels['count'] ?? '0') + 1;
          await tx.resources.put({ ...project('counter'), labels: { count: String(count) } });
        },
        { isolation: 'REPEATABLE_READ' },
      );
    await Promise.all(Array.from({ length: 5 }, increment));
    const end = await store.withTenant('default', (tx) => tx.resources.get(project('counter')));
    expect(end?.labels).toEqual({ count: '5' });
    expect(runs).toBeGreaterThan(5);
  });

  it('reads one snapshot when asked to', async () => {
    await store.mutate('default', audit, (tx) => tx.resources.put(project('before')));
    const counts = await store.withTenant(
      'default',
      async (tx) => {
        const first = await tx.resources.count({});
        await store.mutate('default', audit, (other) => other.resources.put(project('during')));
        return [first, await tx.resources.count({})];
      },
      { isolation: 'REPEATABLE_READ' },
    );
    expect(counts[1]).toBe(counts[0]);
  });

  it('lets one holder of a lock in, and the next when it is gone', async () => {
    await store.withTenant('default', async (tx) => {
      expect(await tx.tryLock('compile')).toBe(true);
      expect(await store.withTenant('default', (other) => other.tryLock('compile'))).toBe(false);
      expect(await store.withTenant('default', (other) => other.tryLock('another'))).toBe(true);
    });
    expect(await store.withTenant('default', (tx) => tx.tryLock('compile'))).toBe(true);
  });

  it('lets nothing through any more once it has ended, by its time limit too', async () => {
    const late: unknown[] = [];
    const work = store.mutate(
      'default',
      audit,
      async (tx) => {
        await tx.resources.put(project('too-late'));
        await pause(400);
        const [read, written] = await Promise.allSettled([
          tx.resources.get(project('too-late')),
          tx.record({ kind: 'Project', id: 'too-late' }),
        ]);
        late.push(read, written);
      },
      { timeoutMs: 100 },
    );
    await expect(work).rejects.toThrow();
    await expect.poll(() => late, { timeout: 5_000 }).toHaveLength(2);
    const refused = { status: 'rejected', reason: expect.objectContaining({ message: 'this transaction has ended' }) };
    expect(late).toEqual([refused, refused]);
    expect(await store.withTenant('default', (tx) => tx.resources.get(project('too-late')))).toBeUndefined();
    const kept = await store.withTenant('default', (tx) => tx.audit.list({ subjectId: 'too-late' }, { first: 10 }));
    expect(kept.items).toEqual([]);
  });

  it('needs three round trips for one statement: begin with role and organization, the statement, commit', async () => {
    const counting = createStore({ connectionString: url, poolSize: 1 });
    await counting.withTenant('default', (tx) => tx.outbox.pending());
    let trips = 0;
    const original = Reflect.get(pg.Client.prototype, 'query') as (...args: unknown[]) => unknown;
    Reflect.set(pg.Client.prototype, 'query', function (this: pg.Client, ...args: unknown[]) {
      trips += 1;
      return original.apply(this, args);
    });
    // The pool's one connection was made before; only a new one takes the counting prototype.
    const fresh = createStore({ connectionString: url, poolSize: 1 });
    await fresh.withTenant('default', (tx) => tx.outbox.pending());
    trips = 0;
    await fresh.withTenant('default', (tx) => tx.outbox.pending());
    Reflect.set(pg.Client.prototype, 'query', original);
    expect(trips).toBe(3);
    await Promise.all([fresh.close(), counting.close()]);
  });

  it('hears of changes after the commit, by channel', async () => {
    const heard: (Notification & { channel: string })[] = [];
    const subscriptions = (['outbox', 'lines', 'resources'] as const).map((channel) =>
      store.subscribe(channel, (notification) => heard.push({ ...notification, channel })),
    );
    await Promise.all(subscriptions.map((each) => each.ready));
    await store.mutate('default', audit, (tx) => tx.resources.put(project('rolled-back')), { commitIf: () => false });
    const outcome = await store.mutate('default', audit, (tx) => tx.resources.put(project('heard')));
    if (outcome.outcome !== 'created') throw new Error(outcome.outcome);
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(3);
    expect(heard.find((each) => each.channel === 'resources')).toMatchObject({
      org: 'default',
      subject: 'Project',
      detail: outcome.record.uid,
    });
    expect(heard.find((each) => each.channel === 'outbox')).toMatchObject({
      org: 'default',
      subject: 'resource.changed',
    });
    expect(heard.find((each) => each.channel === 'lines')).toMatchObject({ org: 'default', subject: 'spec' });
    await Promise.all(subscriptions.map((each) => each.close()));
  });

  it('survives a restart of Postgres in the middle of work, loses nothing acknowledged, and listens again', async () => {
    let reconnected = 0;
    const heard: Notification[] = [];
    const subscription = store.subscribe(
      'resources',
      (notification) => heard.push(notification),
      () => (reconnected += 1),
    );
    await subscription.ready;
    const acknowledged: string[] = [];
    let going = true;
    let attempt = 0;
    const work = (async () => {
      while (going) {
        attempt += 1;
        const name = `restart-${attempt}`;
        await store
          .mutate('default', audit, (tx) => tx.resources.put(project(name)))
          .then(
            () => acknowledged.push(name),
            () => undefined,
          );
      }
    })();
    await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(5);
    await postgres.restart();
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 5);
    going = false;
    await work;
    const stored = await store.withTenant('default', (tx) => tx.resources.all(['Project']));
    const names = new Set(stored.map((each) => each.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    await expect.poll(() => reconnected, { timeout: 10_000 }).toBe(1);
    heard.length = 0;
    await store.mutate('default', audit, (tx) => tx.resources.put(project('after-restart')));
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(1);
    expect(events.map((each) => each.event)).toContain('connection-restored');
  });
});
