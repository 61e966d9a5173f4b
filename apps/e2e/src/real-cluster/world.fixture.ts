import { randomUUID } from 'node:crypto';
import { LABELS, MANAGED_BY } from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import { Centre, ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { catalogTree, policyTree } from '../agent-path/trees.fixture.js';
import { AgentProcess, type AgentStart } from './agent-process.fixture.js';
import { RealCluster } from './real-cluster.fixture.js';

/** How the world begins. */
export interface WorldOptions {
  store: Store;
  services: readonly string[];
  cluster?: RealCluster;
}

/** A gateway, a real apiserver called `east` with services in `shop`, and agent processes that the spec starts and ends. */
export class World {
  readonly gns = randomUUID();
  readonly #agents: AgentProcess[] = [];

  private constructor(
    public centre: Centre,
    readonly cluster: RealCluster,
    /** Uid of the Cluster resource. */
    readonly uid: string,
  ) {}

  get store(): Store {
    return this.centre.store;
  }

  /** Nothing is published yet, and no agent runs. */
  static async create({ store, services, cluster }: WorldOptions): Promise<World> {
    const centre = new Centre(store);
    await centre.start();
    const real = cluster ?? (await RealCluster.start());
    await real.services(services);
    return new World(centre, real, await centre.addCluster('east'));
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) await agent.kill();
    await this.centre.stop();
    await this.cluster.stop();
    await this.store.close();
  }

  /** A pod that has to enrol. */
  async enrolAgent(more: Partial<AgentStart> = {}): Promise<AgentProcess> {
    const token = await this.centre.token(this.uid);
    return this.startAgent({ ticket: { token, ca: this.centre.gateway.caPem }, ...more });
  }

  /** A pod that finds its identity in the cluster. */
  async startAgent(more: Partial<AgentStart> = {}): Promise<AgentProcess> {
    const { kubeconfig } = this.cluster.server;
    const agent = await AgentProcess.start({ gateway: this.centre.url, kubeconfig, ...more });
    this.#agents.push(agent);
    return agent;
  }

  /** The first catalog and policy. */
  async begin(services: readonly string[]): Promise<void> {
    await this.centre.publishCatalog(this.gns, catalogTree(services));
    await this.centre.publishPolicy({ cluster: this.uid, gns: this.gns }, policyTree(), 1);
  }

  /** Stops the gateway; another one takes its address. */
  async replaceCentre(centre: Centre): Promise<void> {
    const { port } = this.centre.gateway;
    await this.centre.stop();
    this.centre = centre;
    await centre.start({}, port);
  }

  publish(services: readonly string[]): Promise<number> {
    return this.centre.publishCatalog(this.gns, catalogTree(services));
  }

  /** Waits until the agent says that it has applied this position, without a write that failed. */
  async applied(line: 'policy' | 'catalog', seq: number, timeoutMs = 90_000): Promise<void> {
    let seen = '';
    await eventually(
      async () => {
        const records = await this.store.withTenant(ORG, (tx) => tx.targets.applied({ cluster: this.uid }));
        const record = records.find((candidate) => candidate.line === line && candidate.gns === this.gns);
        seen = JSON.stringify([record?.ref, record?.detail, record?.issues]);
        return (record?.ref.seq === seq && (record.detail as { state: string }).state === 'APPLIED') || undefined;
      },
      `${line} ${String(seq)} is applied`,
      timeoutMs,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${seen}\n${this.#agents.at(-1)?.log.slice(-2000) ?? ''}`);
    });
  }

  /** Codes that the agent reports on the catalog now. */
  async issues(): Promise<{ code: string; message: string }[]> {
    const records = await this.store.withTenant(ORG, (tx) => tx.targets.applied({ cluster: this.uid }));
    return records.flatMap(({ issues }) => issues as { code: string; message: string }[]);
  }

  /** Waits until an issue of this code is reported; answers its message. */
  async reports(code: string, timeoutMs = 90_000): Promise<string> {
    const found = await eventually(
      async () => (await this.issues()).find((issue) => issue.code === code),
      `${code} is reported`,
      timeoutMs,
    );
    return found.message;
  }

  /** Waits until an issue of this code is reported no more. */
  async clears(code: string, timeoutMs = 90_000): Promise<void> {
    await eventually(
      async () => !(await this.issues()).some((issue) => issue.code === code) || undefined,
      `${code} is over`,
      timeoutMs,
    );
  }

  /** Waits until that many objects, or more, carry our label. */
  async grown(count: number, timeoutMs = 60_000): Promise<void> {
    const type = await this.cluster.admin.discovery.find('networking.istio.io/v1', 'ServiceEntry');
    if (!type.ok) throw new Error(type.failure.message);
    const labelSelector = `${LABELS.managedBy}=${MANAGED_BY}`;
    const list = { type: type.value, labelSelector, limit: 5000, metadataOnly: true };
    await eventually(
      async () => {
        const listed = await this.cluster.admin.list(list);
        return (listed.ok && listed.value.items.length >= count) || undefined;
      },
      `${String(count)} service entries`,
      timeoutMs,
    );
  }
}
