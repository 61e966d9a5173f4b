import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import type { LabelExpression } from '@isthmus/domain';
import type { PutOutcome, ResourceFilter, ResourceInput, ResourceRecord, Store } from '../index.js';

const postgres = await testPostgres();
const audit = { actor: 'user:ada', action: 'putResource', requestId: 'r-1', ip: '192.0.2.7' };

const policy = (name: string, mode: 'STRICT' | 'PERMISSIVE', labels: Record<string, string> = {}): ResourceInput => ({
  kind: 'EncryptionPolicy',
  project: 'shop',
  name,
  labels,
  spec: { targets: [{ globalNamespace: 'books' }], mode },
});

function recordOf(outcome: PutOutcome): ResourceRecord {
  if (outcome.outcome === 'conflict') throw new Error('conflict');
  return outcome.record;
}

postgres.suite('resources in Postgres', () => {
  let store: Store;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore({ orgs: ['default', 'other'] }));
  });
  afterAll(() => store.close());

  const put = (input: ResourceInput, org = 'default') => store.mutate(org, audit, (tx) => tx.resources.put(input));

  describe('optimistic concurrency', () => {
    it('refuses to create what is there already, and shows it', async () => {
      const first = recordOf(await put(policy('twice', 'STRICT')));
      const second = await put({ ...policy('twice', 'PERMISSIVE'), expectedVersion: null });
      expect(second).toEqual({ outcome: 'conflict', current: first });
    });

    it('refuses to change a version that somebody else changed since', async () => {
      const first = recordOf(await put(policy('raced', 'STRICT')));
      const second = recordOf(await put(policy('raced', 'PERMISSIVE')));
      const third = await put({ ...policy('raced', 'STRICT'), expectedVersion: first.resourceVersion });
      expect(third).toEqual({ outcome: 'conflict', current: second });
    });

    it('refuses to change what is not there', async () => {
      expect(await put({ ...policy('missing', 'STRICT'), expectedVersion: '1' })).toEqual({
        outcome: 'conflict',
        current: undefined,
      });
    });

    it('lets exactly one of twenty writers with the same version win', async () => {
      const { resourceVersion } = recordOf(await put(policy('crowded', 'STRICT')));
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          put({ ...policy('crowded', 'PERMISSIVE', { writer: String(index) }), expectedVersion: resourceVersion }),
        ),
      );
      expect(outcomes.filter((each) => each.outcome === 'updated')).toHaveLength(1);
      expect(outcomes.filter((each) => each.outcome === 'conflict')).toHaveLength(19);
    });

    it('changes the version that was seen, keeps the uid and raises the generation', async () => {
      const first = recordOf(await put(policy('seen', 'STRICT')));
      const second = await put({ ...policy('seen', 'PERMISSIVE'), expectedVersion: first.resourceVersion });
      expect(second).toMatchObject({ outcome: 'updated', before: first, record: { uid: first.uid, generation: 2 } });
    });

    it('keeps the generation when only labels change', async () => {
      await put(policy('labelled', 'STRICT'));
      expect(await put(policy('labelled', 'STRICT', { team: 'a' }))).toMatchObject({
        outcome: 'updated',
        record: { generation: 1, labels: { team: 'a' } },
      });
    });

    it('refuses to delete another version, and deletes the one that was seen', async () => {
      const { resourceVersion } = recordOf(await put(policy('doomed', 'STRICT')));
      const drop = (version: string) =>
        store.mutate('default', audit, (tx) => tx.resources.delete(policy('doomed', 'STRICT'), version));
      expect(await drop('0')).toMatchObject({ outcome: 'conflict', current: { resourceVersion } });
      expect(await drop(resourceVersion)).toMatchObject({ outcome: 'deleted' });
      expect(await drop(resourceVersion)).toEqual({ outcome: 'absent' });
    });
  });

  describe('what a change leaves behind', () => {
    const trace = () =>
      store.withTenant('default', async (tx) => ({
        audit: (await tx.audit.list({}, { first: 1000 })).items.length,
        outbox: await tx.outbox.pending(),
        version: await tx.resources.specVersion(),
      }));

    it('leaves nothing when nothing changed', async () => {
      const first = recordOf(await put(policy('steady', 'STRICT', { a: '1', b: '2' })));
      const before = await trace();
      expect(await put(policy('steady', 'STRICT', { b: '2', a: '1' }))).toEqual({
        outcome: 'unchanged',
        record: first,
      });
      expect(await trace()).toEqual(before);
    });

    it('says who changed what between two versions, deletions too, and nothing of what was before or after', async () => {
      const versions = [(await trace()).version];
      await put(policy('told', 'STRICT'));
      versions.push((await trace()).version);
      await put(policy('told', 'PERMISSIVE'));
      await store.mutate('default', { ...audit, actor: 'token:bob' }, (tx) =>
        tx.resources.delete({ kind: 'EncryptionPolicy', project: 'shop', name: 'told' }),
      );
      versions.push((await trace()).version);
      const [start = 0, made = 0, gone = 0] = versions;
      const changes = (after: number, upTo: number) =>
        store.withTenant('default', async (tx) =>
          (await tx.resources.changesBetween(after, upTo)).map(({ kind, name, actor }) => `${kind} ${name} ${actor}`),
        );
      expect(await changes(gone, gone + 10)).toEqual([]);
      expect(await changes(start, made)).toEqual([`EncryptionPolicy told ${audit.actor}`]);
      expect(await changes(made, gone)).toEqual([
        `EncryptionPolicy told ${audit.actor}`,
        'EncryptionPolicy told token:bob',
      ]);
      const others = await store.withTenant('other', (tx) => tx.resources.changesBetween(0, gone));
      expect(others).toEqual([]);
    });

    it('leaves nothing when the transaction is rolled back, whose value is still answered', async () => {
      const before = await trace();
      const outcome = await store.mutate('default', audit, (tx) => tx.resources.put(policy('dry', 'STRICT')), {
        commitIf: () => false,
      });
      expect(outcome.outcome).toBe('created');
      expect(await trace()).toEqual(before);
      expect(await store.withTenant('default', (tx) => tx.resources.get(policy('dry', 'STRICT')))).toBeUndefined();
    });

    it('leaves nothing when the work throws', async () => {
      const before = await trace();
      const work = store.mutate('default', audit, async (tx) => {
        await tx.resources.put(policy('thrown', 'STRICT'));
        throw new Error('a bug');
      });
      await expect(work).rejects.toThrow('a bug');
      expect(await trace()).toEqual(before);
    });

    it('leaves generation, audit and outbox rows together', async () => {
      const created = recordOf(await put(policy('traced', 'STRICT')));
      await put(policy('traced', 'PERMISSIVE'));
      await store.mutate('default', { ...audit, action: 'deleteResource' }, (tx) =>
        tx.resources.delete(policy('traced', 'STRICT')),
      );
      await store.withTenant('default', async (tx) => {
        const history = await tx.resources.history(created.uid, { first: 10 });
        expect(history.items.map(({ record }) => [record.generation, record.deleted])).toEqual([
          [2, true],
          [2, false],
          [1, false],
        ]);
        const rows = await tx.audit.list({ subjectId: created.uid }, { first: 10 });
        expect(rows.items.map(({ record }) => record.action)).toEqual(['deleteResource', 'putResource', 'putResource']);
        expect(rows.items[1]?.record).toMatchObject({
          actor: 'user:ada',
          requestId: 'r-1',
          ip: '192.0.2.7',
          subjectKind: 'EncryptionPolicy',
          name: 'traced',
          before: { spec: { mode: 'STRICT' } },
          after: { spec: { mode: 'PERMISSIVE' } },
        });
        const work = await tx.outbox.claim({ limit: 1000, leaseMs: 1 });
        expect(work.filter((row) => row.subject === created.uid)).toMatchObject([
          { topic: 'resource.changed', ids: { kind: 'EncryptionPolicy', project: 'shop', name: 'traced' } },
        ]);
      });
    });
  });

  describe('lists', () => {
    beforeAll(async () => {
      await store.mutate('default', audit, async (tx) => {
        for (let index = 0; index < 25; index += 1) {
          const name = `listed-${String(index).padStart(2, '0')}`;
          const labels = { even: String(index % 2 === 0), 'odd key.dev/x': "it's" };
          await tx.resources.put({ kind: 'Cluster', project: '', name, labels, spec: { mesh: { kind: 'istio' } } });
        }
      });
    });

    const pages = (filter: ResourceFilter, direction: 'ASC' | 'DESC', field: 'name' | 'createdAt') =>
      store.withTenant('default', async (tx) => {
        const names: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await tx.resources.list(
            { kinds: ['Cluster'], ...filter },
            { first: 7, after },
            { field, direction },
          );
          names.push(...page.items.map(({ record }) => record.name));
          after = page.items.at(-1)?.cursor;
          if (!page.hasNextPage) return names;
        }
      });

    it('refuses a cursor that it did not give out', async () => {
      const list = (after: string) => store.withTenant('default', (tx) => tx.resources.list({}, { first: 1, after }));
      await expect(list('garbage')).rejects.toThrow('cursor');
      await expect(list(Buffer.from('["a"]').toString('base64url'))).rejects.toThrow('cursor');
    });

    it('passes over rows after a cursor, and finds nothing beyond the last', async () => {
      const list = (after: string | undefined, offset: number) =>
        store.withTenant('default', (tx) => tx.resources.list({ kinds: ['Cluster'] }, { first: 2, after, offset }));
      const all = (await store.withTenant('default', (tx) => tx.resources.list({ kinds: ['Cluster'] }, { first: 100 })))
        .items;
      const uids = (from: number) => all.slice(from, from + 2).map(({ record }) => record.uid);
      const found = async (after: string | undefined, offset: number) =>
        (await list(after, offset)).items.map(({ record }) => record.uid);
      expect(await found(undefined, 20)).toEqual(uids(20));
      expect(await found(all[3]?.cursor, 4)).toEqual(uids(8));
      expect(await list(undefined, all.length)).toEqual({ items: [], hasNextPage: false });
      await expect(list(undefined, -1)).rejects.toThrow(RangeError);
    });

    it('refuses a page of 0 or 1001', async () => {
      const list = (first: number) => store.withTenant('default', (tx) => tx.resources.list({}, { first }));
      await expect(list(0)).rejects.toThrow(RangeError);
      await expect(list(1001)).rejects.toThrow(RangeError);
    });

    it('shows every row once, in both directions, even where times are equal', async () => {
      const ascending = await pages({}, 'ASC', 'name');
      expect(ascending).toHaveLength(25);
      expect(ascending).toEqual([...ascending].sort());
      expect(await pages({}, 'DESC', 'name')).toEqual([...ascending].reverse());
      expect(new Set(await pages({}, 'ASC', 'createdAt')).size).toBe(25);
    });

    it('filters by expressions over labels, hostile keys included', async () => {
      const found = async (...labelExpressions: LabelExpression[]) =>
        (await pages({ kinds: ['Cluster'], labelExpressions }, 'ASC', 'name')).length;
      const even = (operator: LabelExpression['operator'], ...values: string[]) => ({ key: 'even', operator, values });
      const hostile = { key: 'odd key.dev/x', operator: 'In' as const, values: ["it's"] };
      const all = await found();
      expect(await found(even('In', 'true'), hostile)).toBe(13);
      expect(await found(even('In', 'true', 'false'))).toBe(25);
      expect(await found(even('In', 'neither'))).toBe(0);
      expect(await found(even('In'))).toBe(0);
      expect(await found(even('In', 'true'), even('In', 'false'))).toBe(0);
      expect(await found(even('NotIn', 'true'))).toBe(all - 13);
      expect(await found(even('Exists'))).toBe(25);
      expect(await found(even('DoesNotExist'))).toBe(all - 25);
      expect(await found({ key: "a' OR '1'='1", operator: 'Exists' })).toBe(0);
    });

    it('filters by part of the name without wildcards', async () => {
      expect(await pages({ search: 'LISTED-1' }, 'ASC', 'name')).toHaveLength(10);
      expect(await pages({ search: 'listed%' }, 'ASC', 'name')).toEqual([]);
    });

    it('counts as it lists', async () => {
      const labelExpressions = [{ key: 'even', operator: 'In' as const, values: ['true'] }];
      const filter = { kinds: ['Cluster' as const], labelExpressions, search: 'listed' };
      expect(await store.withTenant('default', (tx) => tx.resources.count(filter))).toBe(13);
    });
  });

  it('keeps two organizations with the same names apart', async () => {
    const mine = recordOf(await put(policy('shared-name', 'STRICT')));
    const theirs = recordOf(await put(policy('shared-name', 'PERMISSIVE'), 'other'));
    expect(theirs.uid).not.toBe(mine.uid);
    expect(await store.withTenant('other', (tx) => tx.resources.byUid(mine.uid))).toBeUndefined();
    expect((await store.withTenant('other', (tx) => tx.resources.list({}, { first: 100 }))).items).toHaveLength(1);
  });

  it('refuses an organization that does not exist', async () => {
    await expect(put(policy('nowhere', 'STRICT'), 'typo')).rejects.toThrow();
  });
});
