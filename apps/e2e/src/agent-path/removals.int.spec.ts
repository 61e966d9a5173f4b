import { randomUUID } from 'node:crypto';
import { withRemovalMarks } from '@isthmus/domain';
import type { HoldRecord, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { DirectoryAgent, eventually } from './directory-agent.fixture.js';
import { catalogTree, manifests, policyTree } from './trees.fixture.js';

const postgres = await testPostgres();
const services = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `s${String(from + at).padStart(3, '0')}`);
const hostOf = (service: string): string => `${service}.shop.example.com`;

postgres.suite('removals on the way to the files of a cluster', () => {
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
    await agent.manifest('shop.yaml', manifests('shop', services(0, 150)));
    await agent.enrol(await centre.token(cluster));
    await agent.start();
    await centre.publishCatalog(gns, catalogTree(services(0, 150)));
    await centre.publishPolicy({ cluster, gns }, policyTree(), 1);
    await applied(1);
  });

  afterAll(async () => {
    await agent.stop();
    await centre.stop();
    await store.close();
  });

  const applied = (seq: number): Promise<true> =>
    eventually(
      async () => {
        const records = await store.withTenant(ORG, (tx) => tx.targets.applied({ cluster }));
        return records.some(({ line, ref }) => line === 'catalog' && ref.seq >= seq) ? true : undefined;
      },
      `catalog ${String(seq)}`,
    );
  const holds = (): Promise<HoldRecord[]> => store.withTenant(ORG, (tx) => tx.holds.list({ cluster }));
  const filesOf = async (service: string): Promise<number> =>
    (await agent.files()).filter((name) => name.includes(service)).length;

  it('holds what vanishes from a catalog without a decision, and says how much it is beyond what it lists', async () => {
    await applied(await centre.publishCatalog(gns, catalogTree(services(0, 30))));
    const [hold] = await eventually(async () => {
      const found = await holds();
      return found.length > 0 ? found : undefined;
    }, 'the hold');
    expect(hold).toMatchObject({ kind: 'PRUNE', gns, approvedAt: undefined });
    expect(hold?.items).toHaveLength(200);
    expect(hold?.count).toBeGreaterThan(200);
    expect(await filesOf('s149')).toBeGreaterThan(0);
  });

  it('holds a host that vanishes while only a part of it was decided', async () => {
    const marks = new Map(services(30, 150).map((service) => [hostOf(service), false]));
    await applied(await centre.publishCatalog(gns, withRemovalMarks(catalogTree(services(0, 30)), marks)));
    expect(await holds()).toHaveLength(1);
    expect(await filesOf('s149')).toBeGreaterThan(0);
  });

  it('removes by a signed decision what it held, without anybody approving it, and the hold is gone', async () => {
    const marks = new Map(services(30, 150).map((service) => [hostOf(service), true]));
    await applied(await centre.publishCatalog(gns, withRemovalMarks(catalogTree(services(0, 30)), marks)));
    await eventually(async () => ((await holds()).length === 0 ? true : undefined), 'no hold');
    expect(await filesOf('s149')).toBe(0);
    expect(await filesOf('s029')).toBeGreaterThan(0);
  });

  it('lists every deletion in a cluster that intake holds', async () => {
    await agent.manifest('shop.yaml', manifests('shop', services(148, 150)));
    const hold = await eventually(
      async () => (await holds()).find(({ kind }) => kind === 'INTAKE'),
      'deletions held at intake',
    );
    expect([hold.count, hold.items.length]).toEqual([148, 148]);
  });
});
