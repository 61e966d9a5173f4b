import { hashToken, newApiToken, shownPrefix, startApiServer } from '@isthmus/api';
import { createMetrics, silentLogger, systemClock } from '@isthmus/platform';
import { issue } from '@isthmus/domain';
import { bootstrap, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';

/** A real API on a real, fresh database, with an administrator's token. */
export interface TestApi {
  url: string;
  token: string;
  viewerToken: string;
  /** An agent of the cluster reports that it holds deletions of the global namespace: five, or these of so many. */
  holdPrune: (cluster: string, gns: string, set?: HeldSet) => Promise<void>;
  close: () => Promise<void>;
}

export const postgres = await testPostgres();

/** Starts the API on a free port. */
export async function startTestApi(): Promise<TestApi> {
  const { store, url: connectionString } = await postgres.freshStore();
  await bootstrap({ connectionString, store });
  const server = await startApiServer({
    store,
    clock: systemClock,
    log: silentLogger(),
    onboarding: { gatewayUrl: 'https://gateway.example:4443', gatewayCa: () => Promise.resolve('PEM') },
    host: '127.0.0.1',
    port: 0,
    health: {
      version: '0.0.0',
      ready: { postgres: () => store.ping().then(() => undefined) },
      metrics: createMetrics('api'),
    },
  });
  const makeToken = async (role: 'admin' | 'viewer') => {
    const token = newApiToken();
    await store.mutate('default', { actor: 'user:spec', action: 'createApiToken' }, (tx) =>
      tx.tokens.create({ prefix: shownPrefix(token), hash: hashToken(token), name: role, role }),
    );
    return token;
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    token: await makeToken('admin'),
    viewerToken: await makeToken('viewer'),
    holdPrune: (cluster, gns, set) => holdPrune(store, { cluster, gns }, set),
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}

interface HeldSet {
  setHash: string;
  items: readonly string[];
  count?: number;
}

const FIVE: HeldSet = { setHash: 'a'.repeat(64), items: ['a', 'b', 'c', 'd', 'e'] };

async function holdPrune(store: Store, names: { cluster: string; gns: string }, set: HeldSet = FIVE): Promise<void> {
  const hash = 'a'.repeat(64);
  await store.withTenant('default', async (tx) => {
    const found = await tx.resources.all(['Cluster', 'GlobalNamespace']);
    const uidOf = (kind: string, name: string) =>
      found.find((one) => one.kind === kind && one.name === name)?.uid ?? '';
    const [cluster, gns] = [uidOf('Cluster', names.cluster), uidOf('GlobalNamespace', names.gns)];
    const agent = { cluster, gatewayId: 'g1', clusterUid: 'u', agentVersion: '1.0', address: '192.0.2.1' };
    const connected = await tx.sessions.connect(agent);
    if (connected.outcome !== 'connected') throw new Error(connected.outcome);
    const { session } = connected;
    const issues = [issue('ISM0434', { path: '', message: '5 deletions wait for approval' })];
    const ref = { epoch: 1, seq: 1, root: hash };
    await tx.targets.acknowledge({ cluster, session }, [{ gns, line: 'policy', ref, objectCount: 5, issues }]);
    await tx.holds.hold({ cluster, kind: 'PRUNE', gns, ...set });
  });
}
