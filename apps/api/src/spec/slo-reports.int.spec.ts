import type { Store } from '@isthmus/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { callerWith, startOperations } from './isolation.fixture.js';
import { sloReport } from './slo-report.world.js';
import { plantWorld } from './topology.fixture.js';

interface Told {
  totalCount: number;
  nodes: { errorBudgetRemaining: number | null; globalNamespace: { name: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

postgres.suite('objectives of an organization', () => {
  let store: Store;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    operations = await startOperations(store, buildSchema());
    const left = { shops: [0.5, undefined, -2], hush: [0.1] };
    for (const [project, budgets] of Object.entries(left)) {
      const gns = await plantWorld(store, { project, gns: `of-${project}`, running: { cart: ['east/shop'] } });
      const state = { shape: '', sealedUntil: new Date(0), gns };
      await store.withTenant('default', async (tx) => {
        for (const [index, budget] of budgets.entries()) {
          const row = { state: {}, report: sloReport(budget), evaluatedAt: new Date() };
          const hosts = ['', 'cart.example'].map((host) => ({ ...row, host }));
          await tx.sloStates.write({ ...state, slo: `slo-${String(index)}` }, hosts);
        }
      });
    }
  });
  afterAll(async () => {
    await operations.close();
    await store.close();
  });

  const told = async (grant: string, args = 'first: 100', org = 'default'): Promise<Told> => {
    const text = `{ sloReports(${args}) {
      totalCount pageInfo { hasNextPage endCursor } nodes { errorBudgetRemaining globalNamespace { name } } } }`;
    const { data, errors } = await operations.run(callerWith(org, grant), text);
    expect(errors).toBeUndefined();
    return (data as { sloReports: Told }).sloReports;
  };
  const budgets = ({ nodes }: Told) => nodes.map(({ errorBudgetRemaining }) => errorBudgetRemaining);

  it('are those of global namespaces that one may read, and nobody’s of another organization', async () => {
    expect(await told('Owner', 'first: 100', 'other')).toMatchObject({ totalCount: 0, nodes: [] });
    const some = await told('Viewer@PROJECT:hush');
    expect([some.totalCount, some.nodes.map(({ globalNamespace }) => globalNamespace.name)]).toEqual([1, ['of-hush']]);
  });

  it('come by what is left of their error budgets, those without data last, and none of a single service', async () => {
    expect(budgets(await told('Owner'))).toEqual([-2, 0.1, 0.5, null]);
  });

  it('come page by page, and far from the start by an offset', async () => {
    const first = await told('Owner', 'first: 2');
    expect([budgets(first), first.totalCount, first.pageInfo.hasNextPage]).toEqual([[-2, 0.1], 4, true]);
    const next = await told('Owner', `first: 2, after: "${first.pageInfo.endCursor}"`);
    expect([budgets(next), next.pageInfo.hasNextPage]).toEqual([[0.5, null], false]);
    expect(budgets(await told('Owner', 'first: 2, offset: 3'))).toEqual([null]);
  });
});
