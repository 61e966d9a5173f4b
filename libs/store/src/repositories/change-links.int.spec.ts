import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concerns, type Policy } from '@isthmus/domain';
import { testPostgres } from '@isthmus/testing';
import type { ResourceInput, Store } from '../index.js';

const postgres = await testPostgres();
const AUDIT = { actor: 'user:ada', action: 'putResource' };
const GNS = { metadata: { name: 'books', project: 'shop' } };

const target = (name: string) => ({ globalNamespace: name });
const policy = (name: string, targets: readonly object[], more: Partial<ResourceInput> = {}): ResourceInput =>
  ({ kind: 'TrafficPolicy', project: 'shop', name, spec: { targets }, ...more }) as unknown as ResourceInput;

/** Every way in which a policy can or cannot be about the global namespace. */
const POLICIES: readonly ResourceInput[] = ['shop', 'default', 'other'].flatMap((project) => [
  policy(`${project}-own`, [target('books')], { project }),
  policy(`${project}-else`, [target('films')], { project }),
  policy(`${project}-both`, [target('films'), { globalNamespace: 'books', service: 'a' }], { project }),
  policy(`${project}-project`, [{ scope: 'PROJECT' }], { project }),
  policy(`${project}-organization`, [{ scope: 'ORGANIZATION' }], { project }),
  policy(`${project}-none`, [], { project }),
  policy(`${project}-egress`, [target('books')], { project, kind: 'EgressPolicy' }),
  ...(['ServiceGroup', 'UserGroup', 'DataGroup'] as const).map((kind): ResourceInput => ({
    kind,
    project,
    name: `${project}-${kind}`,
    spec: { members: [] },
  })),
]);

const asPolicy = ({ kind, project, name, spec }: ResourceInput): Policy =>
  ({ kind, metadata: { name, project }, spec }) as unknown as Policy;

postgres.suite('changes and the revisions that they went into', () => {
  let store: Store;
  let gns = '';
  beforeAll(async () => {
    ({ store } = await postgres.freshStore({ orgs: ['default', 'other'] }));
    const spec = { domain: 'books.global', members: [{ namespaces: { names: ['books'] } }] };
    gns = await put({ kind: 'GlobalNamespace', project: 'shop', name: 'books', spec });
  });
  afterAll(() => store.close());

  const put = async (input: ResourceInput, org = 'default'): Promise<string> => {
    const outcome = await store.mutate(org, AUDIT, (tx) => tx.resources.put(input));
    if (outcome.outcome === 'conflict') throw new Error(`conflict over ${input.name}`);
    return outcome.record.uid;
  };
  const version = () => store.withTenant('default', (tx) => tx.resources.specVersion());
  const since = async (after: number, more: { projects?: string[]; through?: number } = {}) => {
    const range = { gns, after, through: 1_000, ...more };
    const { items } = await store.withTenant('default', (tx) => tx.audit.changesOf(range, { first: 1_000 }));
    return items.map(({ record }) => record);
  };
  const namesSince = async (after: number, more?: { projects?: string[]; through?: number }): Promise<string[]> =>
    (await since(after, more)).map(({ name }) => name);

  it('of policies are those that the domain says can be part of it', async () => {
    const before = await version();
    for (const one of POLICIES) await put(one);
    const expected = POLICIES.filter((one) => concerns(asPolicy(one), GNS)).map(({ name }) => name);
    expect(expected.length).toBeGreaterThan(5);
    expect((await namesSince(before)).sort()).toEqual(expected.sort());
  });

  it('name a policy that turned away, and its deletion, once each', async () => {
    await put(policy('turning', [target('books')]));
    const before = await version();
    await put(policy('turning', [target('films')]));
    await put(policy('turning', [target('films'), target('more')]));
    expect(await namesSince(before)).toEqual(['turning']);
    await put(policy('turning', [target('books')]));
    const deletedAfter = await version();
    await store.mutate('default', AUDIT, (tx) =>
      tx.resources.delete({ kind: 'TrafficPolicy', project: 'shop', name: 'turning' }),
    );
    const [deletion, ...rest] = await since(deletedAfter);
    expect(rest).toEqual([]);
    expect(deletion).toMatchObject({
      name: 'turning',
      after: undefined,
      before: { spec: { targets: [target('books')] } },
    });
  });

  it('of clusters are those that have a target in it; of other organizations there are none', async () => {
    const east = await put({ kind: 'Cluster', project: '', name: 'east', spec: { mesh: { kind: 'istio' } } });
    await put({ kind: 'Cluster', project: '', name: 'far', spec: { mesh: { kind: 'istio' } } });
    const ref = { epoch: 1, seq: 1, root: 'a'.repeat(64) };
    const move = { cluster: east, gns, expectedSeq: 0, next: ref, state: 'ACTIVE' as const, minCatalogSeq: 0 };
    await store.withTenant('default', (tx) => tx.targets.move([{ ...move, statement: '{}', signature: 'c2ln' }]));
    const before = await version();
    for (const name of ['east', 'far'])
      await put({ kind: 'Cluster', project: '', name, labels: { a: 'b' }, spec: { mesh: { kind: 'istio' } } });
    await put(policy('foreign', [{ scope: 'ORGANIZATION' }], { project: 'default' }), 'other');
    expect(await namesSince(before)).toEqual(['east']);
    expect(await namesSince(before, { projects: ['shop'] })).toEqual([]);
  });

  it('come in pages, the newest first, each of them once', async () => {
    const all = await since(0);
    const range = { gns, after: 0, through: 1_000 };
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = { first: 4, ...(after === undefined ? {} : { after }) };
      const { items, hasNextPage } = await store.withTenant('default', (tx) => tx.audit.changesOf(range, page));
      found.push(...items.map(({ record }) => record.id));
      after = hasNextPage ? items.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    expect(found).toEqual(all.map(({ id }) => id));
    expect(found).toEqual([...found].sort().reverse());
  });

  describe('the way back', () => {
    const publish = async (digit: string) => {
      const specVersion = await version();
      const policyOf = { gns, root: digit.repeat(64), compilerVersion: 1, specVersion, issues: [] };
      return store.withTenant('default', (tx) => tx.heads.publishPolicy(policyOf));
    };
    const found = async (uid: string, of: string | undefined): Promise<number[]> => {
      const { items } = await store.withTenant('default', (tx) =>
        tx.revisions.withChange({ uid, version: of }, { first: 10 }),
      );
      return items.map(({ record }) => record.number);
    };

    it('leads nowhere before a compile, then to the first revision that holds the change', async () => {
      await publish('1');
      const uid = await put(policy('tracked', [target('books')]));
      const changed = String(await version());
      expect(await found(uid, changed)).toEqual([]);
      await publish('2');
      await put(policy('later', [target('books')]));
      await publish('3');
      expect(await found(uid, changed)).toEqual([2]);
      expect(await found(uid, '0')).toEqual([]);
      expect(await found(uid, undefined)).toEqual([]);
    });

    it('leads from a deletion, and from nothing that concerns others', async () => {
      const uid = await put(policy('gone', [target('books')]));
      const else_ = await put(policy('elsewhere', [target('films')]));
      const changed = String(await version());
      await store.mutate('default', AUDIT, (tx) => tx.resources.delete(policy('gone', [])));
      await publish('4');
      expect(await found(uid, undefined)).toEqual([4]);
      expect(await found(else_, changed)).toEqual([]);
    });
  });
});
