import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import {
  EMPTY_ROOT,
  readTree,
  type ClusterSpec,
  type EncryptionMode,
  type GlobalNamespaceSpec,
  type InventoryNamespace,
  type ResourceKind,
  type Tree,
} from '@isthmus/domain';
import { createMetrics, silentLogger, systemClock } from '@isthmus/platform';
import { parseStatementText, type Statement } from '@isthmus/protocol';
import type { Queue } from '@isthmus/queue';
import type { AppliedReport, AuditInfo, ResourceInput, Store, TargetRecord } from '@isthmus/store';
import type { Signer } from './signer/signer.js';
import { startWorker, type Worker } from './start-worker.js';

export const ORG = 'default';
const AUDIT: AuditInfo = { actor: 'spec', action: 'spec' };

/** A signer with a key of its own. */
export function specSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}

/** Waits until the test answers something; throws what did not happen. */
export async function eventually<T>(test: () => Promise<T | undefined>, what: string, timeoutMs = 30_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const value = await test();
    if (value !== undefined) return value;
    if (Date.now() > until) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A namespace with services that each have one HTTP port and a workload. */
export function shop(services: readonly string[], name = 'shop'): InventoryNamespace {
  return {
    name,
    labels: {},
    readable: true,
    services: services.map((service) => ({
      name: service,
      labels: {},
      type: 'ClusterIP',
      headless: false,
      selector: { app: service },
      ports: [{ name: 'http', number: 80, protocol: 'TCP', targetPort: 8080 }],
    })),
    workloads: services.map((service) => ({
      kind: 'Deployment',
      name: service,
      labels: { app: service },
      serviceAccount: service,
      ports: [{ number: 8080, protocol: 'TCP' }],
    })),
  };
}

/** The centre of a spec: a real store, workers, and agents whose part is played by hand. */
export class World {
  readonly signer = specSigner();
  readonly uids = new Map<string, string>();
  private readonly sessions = new Map<string, number>();
  private readonly inventorySeqs = new Map<string, number>();
  private readonly workers: Worker[] = [];

  constructor(readonly store: Store) {}

  async startWorker(queue: Queue, ownerWaitMs?: number): Promise<Worker> {
    const worker = await startWorker({
      store: this.store,
      queue,
      signer: this.signer,
      clock: systemClock,
      log: silentLogger(),
      registry: createMetrics('spec'),
      timings: { pollMs: 100, reconcileMs: 500 },
      ...(ownerWaitMs === undefined ? {} : { ownerWaitMs }),
    });
    this.workers.push(worker);
    return worker;
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
  }

  async put(kind: ResourceKind, name: string, content: Pick<ResourceInput, 'spec' | 'labels'>): Promise<string> {
    const project = kind === 'Cluster' || kind === 'ClusterGroup' ? '' : 'default';
    const outcome = await this.store.mutate(ORG, AUDIT, (tx) => tx.resources.put({ kind, project, name, ...content }));
    if (outcome.outcome === 'conflict') throw new Error(`conflict at ${name}`);
    this.uids.set(name, outcome.record.uid);
    return outcome.record.uid;
  }

  async remove(kind: ResourceKind, name: string): Promise<void> {
    const project = kind === 'Cluster' ? '' : 'default';
    await this.store.mutate(ORG, AUDIT, (tx) => tx.resources.delete({ kind, project, name }));
  }

  async cluster(name: string, spec: Partial<ClusterSpec> = {}, clusterUid?: string): Promise<string> {
    const uid = await this.put('Cluster', name, { spec: { mesh: { kind: 'istio' }, ...spec } });
    await this.connect(name, clusterUid);
    return uid;
  }

  /** An agent of the cluster comes, newer ones with a protocol. */
  async connect(name: string, clusterUid?: string, protocol?: number): Promise<void> {
    const uid = this.uid(name);
    const opened = await this.store.withTenant(ORG, (tx) =>
      tx.sessions.connect({
        cluster: uid,
        gatewayId: 'spec',
        clusterUid: clusterUid ?? uid,
        agentVersion: 'spec',
        address: '127.0.0.1',
        ...(protocol === undefined ? {} : { protocol }),
      }),
    );
    if (opened.outcome !== 'connected') throw new Error(opened.outcome);
    this.sessions.set(name, opened.session);
  }

  gns(name: string, spec: Partial<GlobalNamespaceSpec> = {}): Promise<string> {
    const members = [{ namespaces: { names: ['shop'] } }];
    return this.put('GlobalNamespace', name, { spec: { domain: `${name}.global`, members, ...spec } });
  }

  encryption(name: string, gns: string, mode: EncryptionMode): Promise<string> {
    return this.put('EncryptionPolicy', name, { spec: { targets: [{ globalNamespace: gns }], mode } });
  }

  /** Reports a namespace of the cluster, or that it was deleted. */
  async report(cluster: string, namespace: InventoryNamespace | { deleted: string }): Promise<void> {
    const seq = (this.inventorySeqs.get(cluster) ?? 0) + 1;
    this.inventorySeqs.set(cluster, seq);
    const hash = randomUUID();
    const put =
      'deleted' in namespace
        ? []
        : [{ namespace: namespace.name, hash, body: JSON.stringify(namespace), readable: namespace.readable }];
    const remove = 'deleted' in namespace ? [namespace.deleted] : [];
    const update = { bootId: 'spec', seq, root: hash, complete: true, facts: { mesh: {}, gateways: [] }, put, remove };
    const outcome = await this.store.withTenant(ORG, (tx) => tx.inventory.apply(this.from(cluster), update));
    if (outcome !== 'written') throw new Error(outcome);
  }

  /** Acknowledges, for one cluster, what its pointers and the catalog say now. */
  async acknowledge(
    cluster: string,
    gns: string,
    lines: readonly AppliedReport['line'][] = ['policy', 'catalog'],
  ): Promise<void> {
    const target = await this.target(cluster, gns);
    const head = await this.head(gns);
    const catalog = {
      epoch: head?.catalogEpoch ?? 0,
      seq: head?.catalogSeq ?? 0,
      root: head?.catalogRoot ?? EMPTY_ROOT,
    };
    const refs = { policy: target?.ref, catalog };
    const reports = lines.flatMap((line) => {
      const ref = refs[line];
      return ref === undefined ? [] : [{ gns: this.uid(gns), line, ref, objectCount: 0, issues: [] }];
    });
    await this.store.withTenant(ORG, async (tx) => {
      await tx.targets.acknowledge(this.from(cluster), reports);
      if (target?.state === 'LEAVING') await tx.targets.close(this.uid(cluster), this.uid(gns), target.ref.seq);
    });
  }

  /** Says that everything of the newest policy but routes that wait stands in the cluster. */
  async ready(cluster: string, gns: string): Promise<void> {
    const target = await this.target(cluster, gns);
    const before = await this.store.withTenant(ORG, (tx) => tx.targets.applied({ cluster: this.uid(cluster) }));
    const ref = before.find(({ line }) => line === 'policy')?.ref ?? { epoch: 0, seq: 0, root: EMPTY_ROOT };
    const detail = { state: 'WAITING', wanted: target?.ref, ready: true };
    const report = { gns: this.uid(gns), line: 'policy' as const, ref, objectCount: 0, issues: [], detail };
    await this.store.withTenant(ORG, (tx) => tx.targets.acknowledge(this.from(cluster), [report]));
  }

  uid(name: string): string {
    const uid = this.uids.get(name);
    if (uid === undefined) throw new Error(`${name} is unknown`);
    return uid;
  }

  target(cluster: string, gns: string): Promise<TargetRecord | undefined> {
    return this.store.withTenant(ORG, (tx) => tx.targets.get(this.uid(cluster), this.uid(gns)));
  }

  head(gns: string) {
    return this.store.withTenant(ORG, (tx) => tx.heads.get(this.uid(gns)));
  }

  members(gns: string) {
    return this.store.withTenant(ORG, (tx) => tx.members.list(this.uid(gns)));
  }

  /** States of members by `<cluster>/<service>`. */
  async states(gns: string): Promise<Record<string, string>> {
    return Object.fromEntries(
      (await this.members(gns)).map(({ cluster, service, state }) => [`${cluster}/${service}`, state]),
    );
  }

  /** Reads a tree back from its stored objects. */
  async tree(root: string): Promise<Tree> {
    const result = await readTree(root, async (hashes) => {
      const found = await this.store.withTenant(ORG, (tx) => tx.objects.get(hashes));
      return new Map([...found].map(([hash, { bytes }]) => [hash, Buffer.from(bytes).toString('utf8')]));
    });
    if (!result.ok) throw new Error(`tree ${root} cannot be read`);
    return result.tree;
  }

  /** The statement, if its signature holds. */
  verified({ statement, signature }: { statement: string; signature: string }): Statement | undefined {
    const holds = verify(
      null,
      Buffer.from(statement),
      createPublicKey(this.signer.publicKeyPem),
      Buffer.from(signature, 'base64'),
    );
    return holds ? parseStatementText(statement) : undefined;
  }

  private from(cluster: string): { cluster: string; session: number } {
    return { cluster: this.uid(cluster), session: this.sessions.get(cluster) ?? 0 };
  }
}
