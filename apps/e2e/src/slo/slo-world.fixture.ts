import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createBreaker,
  createPruneGate,
  enrol,
  fileIdentityStore,
  memoryStateStore,
  openDirectoryCluster,
  prometheusStore,
  renderGns,
  runAgent,
  wsTransport,
} from '@isthmus/agent';
import {
  createAgentGateway,
  hashToken,
  memoryKeyStore,
  newApiToken,
  shownPrefix,
  startApiServer,
  type AgentGateway,
  type ApiServer,
} from '@isthmus/api';
import { renderYaml } from '@isthmus/meshes';
import { createLogger, createMetrics, systemClock } from '@isthmus/platform';
import { createMemoryQueue, type Queue } from '@isthmus/queue';
import { bootstrap, type Store } from '@isthmus/store';
import { startWorker, type Worker } from '@isthmus/worker';

const log = createLogger('spec', process.env['SPEC_LOG'] === undefined ? 'silent' : 'debug');

/** Services of one namespace as manifests. */
function manifestsOf(namespace: string, services: readonly string[]): string {
  const documents = services.map(
    (name) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 9080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}-v1, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, ports: [{ containerPort: 9080 }] }] }
`,
  );
  return [`apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`, ...documents].join('---\n');
}

/** A directory cluster of this installation with its agent. */
interface AgentOf {
  cluster: string;
  namespace: string;
  services: readonly string[];
  /** Without one nothing is measured. */
  prometheus?: { url: string; simulated: boolean };
}

interface RunningAgent {
  abort: AbortController;
  running: Promise<void>;
}

/** API, gateway, worker and agents of one installation, all real, in this process. */
export class SloWorld {
  readonly #agents = new Map<string, RunningAgent>();

  private constructor(
    readonly store: Store,
    private readonly parts: { api: ApiServer; gateway: AgentGateway; worker: Worker; queue: Queue; token: string },
    private readonly folder: string,
  ) {}

  static async start({ store, url: connectionString }: { store: Store; url: string }): Promise<SloWorld> {
    await bootstrap({ connectionString, store });
    const keys = generateKeyPairSync('ed25519');
    const publicKeyPem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const common = { store, log, clock: systemClock };
    const gateway = await createAgentGateway({
      ...common,
      keys: memoryKeyStore(),
      statementKeys: () => Promise.resolve([publicKeyPem]),
      host: '127.0.0.1',
      port: 0,
      serverNames: ['127.0.0.1'],
      gatewayId: randomUUID(),
      timings: { pollMs: 200 },
    });
    const api = await startApiServer({
      ...common,
      statementKeys: () => Promise.resolve([publicKeyPem]),
      host: '127.0.0.1',
      port: 0,
      onboarding: {
        gatewayUrl: `https://127.0.0.1:${String(gateway.port)}`,
        gatewayCa: () => Promise.resolve(gateway.caPem),
      },
      health: { version: '0', ready: {}, metrics: createMetrics('api') },
    });
    const queue = createMemoryQueue();
    const signer = {
      publicKeyPem,
      sign: (text: string) => sign(null, Buffer.from(text), keys.privateKey).toString('base64'),
    };
    const timings = { pollMs: 100, evaluateMs: 300 };
    const worker = await startWorker({ ...common, queue, signer, registry: createMetrics('worker'), timings });
    const token = newApiToken();
    await store.mutate('default', { actor: 'user:spec', action: 'createApiToken' }, (tx) =>
      tx.tokens.create({ prefix: shownPrefix(token), hash: hashToken(token), name: 'spec', role: 'admin' }),
    );
    const folder = await mkdtemp(join(tmpdir(), 'isthmus-slo-world-'));
    return new SloWorld(store, { api, gateway, worker, queue, token }, folder);
  }

  async graphql<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${String(this.parts.api.port)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.parts.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
    if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  async apply(documents: string): Promise<void> {
    const query = `mutation Apply($documents: String!) {
      applyResources(input: { documents: $documents }) { error { message issues { code path message } } }
    }`;
    const { applyResources } = await this.graphql<{ applyResources: { error: unknown } }>(query, { documents });
    if (applyResources.error !== null) throw new Error(JSON.stringify(applyResources.error));
  }

  /** Starts the agent of a cluster; the first time it enrols. */
  async startAgent({ cluster: name, namespace, services, prometheus }: AgentOf): Promise<void> {
    const home = join(this.folder, name);
    await mkdir(join(home, 'manifests'), { recursive: true });
    await writeFile(join(home, 'manifests', 'services.yaml'), manifestsOf(namespace, services));
    const identities = fileIdentityStore(join(home, 'state'));
    const cluster = await openDirectoryCluster({
      manifests: join(home, 'manifests'),
      out: join(home, 'out'),
      toYaml: (object) => renderYaml([object]),
      pollMs: 500,
    });
    const gateway = `https://127.0.0.1:${String(this.parts.gateway.port)}`;
    let identity = await identities.load();
    if (identity === undefined) {
      const uid = await cluster.uid();
      const result = await enrol({ gateway, ...(await this.#ticket(name)), clusterUid: uid, agentVersion: 'spec' });
      if (!result.ok) throw new Error(result.message);
      await identities.save(result.identity);
      identity = result.identity;
    }
    const abort = new AbortController();
    const signals = prometheus && {
      store: prometheusStore({ url: prometheus.url, tokenFile: undefined, timeoutMs: 5_000 }),
      simulated: prometheus.simulated,
    };
    const running = runAgent({
      ...{ identity, identities, cluster, log, signals },
      state: memoryStateStore(),
      render: renderGns,
      gate: createPruneGate(createBreaker(systemClock)),
      clock: systemClock,
      bootId: randomUUID(),
      version: 'spec',
      agentNamespace: 'isthmus-system',
      transport: (credentials) => wsTransport({ gateway, credentials: () => Promise.resolve(credentials()) }),
      random: () => 0.1,
      signal: abort.signal,
    });
    this.#agents.set(name, { abort, running });
  }

  async stopAgent(name: string): Promise<void> {
    const agent = this.#agents.get(name);
    this.#agents.delete(name);
    agent?.abort.abort();
    await agent?.running;
  }

  async stop(): Promise<void> {
    for (const name of [...this.#agents.keys()]) await this.stopAgent(name);
    const { api, gateway, worker, queue } = this.parts;
    await worker.close();
    await queue.close();
    await api.close();
    await gateway.close();
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #ticket(cluster: string): Promise<{ token: string; ca: string }> {
    type Answer = { createEnrolmentToken: { ok: { secret: string; gatewayCa: string } | null; error: unknown } };
    const query = `mutation Token($cluster: String!) {
      createEnrolmentToken(input: { cluster: $cluster }) { ok { secret gatewayCa } error { message } }
    }`;
    const { createEnrolmentToken } = await this.graphql<Answer>(query, { cluster });
    if (createEnrolmentToken.ok === null) throw new Error(JSON.stringify(createEnrolmentToken.error));
    return { token: createEnrolmentToken.ok.secret, ca: createEnrolmentToken.ok.gatewayCa };
  }
}
