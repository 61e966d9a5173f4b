import { generateKeyPairSync, sign } from 'node:crypto';
import { auditRowsHash, issue, nextSeal, type Issue } from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import {
  acknowledgeRevision,
  publishRevision,
  sloReport,
  startTestApi as startApi,
  type TestApi as Api,
} from '@isthmus/api/spec';

export { postgres } from '@isthmus/api/spec';

/** The API of its own specs, with what an agent would report. */
export interface TestApi extends Pick<Api, 'url' | 'close'> {
  token: string;
  viewerToken: string;
  /** An agent of the cluster reports that it holds deletions of the global namespace: five, or these of so many. */
  holdPrune: (cluster: string, gns: string, set?: HeldSet) => Promise<void>;
  /** The worker found this when it compiled the global namespace last. */
  compiled: (gns: string, issues: readonly Issue[]) => Promise<void>;
  /** Members leave the global namespace by its rules, and wait for a person. */
  holdDrain: (gns: string, set: HeldSet) => Promise<void>;
  /** A worker publishes a revision, 1 to 9 in order, for the clusters; the agents of those in `held` apply it. */
  rollOut: (
    gns: string,
    number: number,
    clusters: { all: readonly string[]; held: readonly string[] },
  ) => Promise<void>;
  /** A worker evaluates an objective of a global namespace: so much is left of its error budget. */
  evaluated: (slo: string, gns: string, budgetLeft: number) => Promise<void>;
  /** A worker closes what was changed so far, with the key whose public half the server names. */
  seal: () => Promise<void>;
  /** Public key in PEM. */
  sealKey: string;
}

/** Starts the API on a free port. */
export async function startTestApi(): Promise<TestApi> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const sealKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { store, url, tokens, close } = await startApi({ statementKeys: () => Promise.resolve([sealKey]) });
  const signed = (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64');
  return {
    url,
    token: tokens.admin,
    viewerToken: tokens.viewer,
    compiled: (gns, issues) =>
      store.withTenant('default', async (tx) => {
        const found = await tx.resources.all(['GlobalNamespace']);
        const uid = found.find(({ name }) => name === gns)?.uid ?? '';
        await tx.heads.lock(uid);
        await tx.heads.confirmCatalog(uid, await tx.inventory.version(), issues);
      }),
    holdPrune: (cluster, gns, set) => holdPrune(store, { cluster, gns }, set),
    holdDrain: (gns, set) =>
      store.withTenant('default', async (tx) => {
        const found = await tx.resources.all(['GlobalNamespace']);
        const uid = found.find(({ name }) => name === gns)?.uid ?? '';
        await tx.holds.hold({ cluster: '', kind: 'DRAIN', gns: uid, ...set });
      }),
    rollOut: async (gns, number, { all, held }) => {
      const records = await store.withTenant('default', (tx) => tx.resources.all(['Cluster', 'GlobalNamespace']));
      const uidOf = (name: string) => records.find((one) => one.name === name)?.uid ?? '';
      await publishRevision(store, { gns: uidOf(gns), clusters: all.map(uidOf) }, number);
      await acknowledgeRevision(store, { gns: uidOf(gns), clusters: held.map(uidOf) }, number);
    },
    evaluated: (slo, gns, budgetLeft) =>
      store.withTenant('default', async (tx) => {
        const records = await tx.resources.all(['SloPolicy', 'GlobalNamespace']);
        const uidOf = (of: string) => records.find(({ name }) => name === of)?.uid ?? '';
        const state = { shape: '', sealedUntil: new Date(0), slo: uidOf(slo), gns: uidOf(gns) };
        await tx.sloStates.write(state, [
          { host: '', state: {}, report: sloReport(budgetLeft), evaluatedAt: new Date() },
        ]);
      }),
    seal: () => sealAll(store, signed),
    sealKey,
    close,
  };
}

async function sealAll(store: Store, signed: (text: string) => string): Promise<void> {
  await store.withTenant('default', async (tx) => {
    const records = await tx.auditSeals.unsealed(1000);
    const rows = records.map(({ at, seal: _seal, ...rest }) => ({ ...rest, at: at.toISOString() }));
    const content = { rows: rows.length, rowsHash: auditRowsHash(rows), sealedAt: new Date().toISOString() };
    const seal = nextSeal('default', await tx.auditSeals.last(), { ...content, sign: signed });
    await tx.auditSeals.put(
      { ...seal, sealedAt: new Date(seal.sealedAt) },
      rows.map(({ id }) => id),
    );
  });
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
    const given = { cluster, gns, expectedSeq: 0, next: ref, minCatalogSeq: 0, statement: '{}', signature: 'c2ln' };
    await tx.targets.move([{ ...given, state: 'ACTIVE' }]);
    await tx.targets.acknowledge({ cluster, session }, [{ gns, line: 'policy', ref, objectCount: 5, issues }]);
    await tx.holds.hold({ cluster, kind: 'PRUNE', gns, ...set });
  });
}
