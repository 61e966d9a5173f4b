import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import type { Notification, Store, TenantTx } from '../index.js';

const postgres = await testPostgres();

postgres.suite('agents, tokens and people in Postgres', () => {
  let store: Store;
  let now = new Date('2026-01-01T00:00:00Z');
  beforeAll(async () => {
    ({ store } = await postgres.freshStore({ clock: { now: () => now } }));
  });
  afterAll(() => store.close());

  let count = 0;
  let cluster = '';
  beforeEach(() => {
    count += 1;
    cluster = `cluster-${count}`;
    now = new Date('2026-01-01T00:00:00Z');
  });
  const later = (ms: number) => new Date(now.getTime() + ms);
  const tenant = <T>(fn: (tx: TenantTx) => Promise<T>) => store.withTenant('default', fn);
  const connect = (clusterUid = 'uid', gatewayId = 'gw') =>
    tenant((tx) => tx.sessions.connect({ cluster, gatewayId, clusterUid, agentVersion: '1.0', address: '192.0.2.1' }));

  describe('sessions', () => {
    it('refuses a revoked identity, a quarantined one, and one of another cluster', async () => {
      await connect();
      expect(await connect('another-uid')).toEqual({ outcome: 'other-cluster', boundTo: 'uid' });
      await tenant((tx) => tx.sessions.quarantine(cluster, 'DuplicateIdentity'));
      expect(await connect()).toEqual({ outcome: 'quarantined', reason: 'DuplicateIdentity' });
      await tenant((tx) => tx.sessions.revoke(cluster));
      expect(await connect()).toEqual({ outcome: 'revoked' });
      await tenant((tx) => tx.sessions.reset(cluster));
      expect(await connect('another-uid')).toMatchObject({ outcome: 'connected' });
    });

    it('raises the session with each connect, also of ten at once, and only the newest is held', async () => {
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => connect()));
      const sessions = outcomes.map((each) => (each.outcome === 'connected' ? each.session : 0)).sort((a, b) => a - b);
      expect(sessions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await tenant((tx) => tx.sessions.hold(cluster, 9))).toBe(false);
      expect(await tenant((tx) => tx.sessions.hold(cluster, 10))).toBe(true);
    });

    it('lets no connect pass while a write of the session is under way', async () => {
      await connect();
      const order: string[] = [];
      await Promise.all([
        tenant(async (tx) => {
          expect(await tx.sessions.hold(cluster, 1)).toBe(true);
          order.push('held');
          await new Promise((resolve) => setTimeout(resolve, 200));
          order.push('written');
        }),
        new Promise((resolve) => setTimeout(resolve, 80)).then(() => connect()).then(() => order.push('taken over')),
      ]);
      expect(order).toEqual(['held', 'written', 'taken over']);
    });

    it('disconnects only the newest session, and tells which of many are fenced', async () => {
      await connect();
      await connect();
      expect(await tenant((tx) => tx.sessions.disconnect(cluster, 1))).toBe(false);
      expect(await tenant((tx) => tx.sessions.touch([{ cluster, session: 1 }]))).toEqual({ fenced: [cluster] });
      expect(await tenant((tx) => tx.sessions.touch([{ cluster, session: 2 }]))).toEqual({ fenced: [] });
      expect(await tenant((tx) => tx.sessions.disconnect(cluster, 2, 'bye'))).toBe(true);
      expect(await tenant((tx) => tx.sessions.get(cluster))).toMatchObject({
        connected: false,
        lastError: 'bye',
        session: 2,
      });
    });

    it('marks sessions of a gateway that went away, and leaves those of a live one', async () => {
      await tenant((tx) => tx.gateways.lease({ id: 'alive', address: 'a', ttlMs: 60_000 }));
      await tenant((tx) => tx.gateways.lease({ id: 'dead', address: 'b', ttlMs: -1 }));
      await connect('uid', 'alive');
      const kept = cluster;
      cluster = `${cluster}-orphan`;
      await connect('uid', 'dead');
      const reaped = await tenant((tx) => tx.gateways.reap());
      expect(reaped).toContain(cluster);
      expect(reaped).not.toContain(kept);
      expect((await tenant((tx) => tx.gateways.live())).map((each) => each.id)).toEqual(['alive']);
    });

    it('tells listeners when an identity is revoked', async () => {
      const heard: Notification[] = [];
      const subscription = store.subscribe('agents', (each) => heard.push(each));
      await subscription.ready;
      await tenant((tx) => tx.sessions.revoke(cluster));
      await expect
        .poll(() => heard, { timeout: 5_000 })
        .toContainEqual({ org: 'default', subject: cluster, detail: 'revoked' });
      await subscription.close();
    });
  });

  describe('enrolment tokens', () => {
    const create = () =>
      tenant((tx) => tx.enrolments.create({ cluster, secretHash: `hash-${count}`, expiresAt: later(900_000) }));
    const consume = (hash = `hash-${count}`) => tenant((tx) => tx.enrolments.consume(hash));

    it('refuses one that is unknown, expired to the millisecond, or used', async () => {
      expect(await consume('nothing')).toEqual({ outcome: 'unknown' });
      await create();
      now = later(900_000);
      expect(await consume()).toMatchObject({ outcome: 'expired', cluster });
      now = later(-1);
      expect(await consume()).toMatchObject({ outcome: 'ok', cluster });
      expect(await consume()).toMatchObject({ outcome: 'used', cluster });
    });

    it('gives exactly one of ten what it wants', async () => {
      await create();
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => consume()));
      expect(outcomes.filter((each) => each.outcome === 'ok')).toHaveLength(1);
    });

    it('is void once its cluster is revoked or quarantined, and one that is made afterwards is not', async () => {
      const tokenOf = (secretHash: string) =>
        tenant((tx) => tx.enrolments.create({ cluster, secretHash, expiresAt: later(900_000), renews: true }));
      await tokenOf(`before-quarantine-${count}`);
      await tenant((tx) => tx.sessions.quarantine(cluster, 'DuplicateIdentity'));
      expect(await consume(`before-quarantine-${count}`)).toMatchObject({ outcome: 'expired' });
      await tokenOf(`between-${count}`);
      await tenant((tx) => tx.sessions.quarantine(cluster, 'DuplicateIdentity again'));
      await tokenOf(`before-revocation-${count}`);
      expect(await consume(`between-${count}`)).toMatchObject({ outcome: 'ok' });
      await tenant((tx) => tx.sessions.revoke(cluster));
      expect(await consume(`before-revocation-${count}`)).toMatchObject({ outcome: 'expired' });
      await tokenOf(`after-${count}`);
      expect(await consume(`after-${count}`)).toMatchObject({ outcome: 'ok' });
    });

    it('leads to its organization by the hash', async () => {
      await create();
      expect(await store.system.organizationOfEnrolment(`hash-${count}`)).toBe('default');
    });
  });

  describe('manifests that are fetched by an id', () => {
    const sealed = new TextEncoder().encode('sealed');
    const idHash = (): string => `manifest-${count}`;
    const create = () =>
      tenant((tx) => tx.manifests.create({ cluster, idHash: idHash(), sealed, reads: 2, expiresAt: later(900_000) }));
    const take = (hash = idHash()) => tenant((tx) => tx.manifests.take(hash));
    const kept = () =>
      tenant(async (tx) => {
        const outcome = await tx.manifests.take(idHash());
        return outcome.outcome;
      });

    it('refuses one that is unknown, expired to the millisecond, or fetched as often as it may be', async () => {
      expect(await take('nothing')).toEqual({ outcome: 'unknown' });
      await create();
      now = later(900_000);
      expect(await take()).toEqual({ outcome: 'expired', cluster });
      now = later(-1);
      expect(await take()).toEqual({ outcome: 'ok', cluster, sealed, readsLeft: 1 });
      expect(await take()).toEqual({ outcome: 'ok', cluster, sealed, readsLeft: 0 });
      expect(await take()).toEqual({ outcome: 'used', cluster });
    });

    it('gives it to two of ten that ask at once', async () => {
      await create();
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => take()));
      expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(2);
      expect(outcomes.filter(({ outcome }) => outcome === 'used')).toHaveLength(8);
    });

    it('forgets an expired one a week later, when the next is made', async () => {
      await create();
      const hash = idHash();
      now = later(900_000 + 7 * 86_400_000);
      count += 1;
      await create();
      expect(await take(hash)).toEqual({ outcome: 'expired', cluster });
      now = later(1);
      count += 1;
      await create();
      expect(await take(hash)).toEqual({ outcome: 'unknown' });
      expect(await kept()).toBe('ok');
    });

    it('leads to its organization by the hash', async () => {
      await create();
      expect(await store.system.organizationOfManifest(idHash())).toBe('default');
    });
  });

  describe('certificates', () => {
    const issue = (serial: string) =>
      tenant((tx) =>
        tx.certificates.issue({ serial: `${count}-${serial}`, cluster, notBefore: now, notAfter: later(86_400_000) }),
      );
    const present = (serial: string) => tenant((tx) => tx.certificates.present(`${count}-${serial}`));

    it('refuses one that nobody issued', async () => {
      expect(await present('x')).toEqual({ outcome: 'unknown' });
    });

    it('keeps the old one usable until the new one is first used, and tells a retired one afterwards', async () => {
      await issue('1');
      expect(await present('1')).toEqual({ outcome: 'ok', cluster, newest: true });
      await issue('2');
      expect(await present('1')).toEqual({ outcome: 'ok', cluster, newest: false });
      expect(await present('2')).toEqual({ outcome: 'ok', cluster, newest: true });
      expect(await present('1')).toEqual({ outcome: 'retired', cluster });
    });

    it('retires also those that were issued and lost on the way', async () => {
      await issue('1');
      await issue('2');
      await issue('3');
      await present('3');
      expect(await present('2')).toEqual({ outcome: 'retired', cluster });
      const states = (await tenant((tx) => tx.certificates.ofCluster(cluster))).map((each) => each.state);
      expect(states).toEqual(['ACTIVE', 'RETIRED', 'RETIRED']);
    });

    it('revokes all of a cluster with its identity', async () => {
      await issue('1');
      await issue('2');
      await tenant((tx) => tx.sessions.revoke(cluster));
      expect(await present('2')).toEqual({ outcome: 'revoked', cluster });
    });
  });

  describe('held deletions', () => {
    const hold = (items: string[], setHash: string) =>
      tenant((tx) => tx.holds.hold({ cluster, kind: 'INTAKE', setHash, items }));

    it('lets an approval lapse when the set changes', async () => {
      const first = await hold(['b', 'a'], 'h1');
      expect(first.items).toEqual(['a', 'b']);
      expect(await tenant((tx) => tx.holds.approve(first.id, 'other', 'user:ada'))).toMatchObject({
        outcome: 'changed',
      });
      expect(await tenant((tx) => tx.holds.approve('nothing', 'h1', 'user:ada'))).toEqual({ outcome: 'absent' });
      expect(await tenant((tx) => tx.holds.approve(first.id, 'h1', 'user:ada'))).toMatchObject({ outcome: 'approved' });
      expect(await hold(['a', 'b'], 'h1')).toMatchObject({ id: first.id, approvedBy: 'user:ada' });
      expect(await hold(['a', 'b', 'c'], 'h2')).toMatchObject({
        id: first.id,
        approvedBy: undefined,
        approvedAt: undefined,
      });
      expect(await tenant((tx) => tx.holds.clear(cluster, 'INTAKE'))).toBe(true);
      expect(await tenant((tx) => tx.holds.list({ cluster }))).toEqual([]);
    });

    it('keeps the first approval, and says that there was one', async () => {
      const { id } = await hold(['a'], 'h1');
      await tenant((tx) => tx.holds.approve(id, 'h1', 'user:ada'));
      expect(await tenant((tx) => tx.holds.approve(id, 'h1', 'user:bob'))).toMatchObject({
        outcome: 'already',
        record: { approvedBy: 'user:ada' },
      });
    });

    it('counts the whole set, also where only a part is listed', async () => {
      const input = { cluster, kind: 'PRUNE' as const, gns: 'g', setHash: 'h1', items: ['a'] };
      expect(await tenant((tx) => tx.holds.hold(input))).toMatchObject({ count: 1 });
      expect(await tenant((tx) => tx.holds.hold({ ...input, setHash: 'h2', count: 360 }))).toMatchObject({
        count: 360,
      });
    });

    it('holds members that leave for a global namespace, in no cluster', async () => {
      const input = { cluster: '', kind: 'DRAIN' as const, gns: `g-${cluster}`, setHash: 'h', items: ['a'] };
      const { id } = await tenant((tx) => tx.holds.hold(input));
      expect(await tenant((tx) => tx.holds.list({ gns: input.gns, cluster: '', kind: 'DRAIN' }))).toMatchObject([
        { id },
      ]);
      expect(await tenant((tx) => tx.holds.list({ gns: input.gns, kind: 'PRUNE' }))).toEqual([]);
      await tenant((tx) => tx.holds.approve(id, 'h', 'user:ada'));
      const rows = await tenant((tx) => tx.outbox.claim({ limit: 100, leaseMs: 0, topics: ['hold.approved'] }));
      expect(rows.find(({ subject }) => subject === id)?.ids).toMatchObject({ kind: 'DRAIN', gns: input.gns });
    });
  });

  describe('decided removals', () => {
    it('are kept by host and cause, and only those that are named are dropped', async () => {
      const gns = `g-${cluster}`;
      const about = { host: 'a', decidedBy: 'rules', decidedAt: now, catalogSeq: 3, open: true };
      const [rules, observed] = [
        { ...about, cause: 'RULES' as const },
        { ...about, cause: 'OBSERVED' as const },
      ];
      await tenant((tx) => tx.removals.put(gns, [rules, observed]));
      await tenant((tx) => tx.removals.put(gns, [{ ...rules, catalogSeq: 4, open: false }]));
      expect(await tenant((tx) => tx.removals.list(gns))).toEqual([
        { gns, ...observed },
        { gns, ...rules, catalogSeq: 4, open: false },
      ]);
      await tenant((tx) => tx.removals.drop(gns, [{ host: 'a', cause: 'RULES' }]));
      expect(await tenant((tx) => tx.removals.list(gns))).toEqual([{ gns, ...observed }]);
      expect(await tenant((tx) => tx.removals.list('other'))).toEqual([]);
    });
  });

  describe('API tokens', () => {
    const create = (hash: string, expiresAt?: Date) =>
      tenant((tx) => tx.tokens.create({ prefix: 'isth_ab', hash, name: 'ci', role: 'admin', expiresAt }));

    it('refuses one that is unknown, expired or revoked', async () => {
      expect(await store.secrets.token('nothing')).toBeUndefined();
      await create(`t-${count}`, later(1));
      now = later(1);
      expect(await store.secrets.token(`t-${count}`)).toBeUndefined();
      expect(await tenant((tx) => tx.tokens.isLive(`t-${count}`))).toBe(false);
      const { id } = await create(`u-${count}`);
      expect((await tenant((tx) => tx.tokens.revoke(id))).map((one) => one.id)).toEqual([id]);
      expect(await tenant((tx) => tx.tokens.revoke(id))).toEqual([]);
      expect(await store.secrets.token(`u-${count}`)).toBeUndefined();
      expect(await tenant((tx) => tx.tokens.isLive(`u-${count}`))).toBe(false);
    });

    it('finds the organization and what is granted, by the hash alone', async () => {
      const { id } = await create(`w-${count}`);
      const scope = { kind: 'ORGANIZATION' as const, name: '' };
      const binding = { subject: { kind: 'TOKEN' as const, id }, role: 'Viewer', scope, createdBy: 'user:ada' };
      await tenant((tx) => tx.roleBindings.put({ ...binding, expiresAt: undefined }));
      await tenant((tx) => tx.roleBindings.put({ ...binding, subject: { kind: 'USER', id }, expiresAt: undefined }));
      const found = await store.secrets.token(`w-${count}`);
      expect(found).toMatchObject({ org: 'default', token: { id }, access: { bindings: [{ role: 'Viewer' }] } });
      expect(found?.access.bindings).toHaveLength(1);
      expect(await tenant((tx) => tx.tokens.isLive(`w-${count}`))).toBe(true);
    });

    it('is due to have its use noted at most once a minute', async () => {
      const { id } = await create(`v-${count}`);
      const isDue = async () => (await store.secrets.token(`v-${count}`))?.isUseDue;
      expect(await isDue()).toBe(true);
      await tenant((tx) => tx.tokens.noteUse(id));
      expect((await tenant((tx) => tx.tokens.list())).at(-1)?.lastUsedAt).toEqual(now);
      expect(await isDue()).toBe(false);
      now = later(59_999);
      expect(await isDue()).toBe(false);
      now = later(1);
      expect(await isDue()).toBe(true);
    });
  });

  describe('idempotency keys', () => {
    const once = (key: string, requestHash: string, fail = false) =>
      tenant(async (tx) => {
        const begun = await tx.idempotency.begin({ actor: 'user:ada', key, requestHash });
        if (begun.outcome !== 'new') return begun;
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (fail) throw new Error('failed');
        await tx.idempotency.finish({ actor: 'user:ada', key, response: { made: key } });
        return begun;
      });

    it('refuses a key with another request, and forgets one whose work failed', async () => {
      await expect(once('k1', 'r1', true)).rejects.toThrow('failed');
      expect(await once('k1', 'r1')).toEqual({ outcome: 'new' });
      expect(await once('k1', 'r2')).toEqual({ outcome: 'mismatch' });
    });

    it('does the work once, though five ask at once', async () => {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => once('k2', 'r1')));
      expect(outcomes.filter((each) => each.outcome === 'new')).toHaveLength(1);
      expect(outcomes.filter((each) => each.outcome === 'replay')).toHaveLength(4);
      expect(outcomes.find((each) => each.outcome === 'replay')).toEqual({
        outcome: 'replay',
        response: { made: 'k2' },
      });
    });
  });

  describe('the outbox', () => {
    const add = (subject: string) => tenant((tx) => tx.outbox.add({ topic: 'members.due', subject }));
    const claim = (leaseMs = 60_000, limit = 100) =>
      tenant((tx) => tx.outbox.claim({ limit, leaseMs, topics: ['members.due'] }));

    it('folds what waits, and not what is claimed', async () => {
      await add('a');
      await add('a');
      const first = await claim();
      expect(first.map((row) => row.subject)).toEqual(['a']);
      await add('a');
      const second = await claim();
      expect(second.map((row) => row.subject)).toEqual(['a']);
      await tenant((tx) => tx.outbox.finish([...first, ...second].map((row) => row.id)));
      expect(await claim()).toEqual([]);
    });

    it('gives the rows of a lease that ran out to the next, with the attempts counted', async () => {
      await add('b');
      expect(await claim(-1)).toMatchObject([{ subject: 'b', attempts: 1 }]);
      const again = await claim();
      expect(again).toMatchObject([{ subject: 'b', attempts: 2 }]);
      await tenant((tx) => tx.outbox.release(again.map((row) => row.id)));
      const third = await claim();
      expect(third).toMatchObject([{ subject: 'b', attempts: 3 }]);
      await tenant((tx) => tx.outbox.release([third[0]?.id ?? ''], { delayMs: 60_000 }));
      expect(await claim()).toEqual([]);
      await tenant((tx) => tx.outbox.finish(third.map((row) => row.id)));
    });

    it('never gives a row to two of many claimers', async () => {
      await tenant(async (tx) => {
        for (let index = 0; index < 50; index += 1)
          await tx.outbox.add({ topic: 'members.due', subject: `many-${index}` });
      });
      const claims = await Promise.all(Array.from({ length: 8 }, () => claim(60_000, 10)));
      const subjects = claims.flat().map((row) => row.subject);
      expect(new Set(subjects).size).toBe(subjects.length);
      expect(subjects.length).toBe(50);
      await tenant((tx) => tx.outbox.finish(claims.flat().map((row) => row.id)));
      expect(await tenant((tx) => tx.outbox.prune(new Date(Date.now() + 60_000)))).toBeGreaterThanOrEqual(50);
    });

    it('never loses a change that comes while its row is being claimed', async () => {
      await add('race');
      const seen: string[] = [];
      await Promise.all([
        tenant(async (tx) => {
          await tx.outbox.add({ topic: 'members.due', subject: 'race' });
          await new Promise((resolve) => setTimeout(resolve, 150));
          seen.push('changed');
        }),
        new Promise((resolve) => setTimeout(resolve, 50)).then(async () => {
          for (;;) {
            const rows = await claim();
            if (rows.length > 0) return void seen.push('claimed');
          }
        }),
      ]);
      expect(seen.at(-1)).toBe('claimed');
    });

    it('takes all work about a subject, leased or not, and nothing of another one', async () => {
      await add('taken');
      const [leased] = await claim();
      await add('taken');
      await add('left');
      const take = () => tenant((tx) => tx.outbox.take({ topics: ['members.due'], subject: 'taken', leaseMs: 60_000 }));
      const taken = await take();
      expect(taken).toHaveLength(2);
      expect(taken).toContain(leased?.id);
      const left = await claim();
      expect(left.map((row) => row.subject)).toEqual(['left']);
      await tenant((tx) => tx.outbox.finish([...taken, ...left.map((row) => row.id)]));
      expect(await take()).toEqual([]);
    });

    it('names the organizations that have work', async () => {
      await add('c');
      expect(await store.system.organizationsWithWork()).toEqual(['default']);
    });
  });

  describe('signals', () => {
    it('keeps one row per cluster and minute, and refuses fenced sessions', async () => {
      const outcome = await connect();
      if (outcome.outcome !== 'connected') throw new Error(outcome.outcome);
      const from = { cluster, session: outcome.session };
      const minute = new Date('2026-01-01T00:05:00Z');
      const gns = `gns-${count}`;
      const write = (session: number, good: number) =>
        tenant((tx) =>
          tx.signals.write({ cluster, session }, [
            { gns, minute: new Date(minute.getTime() + 30_000), body: { good } },
          ]),
        );
      expect(await write(from.session - 1, 0)).toBe('fenced');
      expect(await write(from.session, 1)).toBe('written');
      expect(await write(from.session, 2)).toBe('written');
      const range = (from_: Date, to: Date) => tenant((tx) => tx.signals.range(gns, from_, to));
      expect(await range(minute, new Date(minute.getTime() + 1))).toEqual([
        { cluster, gns, minute, body: { good: 2 } },
      ]);
      expect(await range(new Date(minute.getTime() - 60_000), minute)).toEqual([]);
      expect(await tenant((tx) => tx.signals.latest(gns))).toHaveLength(1);
    });
  });

  it('raises the epoch by one', async () => {
    const epoch = await store.system.epoch();
    expect(await store.system.raiseEpoch()).toBe(epoch + 1);
    expect(await store.system.epoch()).toBe(epoch + 1);
  });
});
