import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createAgentGateway, memoryKeyStore } from '@isthmus/api';
import type { AgentGateway, GatewayTimings } from '@isthmus/api';
import { EMPTY_ROOT, EMPTY_TREE, treeNodes } from '@isthmus/domain';
import type { Tree } from '@isthmus/domain';
import { createLogger, systemClock } from '@isthmus/platform';
import type { Clock } from '@isthmus/platform';
import { statementText } from '@isthmus/protocol';
import type { Statement, StepName } from '@isthmus/protocol';
import type { AuditInfo, Store } from '@isthmus/store';

export const ORG = 'default';
const AUDIT: AuditInfo = { actor: 'spec', action: 'spec' };
export const log = createLogger('spec', process.env['SPEC_LOG'] === undefined ? 'silent' : 'debug');

/** A gateway over a real store, with the worker's part (compile, sign, move pointers) done by hand. */
export class Centre {
  #signer = generateKeyPairSync('ed25519');
  #seqs = new Map<string, number>();
  #gateway: AgentGateway | undefined;
  #port = 0;
  /** Of the next gateway that is started. */
  clock: Clock = systemClock;
  keys = memoryKeyStore();
  /** Names in the gateway's certificate. */
  serverNames = ['localhost', '127.0.0.1'];

  constructor(
    readonly store: Store,
    readonly org = ORG,
  ) {}

  /** The same authority and signer over another database, which knows the positions that this one knows now. */
  over(store: Store): Centre {
    const other = new Centre(store, this.org);
    other.#signer = this.#signer;
    other.#seqs = new Map(this.#seqs);
    other.keys = this.keys;
    return other;
  }

  get gateway(): AgentGateway {
    if (!this.#gateway) throw new Error('the gateway is not started');
    return this.#gateway;
  }

  get url(): string {
    return `https://127.0.0.1:${String(this.#port)}`;
  }

  async start(timings: Partial<GatewayTimings> = {}, port = 0): Promise<void> {
    const statementKeys = [this.#signer.publicKey.export({ type: 'spki', format: 'pem' }).toString()];
    this.#gateway = await createAgentGateway({
      store: this.store,
      log,
      clock: this.clock,
      keys: this.keys,
      statementKeys: () => Promise.resolve(statementKeys),
      host: '127.0.0.1',
      port,
      serverNames: this.serverNames,
      gatewayId: randomBytes(4).toString('hex'),
      timings: { pollMs: 200, ...timings },
    });
    this.#port = this.#gateway.port;
  }

  /** Stops the gateway; the address stays for the next one. */
  async stop(): Promise<void> {
    await this.#gateway?.close();
    this.#gateway = undefined;
  }

  /** A Cluster resource; answers its uid. */
  async addCluster(name: string): Promise<string> {
    const key = { kind: 'Cluster' as const, project: '', name };
    const put = await this.store.mutate(this.org, AUDIT, (tx) =>
      tx.resources.put({ ...key, spec: { mesh: { kind: 'istio' } } }),
    );
    if (put.outcome === 'conflict') throw new Error('conflict');
    return put.record.uid;
  }

  /** An enrolment token of the cluster. */
  async token(cluster: string, lifeMs = 60_000, renews = false): Promise<string> {
    const secret = randomBytes(24).toString('base64url');
    const secretHash = createHash('sha256').update(secret).digest('hex');
    await this.store.withTenant(this.org, (tx) =>
      tx.enrolments.create({ cluster, secretHash, expiresAt: new Date(Date.now() + lifeMs), renews }),
    );
    return secret;
  }

  sign(statement: Statement): { statement: string; signature: string } {
    const text = statementText(statement);
    return { statement: text, signature: sign(null, Buffer.from(text), this.#signer.privateKey).toString('base64') };
  }

  /** Moves the catalog head of a global namespace. */
  async publishCatalog(gns: string, tree: Tree): Promise<number> {
    const seq = this.#next(`${gns}/catalog`);
    const epoch = await this.store.system.epoch();
    const signed = this.sign({ org: this.org, gns, line: 'catalog', epoch, seq, root: tree.root });
    await this.#putTree(tree);
    await this.store.withTenant(this.org, async (tx) => {
      await tx.heads.lock(gns);
      const next = { epoch, seq, root: tree.root };
      const outcome = await tx.heads.publishCatalog({
        gns,
        expectedSeq: seq - 1,
        next,
        ...signed,
        inventoryVersion: 0,
        issues: [],
      });
      if (outcome.outcome !== 'moved') throw new Error('the catalog did not move');
    });
    return seq;
  }

  /** Moves one cluster's policy pointer; the empty tree makes it leave. */
  async publishPolicy(
    { step, ...to }: { cluster: string; gns: string; step?: StepName },
    tree: Tree,
    minCatalogSeq = 0,
  ): Promise<number> {
    const seq = this.#next(`${to.gns}/${to.cluster}`);
    const epoch = await this.store.system.epoch();
    const signed = this.sign({
      org: this.org,
      ...to,
      line: 'policy',
      epoch,
      seq,
      root: tree.root,
      minCatalogSeq,
      step,
    });
    await this.#putTree(tree);
    const state = tree.root === EMPTY_ROOT ? ('LEAVING' as const) : ('ACTIVE' as const);
    const outcome = await this.store.withTenant(this.org, (tx) =>
      tx.targets.move([
        { ...to, expectedSeq: seq - 1, next: { epoch, seq, root: tree.root }, state, minCatalogSeq, ...signed },
      ]),
    );
    if (outcome.moved.length !== 1) throw new Error('the target did not move');
    return seq;
  }

  async #putTree(tree: Tree): Promise<void> {
    if (tree.root === EMPTY_TREE.root) return;
    const objects = [...treeNodes(tree)].map(({ hash, kind, text }) => ({ hash, kind, bytes: Buffer.from(text) }));
    await this.store.withTenant(this.org, (tx) => tx.objects.put(objects));
  }

  #next(key: string): number {
    const seq = (this.#seqs.get(key) ?? 0) + 1;
    this.#seqs.set(key, seq);
    return seq;
  }
}
