import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import type { AppliedReport, Store, TargetMove, TenantTx } from '../index.js';

const postgres = await testPostgres();
const root = (digit: string) => digit.repeat(64);

postgres.suite('pointers, members and inventory in Postgres', () => {
  let store: Store;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
  });
  afterAll(() => store.close());

  let count = 0;
  let gns = '';
  let cluster = '';
  beforeEach(() => {
    count += 1;
    gns = `gns-${count}`;
    cluster = `cluster-${count}`;
  });
  const tenant = <T>(fn: (tx: TenantTx) => Promise<T>) => store.withTenant('default', fn);
  const connect = async (name = cluster) => {
    const hello = {
      cluster: name,
      gatewayId: 'gw',
      clusterUid: `uid-${name}`,
      agentVersion: '1',
      address: '127.0.0.1',
    };
    const outcome = await tenant((tx) => tx.sessions.connect(hello));
    if (outcome.outcome !== 'connected') throw new Error(outcome.outcome);
    return { cluster: name, session: outcome.session };
  };

  const move = (
    expectedSeq: number,
    next: { epoch?: number; seq: number; root?: string },
    more: Partial<TargetMove> = {},
  ) =>
    tenant((tx) =>
      tx.targets.move([
        {
          cluster,
          gns,
          expectedSeq,
          next: { epoch: 1, root: root('a'), ...next },
          state: 'ACTIVE',
          minCatalogSeq: 0,
          statement: '{}',
          signature: 'c2ln',
          ...more,
        },
      ]),
    );

  describe('targets', () => {
    it('refuses a move from a seq that is not the current one, and shows the current one', async () => {
      await move(0, { seq: 1 });
      const outcome = await move(0, { seq: 2 });
      expect(outcome).toMatchObject({
        moved: [],
        conflicts: [{ cluster, gns, current: { ref: { epoch: 1, seq: 1 } } }],
      });
      expect(await move(7, { seq: 8 })).toMatchObject({ moved: [] });
    });

    it('refuses a pair that does not grow: the same, a smaller one, a smaller epoch with a higher seq', async () => {
      await move(0, { epoch: 2, seq: 5 });
      expect((await move(5, { epoch: 2, seq: 5, root: root('b') })).moved).toEqual([]);
      expect((await move(5, { epoch: 2, seq: 4 })).moved).toEqual([]);
      expect((await move(5, { epoch: 1, seq: 9 })).moved).toEqual([]);
      expect(await tenant((tx) => tx.targets.get(cluster, gns))).toMatchObject({
        ref: { epoch: 2, seq: 5, root: root('a') },
      });
    });

    it('knows the last 32 trees before the one of now as given, to that cluster and on that line alone', async () => {
      const roots = Array.from({ length: 34 }, (_, at) => at.toString(16).padStart(64, '0'));
      for (const [at, tree] of roots.entries()) await move(at, { seq: at + 1, root: tree });
      const trees = roots.map((tree) => ({ gns, line: 'policy' as const, root: tree }));
      expect(await tenant((tx) => tx.targets.given(cluster, trees))).toEqual(trees.slice(1));
      expect(await tenant((tx) => tx.targets.given('other', trees))).toEqual([]);
      const elsewhere = trees.flatMap((tree) => [
        { ...tree, line: 'catalog' as const },
        { ...tree, gns: 'other' },
      ]);
      expect(await tenant((tx) => tx.targets.given(cluster, elsewhere))).toEqual([]);
      expect(await tenant((tx) => tx.targets.given(cluster, []))).toEqual([]);
    });

    it('knows the thousand newest catalogs as given to clusters that follow them, and to no others', async () => {
      const publish = (tx: TenantTx, seq: number, tree: string) =>
        tx.heads.publishCatalog({
          ...{ gns, expectedSeq: seq - 1, next: { epoch: 1, seq, root: tree }, statement: '{}', signature: 'c2ln' },
          ...{ inventoryVersion: 0, issues: [] },
        });
      await tenant((tx) => publish(tx, 1, root('b')));
      await tenant((tx) => publish(tx, 2, root('c')));
      const trees = ['a', 'b', 'c'].map((digit) => ({ gns, line: 'catalog' as const, root: root(digit) }));
      expect(await tenant((tx) => tx.targets.given(cluster, trees))).toEqual([]);
      await move(0, { seq: 1 });
      expect(await tenant((tx) => tx.targets.given(cluster, trees))).toEqual(trees.slice(1));
      await tenant(async (tx) => {
        for (let seq = 3; seq <= 1001; seq += 1) await publish(tx, seq, root('d'));
      });
      expect(await tenant((tx) => tx.targets.given(cluster, trees))).toEqual(trees.slice(2));
      await move(1, { seq: 2, root: root('e') }, { state: 'LEAVING' });
      await tenant((tx) => tx.targets.close(cluster, gns, 2));
      expect(await tenant((tx) => tx.targets.given(cluster, trees))).toEqual([]);
    });

    it('takes a higher epoch with a lower seq', async () => {
      await move(0, { epoch: 1, seq: 5 });
      expect((await move(5, { epoch: 2, seq: 1 })).moved).toEqual([{ cluster, gns, seq: 1 }]);
    });

    it('lets one of many movers win', async () => {
      await move(0, { seq: 1 });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => move(1, { seq: 2 })));
      expect(outcomes.filter((each) => each.moved.length === 1)).toHaveLength(1);
      expect(outcomes.filter((each) => each.conflicts.length === 1)).toHaveLength(9);
    });

    it('rolls back to an older root with a higher seq', async () => {
      await move(0, { seq: 1, root: root('a') });
      await move(1, { seq: 2, root: root('b') });
      expect((await move(2, { seq: 3, root: root('a') }, { revision: 1 })).moved).toHaveLength(1);
      expect(await tenant((tx) => tx.targets.get(cluster, gns))).toMatchObject({
        revision: 1,
        ref: { seq: 3, root: root('a') },
      });
    });

    it('closes only what leaves, and only with the seq that was confirmed', async () => {
      await move(0, { seq: 1 });
      expect(await tenant((tx) => tx.targets.close(cluster, gns, 1))).toBe(false);
      await move(1, { seq: 2 }, { state: 'LEAVING' });
      expect(await tenant((tx) => tx.targets.close(cluster, gns, 1))).toBe(false);
      expect(await tenant((tx) => tx.targets.close(cluster, gns, 2))).toBe(true);
      expect(await tenant((tx) => tx.targets.close(cluster, gns, 2))).toBe(false);
    });

    it('answers a poller everything that changed since, though transactions overlap', async () => {
      const since = Math.max(
        0,
        ...(await tenant((tx) => tx.targets.changedSince(0, 100_000))).map((each) => each.version),
      );
      const seen = new Set<string>();
      let version = since;
      let going = true;
      const poller = (async () => {
        while (going || seen.size < 40) {
          for (const target of await tenant((tx) => tx.targets.changedSince(version, 1000))) {
            seen.add(target.cluster);
            version = Math.max(version, target.version);
          }
        }
      })();
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => {
          const next = { epoch: 1, seq: 1, root: root('a') };
          const common = {
            gns,
            expectedSeq: 0,
            next,
            state: 'ACTIVE' as const,
            minCatalogSeq: 0,
            statement: '',
            signature: '',
          };
          return tenant((tx) => tx.targets.move([{ ...common, cluster: `polled-${index}` }]));
        }),
      );
      going = false;
      await poller;
      expect(seen.size).toBe(40);
    });

    it('moves a thousand targets in one go', async () => {
      const moves = Array.from({ length: 1_000 }, (_, index) => ({
        cluster: `many-${index}`,
        gns,
        expectedSeq: 0,
        next: { epoch: 1, seq: 1, root: root('a') },
        state: 'ACTIVE' as const,
        minCatalogSeq: 0,
        statement: 'x'.repeat(300),
        signature: 'y'.repeat(88),
      }));
      expect((await tenant((tx) => tx.targets.move(moves))).moved).toHaveLength(1_000);
      expect(await tenant((tx) => tx.targets.ofGns(gns))).toHaveLength(1_000);
    });
  });

  describe('acknowledgements', () => {
    const report = (seq: number, more: Partial<AppliedReport> = {}): AppliedReport => ({
      gns,
      line: 'policy',
      ref: { epoch: 1, seq, root: root('a') },
      objectCount: 3,
      issues: [{ severity: 'ERROR' }, { severity: 'WARNING' }, { severity: 'WARNING' }],
      ...more,
    });
    const applied = () => tenant((tx) => tx.targets.applied({ cluster }));
    beforeEach(async () => {
      await move(0, { seq: 1 });
    });

    it('writes nothing of a global namespace that was never meant for the cluster', async () => {
      const from = await connect();
      const reports = [report(1, { gns: `${gns}-of-others` }), report(1)];
      expect(await tenant((tx) => tx.targets.acknowledge(from, reports))).toBe('written');
      expect((await applied()).map((each) => each.gns)).toEqual([gns]);
    });

    it('writes nothing for a session that is no longer the newest', async () => {
      const old = await connect();
      const current = await connect();
      expect(await tenant((tx) => tx.targets.acknowledge(old, [report(1)]))).toBe('fenced');
      expect(await applied()).toEqual([]);
      expect(await tenant((tx) => tx.targets.acknowledge(current, [report(1)]))).toBe('written');
    });

    it('writes nothing for a cluster that is quarantined or revoked', async () => {
      const from = await connect();
      await tenant((tx) => tx.sessions.quarantine(cluster, 'DuplicateIdentity'));
      expect(await tenant((tx) => tx.targets.acknowledge(from, [report(1)]))).toBe('fenced');
    });

    it('never goes back to an older pair, and takes a newer report of the same pair', async () => {
      const from = await connect();
      await tenant((tx) => tx.targets.acknowledge(from, [report(5)]));
      await tenant((tx) => tx.targets.acknowledge(from, [report(4, { objectCount: 99 })]));
      expect(await applied()).toMatchObject([{ ref: { seq: 5 }, objectCount: 3, errorCount: 1, warningCount: 2 }]);
      await tenant((tx) => tx.targets.acknowledge(from, [report(5, { objectCount: 4, issues: [] })]));
      expect(await applied()).toMatchObject([{ ref: { seq: 5 }, objectCount: 4, errorCount: 0 }]);
    });

    it('takes the newest of several reports of one line in a batch, in whatever order they stand', async () => {
      const from = await connect();
      await tenant((tx) =>
        tx.targets.acknowledge(from, [report(2), report(3), report(1), report(1, { line: 'catalog' })]),
      );
      expect((await applied()).map((each) => [each.line, each.ref.seq])).toEqual([
        ['catalog', 1],
        ['policy', 3],
      ]);
    });

    it('writes those of several clusters together, except those that newer sessions speak for', async () => {
      const old = await connect();
      const current = await connect();
      const other = await connect('other');
      await move(0, { seq: 1 }, { cluster: 'other' });
      const ofOther = { from: other, reports: [report(7), report(8, { line: 'catalog' })] };
      const fenced = await tenant((tx) => tx.targets.acknowledgeAll([{ from: old, reports: [report(9)] }, ofOther]));
      expect([...fenced]).toEqual([cluster]);
      expect(await applied()).toEqual([]);
      const both = [ofOther, { from: current, reports: [report(1)] }];
      expect(await tenant((tx) => tx.targets.acknowledgeAll(both))).toEqual(new Set());
      const rows = await tenant((tx) => tx.targets.applied({ gns }));
      expect(rows.map((each) => [each.cluster, each.line, each.ref.seq]).sort()).toEqual(
        [
          [cluster, 'policy', 1],
          ['other', 'catalog', 8],
          ['other', 'policy', 7],
        ].sort(),
      );
    });

    it('asks for work once per cluster', async () => {
      const from = await connect();
      await tenant((tx) => tx.targets.acknowledge(from, [report(1)]));
      await tenant((tx) => tx.targets.acknowledge(from, [report(2)]));
      const work = await tenant((tx) =>
        tx.outbox.claim({ limit: 1_000, leaseMs: 60_000, topics: ['applied.changed'] }),
      );
      expect(work.filter((row) => row.subject === cluster)).toHaveLength(1);
    });
  });

  describe('heads', () => {
    const policy = (specVersion: number, digit: string, compilerVersion = 1) =>
      tenant((tx) => tx.heads.publishPolicy({ gns, root: root(digit), compilerVersion, specVersion, issues: [] }));
    const catalog = (expectedSeq: number, seq: number, epoch = 1) =>
      tenant((tx) =>
        tx.heads.publishCatalog({
          gns,
          expectedSeq,
          next: { epoch, seq, root: root('c') },
          statement: 's',
          signature: 'g',
          inventoryVersion: seq,
          issues: [],
        }),
      );

    it('refuses to publish what was compiled from older specs', async () => {
      await policy(7, 'a');
      expect(await policy(6, 'b')).toMatchObject({
        outcome: 'stale',
        current: { specVersion: 7, policyRoot: root('a') },
      });
    });

    it('makes no revision when the tree is the same, and one when tree or compiler differ', async () => {
      expect(await policy(1, 'a')).toEqual({ outcome: 'published', revision: 1 });
      expect(await policy(2, 'a')).toEqual({ outcome: 'same', revision: 1 });
      expect(await policy(3, 'b')).toEqual({ outcome: 'published', revision: 2 });
      expect(await policy(3, 'b', 2)).toEqual({ outcome: 'published', revision: 3 });
      const revisions = await tenant((tx) => tx.revisions.list(gns, { first: 2 }));
      expect(revisions.items.map(({ record }) => record.number)).toEqual([3, 2]);
      expect(revisions.hasNextPage).toBe(true);
      const rest = await tenant((tx) => tx.revisions.list(gns, { first: 2, after: revisions.items[1]?.cursor }));
      expect(rest.items.map(({ record }) => record.number)).toEqual([1]);
    });

    it('moves the catalog by compare-and-set, upwards only', async () => {
      expect(await catalog(0, 1)).toEqual({ outcome: 'moved' });
      expect(await catalog(0, 2)).toMatchObject({ outcome: 'conflict', current: { catalogSeq: 1 } });
      expect(await catalog(1, 1)).toMatchObject({ outcome: 'conflict' });
      expect(await catalog(1, 1, 2)).toEqual({ outcome: 'moved' });
      expect(await tenant((tx) => tx.heads.get(gns))).toMatchObject({
        catalogEpoch: 2,
        catalogSeq: 1,
        inventoryVersion: 1,
      });
    });

    it('lets one compiler of a GNS work at a time', async () => {
      const order: string[] = [];
      const compile = (name: string) =>
        tenant(async (tx) => {
          const head = await tx.heads.lock(gns);
          order.push(`${name} in`);
          await tx.heads.publishPolicy({
            gns,
            root: root(name),
            compilerVersion: 1,
            specVersion: head.specVersion + 1,
            issues: [],
          });
          order.push(`${name} out`);
        });
      await Promise.all([compile('a'), compile('b'), compile('c')]);
      expect(order.map((each) => each.split(' ')[1])).toEqual(['in', 'out', 'in', 'out', 'in', 'out']);
      expect((await tenant((tx) => tx.heads.get(gns)))?.policyRevision).toBe(3);
    });

    it('names every root that is still in use', async () => {
      await policy(1, 'd');
      await policy(2, 'e');
      await catalog(0, 1);
      const roots = await tenant((tx) => tx.targets.liveRoots());
      expect(roots).toEqual(expect.arrayContaining([root('c'), root('d'), root('e')]));
    });
  });

  describe('objects', () => {
    it('stores what is missing, once, and tells what is not there', async () => {
      const bytes = new Uint8Array([0, 255, 1, 2]);
      const hash = root('7');
      expect(await tenant((tx) => tx.objects.missing([hash, root('8')]))).toEqual([hash, root('8')]);
      await tenant((tx) => tx.objects.put([{ hash, kind: 'blob', bytes }]));
      await tenant((tx) => tx.objects.put([{ hash, kind: 'blob', bytes }]));
      expect(await tenant((tx) => tx.objects.missing([hash, root('8')]))).toEqual([root('8')]);
      const found = await tenant((tx) => tx.objects.get([hash, root('8')]));
      expect([...found.keys()]).toEqual([hash]);
      expect(Uint8Array.from(found.get(hash)?.bytes ?? [])).toEqual(bytes);
    });

    it('never collects what was touched in the meantime', async () => {
      const hash = root('9');
      await tenant((tx) => tx.objects.put([{ hash, kind: 'blob', bytes: new Uint8Array([1]) }]));
      const past = new Date(Date.now() - 3_600_000);
      const future = new Date(Date.now() + 3_600_000);
      expect(await tenant((tx) => tx.objects.collect([hash], past))).toBe(0);
      expect(await tenant((tx) => tx.objects.untouchedSince(future, { limit: 1_000 }))).toContain(hash);
      expect(await tenant((tx) => tx.objects.collect([hash], future))).toBe(1);
    });

    it('stores thousands at once, some of them twice', async () => {
      const objects = Array.from({ length: 2_500 }, (_, index) => ({
        hash: index.toString(16).padStart(64, '0'),
        kind: 'blob',
        bytes: new TextEncoder().encode(String(index)),
      }));
      await tenant((tx) => tx.objects.put([...objects, ...objects.slice(0, 500)]));
      expect((await tenant((tx) => tx.objects.get(objects.map((each) => each.hash)))).size).toBe(2_500);
    });
  });

  describe('members', () => {
    const key = () => ({ host: 'reviews.books', cluster, namespace: 'shop', service: 'reviews' });

    it('refuses a transition of a state that somebody else moved', async () => {
      const add = { ...key(), expectedVersion: 0, next: 'wanted' as const, enteredSeq: 1 };
      expect(await tenant((tx) => tx.members.apply(gns, [add]))).toEqual({ applied: 1, conflicts: [] });
      expect(await tenant((tx) => tx.members.apply(gns, [add]))).toEqual({ applied: 0, conflicts: [key()] });
      const serve = { ...key(), expectedVersion: 1, next: 'served' as const, enteredSeq: 2 };
      expect((await tenant((tx) => tx.members.apply(gns, [serve]))).applied).toBe(1);
      expect(await tenant((tx) => tx.members.apply(gns, [serve]))).toEqual({ applied: 0, conflicts: [key()] });
      const gone = { ...key(), expectedVersion: 1, next: 'gone' as const, enteredSeq: 3 };
      expect((await tenant((tx) => tx.members.apply(gns, [gone]))).applied).toBe(0);
      expect((await tenant((tx) => tx.members.apply(gns, [{ ...gone, expectedVersion: 2 }]))).applied).toBe(1);
      expect(await tenant((tx) => tx.members.list(gns))).toEqual([]);
    });

    it('answers the GNSs whose members are due, not those of later', async () => {
      const drain = (dueAt: Date, host: string) => ({
        ...key(),
        host,
        expectedVersion: 0,
        next: 'draining' as const,
        enteredSeq: 1,
        dueAt,
      });
      await tenant((tx) => tx.members.apply(gns, [drain(new Date(Date.now() + 60_000), 'later')]));
      expect(await tenant((tx) => tx.members.dueGns(10))).not.toContain(gns);
      await tenant((tx) => tx.members.apply(gns, [drain(new Date(Date.now() - 1_000), 'now')]));
      expect(await tenant((tx) => tx.members.dueGns(10))).toContain(gns);
    });
  });

  describe('members of several GNSs', () => {
    const key = (service: string) => ({ host: `${service}.x`, cluster, namespace: 'shop', service });
    const add = (name: string, service: string, next: 'wanted' | 'served') =>
      tenant((tx) => tx.members.apply(name, [{ ...key(service), expectedVersion: 0, next, enteredSeq: 1 }]));

    it('tells who else holds a service, and nothing of those that are free or ours', async () => {
      await add(gns, 'mine', 'served');
      await add(`${gns}-other`, 'theirs', 'served');
      const services = ['mine', 'theirs', 'free'].map((service) => ({ cluster, namespace: 'shop', service }));
      expect(await tenant((tx) => tx.members.heldElsewhere(gns, services))).toEqual([
        { cluster, namespace: 'shop', service: 'theirs', state: 'served', gns: `${gns}-other` },
      ]);
      expect(await tenant((tx) => tx.members.heldElsewhere(gns, []))).toEqual([]);
    });

    it('tells which GNSs have members on their way', async () => {
      await add(gns, 'settled', 'served');
      await add(`${gns}-moving`, 'moving', 'wanted');
      expect(await tenant((tx) => tx.members.unsettledGns([gns, `${gns}-moving`]))).toEqual([`${gns}-moving`]);
    });
  });

  describe('VIPs and port contracts', () => {
    it('never gives an address twice, and never moves one', async () => {
      const base = `10.${count}.0.`;
      const allocate = (name: string, host: string, last: number) =>
        tenant((tx) => tx.vips.allocate(name, [{ host, address: `${base}${last}` }]));
      expect(await allocate(gns, 'a', 1)).toEqual({ refused: [] });
      expect(await allocate(gns, 'a', 1)).toEqual({ refused: [] });
      expect(await allocate(gns, 'a', 2)).toEqual({ refused: [{ host: 'a', address: `${base}2` }] });
      expect(await allocate('other-gns', 'b', 1)).toEqual({ refused: [{ host: 'b', address: `${base}1` }] });
    });

    it('frees an address only when it was released before the time given, and takes releases back', async () => {
      const address = `10.${count}.1.1`;
      await tenant((tx) => tx.vips.allocate(gns, [{ host: 'a', address }]));
      await tenant((tx) => tx.vips.release(gns, ['a']));
      await tenant((tx) => tx.vips.free(new Date(Date.now() - 60_000)));
      expect(await tenant((tx) => tx.vips.list(gns))).toHaveLength(1);
      await tenant((tx) => tx.vips.reclaim(gns, ['a']));
      await tenant((tx) => tx.vips.free(new Date(Date.now() + 60_000)));
      expect(await tenant((tx) => tx.vips.list(gns))).toMatchObject([{ address, releasedAt: undefined }]);
      await tenant((tx) => tx.vips.release(gns, ['a']));
      await tenant((tx) => tx.vips.free(new Date(Date.now() + 60_000)));
      expect(await tenant((tx) => tx.vips.list(gns))).toEqual([]);
    });

    it('keeps the contract that was fixed first', async () => {
      const port = { host: 'a', number: 80, name: 'http-80', protocol: 'HTTP' as const, fixedBy: 'east/shop/a' };
      await tenant((tx) => tx.ports.fix(gns, [port]));
      await tenant((tx) => tx.ports.fix(gns, [{ ...port, name: 'tcp-80', protocol: 'TCP', fixedBy: 'west/shop/a' }]));
      expect(await tenant((tx) => tx.ports.list(gns))).toEqual([{ gns, ...port }]);
      await tenant((tx) => tx.ports.remove(gns, ['a']));
      expect(await tenant((tx) => tx.ports.list(gns))).toEqual([]);
    });
  });

  describe('inventory', () => {
    const update = (seq: number, prevSeq: number | undefined, more: Record<string, unknown> = {}) => ({
      bootId: 'boot-1',
      seq,
      prevSeq,
      root: root(String(seq)),
      complete: true,
      facts: { mesh: { kind: 'istio' } },
      put: [{ namespace: `ns-${seq}`, hash: root(String(seq)), body: '{}', readable: true }],
      remove: [],
      ...more,
    });
    const apply = (from: { cluster: string; session: number }, ...args: Parameters<typeof update>) =>
      tenant((tx) => tx.inventory.apply(from, update(...args)));
    const names = async () => (await tenant((tx) => tx.inventory.namespaces([cluster]))).map((each) => each.namespace);

    it('writes nothing for a fenced session', async () => {
      const old = await connect();
      await connect();
      expect(await apply(old, 1, undefined)).toBe('fenced');
      expect(await tenant((tx) => tx.inventory.confirm(old))).toBe('fenced');
      expect(await names()).toEqual([]);
    });

    it('refuses a delta on another seq, on another boot, or on nothing', async () => {
      const from = await connect();
      expect(await apply(from, 2, 1)).toBe('gap');
      await apply(from, 1, undefined);
      expect(await apply(from, 3, 2)).toBe('gap');
      expect(await apply(from, 2, 1, { bootId: 'boot-2' })).toBe('gap');
      expect(await names()).toEqual(['ns-1']);
      expect(await apply(from, 2, 1)).toBe('written');
    });

    it('deletes what is named, and nothing because it is absent', async () => {
      const from = await connect();
      await apply(from, 1, undefined);
      await apply(from, 2, undefined, { put: [] });
      expect(await names()).toEqual(['ns-1']);
      await apply(from, 3, 2, { put: [], remove: ['ns-1', 'never-there'] });
      expect(await names()).toEqual([]);
    });

    it('moves its line and asks for work only when content moved', async () => {
      const from = await connect();
      await apply(from, 1, undefined);
      const version = await tenant((tx) => tx.inventory.version());
      await apply(from, 1, undefined, { bootId: 'boot-2' });
      await tenant((tx) => tx.inventory.confirm(from));
      expect(await tenant((tx) => tx.inventory.version())).toBe(version);
      await apply(from, 2, 1, { bootId: 'boot-2', facts: { mesh: { kind: 'linkerd' } }, put: [], root: root('1') });
      expect(await tenant((tx) => tx.inventory.version())).toBe(version + 1);
      expect(await tenant((tx) => tx.inventory.head(cluster))).toMatchObject({
        bootId: 'boot-2',
        seq: 2,
        version: version + 1,
      });
    });
  });
});
