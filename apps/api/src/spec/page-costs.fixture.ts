import type { Store } from '@isthmus/store';
import { hashToken, newApiToken } from '../auth/api-token.js';
import { plant } from './isolation.world.js';
import { sloReport } from './slo-report.world.js';

const PROJECT = 'shops';
const root = 'a'.repeat(64);
const ref = { epoch: 1, seq: 1, root };
const named = (index: number): string => `n${String(index).padStart(2, '0')}`;

/** The first of what is planted: pages of one thing are asked for it. */
export const FIRST = { project: PROJECT, name: named(0), host: `${named(0)}.example` };

/** An organization with so many of everything that a page can list; each global namespace runs in each cluster. */
export async function plantMany(store: Store, org: string, count: number): Promise<void> {
  const places = Array.from({ length: count }, (_, index) => named(index));
  for (const name of places) await plant(store, { org, project: PROJECT, name, mark: `zzown${name}` });
  await store.withTenant(org, async (tx) => {
    const all = await tx.resources.all(['Cluster', 'GlobalNamespace', 'SloPolicy']);
    const uidsOf = (kind: string): string[] => all.filter((one) => one.kind === kind).map(({ uid }) => uid);
    const [clusters, namespaces, slos] = ['Cluster', 'GlobalNamespace', 'SloPolicy'].map(uidsOf);
    const move = { state: 'ACTIVE' as const, expectedSeq: 0, minCatalogSeq: 0, revision: 1, next: ref };
    for (const gns of namespaces ?? []) {
      await tx.targets.move(
        (clusters ?? []).map((cluster) => ({ ...move, gns, cluster, statement: '{}', signature: 'c2ln' })),
      );
      const hosts = places.map((name) => `${name}.example`);
      await tx.members.apply(
        gns,
        hosts.flatMap((host) =>
          places.map((cluster) => ({
            ...{ host, cluster, namespace: gns, service: host, expectedVersion: 0 },
            ...{ next: 'served' as const, enteredSeq: 1 },
          })),
        ),
      );
      await tx.ports.fix(
        gns,
        hosts.map((host) => ({ host, number: 80, name: 'http', protocol: 'HTTP', fixedBy: 'east/shop/cart' })),
      );
      const state = { shape: '', sealedUntil: new Date(0), gns };
      const rows = ['', ...hosts].map((host) => ({
        host,
        state: {},
        report: sloReport(0.9, clusters),
        evaluatedAt: new Date(),
      }));
      for (const slo of slos ?? []) await tx.sloStates.write({ ...state, slo }, rows);
    }
    for (const cluster of clusters ?? []) await report(tx, cluster, namespaces ?? []);
    for (const name of places) await plantTokens(tx, name);
  });
}

type Tx = Parameters<Parameters<Store['withTenant']>[1]>[0];

/** What an agent tells of its cluster. */
async function report(tx: Tx, cluster: string, namespaces: readonly string[]): Promise<void> {
  const opened = await tx.sessions.connect({
    ...{ cluster, gatewayId: 'g', clusterUid: cluster, agentVersion: '1', address: '::1' },
  });
  if (opened.outcome !== 'connected') throw new Error(opened.outcome);
  const issues = [{ code: 'ISM0434', severity: 'WARNING', path: '', message: 'held' }];
  await tx.targets.acknowledge(
    { cluster, session: opened.session },
    namespaces.map((gns) => ({ gns, line: 'policy' as const, ref, objectCount: 1, issues })),
  );
}

async function plantTokens(tx: Tx, name: string): Promise<void> {
  const owner = (await tx.serviceAccounts.list()).find((one) => one.name === `zzown${name}`)?.id ?? '';
  const hash = hashToken(newApiToken());
  await tx.tokens.create({ prefix: 'isth_', hash, name, role: 'none', ownerKind: 'SERVICE_ACCOUNT', owner });
}
