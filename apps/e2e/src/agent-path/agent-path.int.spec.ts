import { EMPTY_TREE } from '@isthmus/domain';
import { testPostgres } from '@isthmus/testing';
import type { Store } from '@isthmus/store';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { DirectoryAgent, eventually } from './directory-agent.fixture.js';
import { catalogTree, manifests, policyTree } from './trees.fixture.js';

const postgres = await testPostgres();

postgres.suite('the way from a pointer to rendered files and back', () => {
  let store: Store;
  let centre: Centre;
  let agent: DirectoryAgent;
  let cluster: string;
  const gns = randomUUID();

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
    cluster = await centre.addCluster('east');
    agent = await DirectoryAgent.create(centre);
    await agent.manifest('shop.yaml', manifests('shop', ['reviews', 'ratings']));
  });

  afterAll(async () => {
    await agent.stop();
    await centre.stop();
    await store.close();
  });

  const applied = async (): Promise<{ line: string; seq: number; objectCount: number }[]> => {
    const records = await store.withTenant(ORG, (tx) => tx.targets.applied({ cluster }));
    return records
      .map(({ line, ref, objectCount }) => ({ line, seq: ref.seq, objectCount }))
      .sort((a, b) => (a.line < b.line ? -1 : 1));
  };

  it('enrols with a token, once', async () => {
    const token = await centre.token(cluster);
    expect(await agent.enrol(token)).toMatchObject({
      ok: true,
      identity: { org: ORG, cluster: { uid: cluster, name: 'east' } },
    });
    expect(await agent.enrol(token)).toMatchObject({ ok: false, fatal: true, code: 'ISM0403' });
  });

  it('reports the inventory of the manifests', async () => {
    await agent.start();
    const rows = await eventually(async () => {
      const head = await store.withTenant(ORG, (tx) => tx.inventory.head(cluster));
      return head?.complete === true ? store.withTenant(ORG, (tx) => tx.inventory.namespaces([cluster])) : undefined;
    }, 'a complete inventory');
    expect(rows.map(({ namespace }) => namespace)).toEqual(['shop']);
    expect(JSON.parse(rows[0]?.body ?? '')).toMatchObject({ services: [{ name: 'ratings' }, { name: 'reviews' }] });
  });

  it('renders nothing of a catalog that has no policy', async () => {
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await agent.files()).toEqual([]);
  });

  it('renders once the policy is there, and reports what it applied', async () => {
    await centre.publishPolicy({ cluster, gns }, policyTree(), 1);
    await eventually(
      async () => ((await applied()).filter(({ seq }) => seq === 1).length === 2 ? true : undefined),
      'both lines applied, also the address of the new host',
    );
    const files = await agent.files();
    expect(files.length).toBeGreaterThan(2);
    expect(await applied()).toEqual([
      { line: 'catalog', seq: 1, objectCount: files.length },
      { line: 'policy', seq: 1, objectCount: files.length },
    ]);
  });

  it('adds a service by a delta', async () => {
    const before = await agent.files();
    await centre.publishCatalog(gns, catalogTree(['ratings', 'reviews']));
    await eventually(async () => ((await applied())[0]?.seq === 2 ? true : undefined), 'the second catalog');
    expect((await agent.files()).length).toBeGreaterThan(before.length);
  });

  it('follows a policy that goes in steps, and says when it is ready for others', async () => {
    const ready = () => store.withTenant(ORG, (tx) => tx.targets.ready(gns));
    expect((await store.withTenant(ORG, (tx) => tx.sessions.get(cluster)))?.protocol).toBe(2);
    expect(await ready()).toEqual([]);
    const seq = await centre.publishPolicy({ cluster, gns, step: 'expand' }, policyTree(), 1);
    const said = await eventually(async () => ((await ready()).length > 0 ? ready() : undefined), 'that it is ready');
    expect(said).toEqual([{ cluster, epoch: 1, seq }]);
    const last = await centre.publishPolicy({ cluster, gns }, policyTree(), 1);
    await eventually(async () => ((await applied())[1]?.seq === last ? true : undefined), 'the last step applied');
    expect(await ready()).toEqual([]);
  });

  it('removes everything on the empty tree, and the target is closed', async () => {
    await centre.publishPolicy({ cluster, gns }, EMPTY_TREE);
    const target = await eventually(async () => {
      const found = await store.withTenant(ORG, (tx) => tx.targets.get(cluster, gns));
      return found?.state === 'CLOSED' ? found : undefined;
    }, 'the closed target');
    expect(target.ref.seq).toBe(4);
    expect(await agent.files()).toEqual([]);
  });
});
