import { buildTree, entry, treeNodes, type Canonical, type Tree } from '@isthmus/domain';
import type { ResourceInput, Store } from '@isthmus/store';
import pg from 'pg';

/** A service of a compiled world: where it runs, as `cluster/namespace` or `cluster/namespace/version`. */
export type Running = Readonly<Record<string, readonly string[]>>;

export interface World {
  project: string;
  gns: string;
  running: Running;
  encryption?: 'STRICT';
  /** Rules of access for all services, by the name of their policy. */
  access?: Readonly<Record<string, object>>;
}

const domainOf = ({ project, gns }: World): string => `${gns}.${project}.global`;

function policyOf(world: World): Tree {
  const { project, gns: name, encryption, access = {} } = world;
  const blocks = Object.entries(access).map(([policy, feature]) =>
    entry(`gns/block/authorization/${project}/AccessPolicy/${policy}`, {
      ...{ kind: 'block', scope: 'GLOBAL_NAMESPACE', policy: { kind: 'AccessPolicy', project, name: policy } },
      feature: { kind: 'authorization', ...feature } as Canonical,
    }),
  );
  const gns = { kind: 'gns', project, name, domain: domainOf(world), memberClusters: ['east', 'west'] };
  const mode = encryption === undefined ? [] : [entry('gns/encryption', { kind: 'encryption', mode: encryption })];
  return buildTree([entry('gns', gns), ...mode, ...blocks]);
}

function catalogOf(world: World): Tree {
  const clusters = ['east', 'west'].map((name) =>
    entry(`cluster/${name}`, {
      ...{ kind: 'cluster', name, mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'cluster.local' },
      ...(name === 'east'
        ? { gateways: [{ address: '192.0.2.1', port: 15443, namespace: 'mesh', selector: [] }] }
        : {}),
    }),
  );
  const hosts = Object.entries(world.running).flatMap(([service, places]) => {
    const host = `${service}.${domainOf(world)}`;
    const ports = [{ number: 80, name: 'http-80', protocol: 'HTTP' }];
    const members = places.map((place) => {
      const [cluster = '', namespace = '', version] = place.split('/');
      return entry(`host/${host}/member/${cluster}/${namespace}/${service}`, {
        ...{ kind: 'member', host, cluster, namespace, service, state: 'served', selector: [] },
        ...{ serviceAccounts: [service], ports: [{ number: 80, targetPort: 8080 }] },
        ...(version === undefined ? {} : { versions: [version] }),
      });
    });
    return [entry(`host/${host}`, { kind: 'host', host, service, vip: '240.0.0.1', ports }), ...members];
  });
  return buildTree([...clusters, ...hosts]);
}

/** Stores a global namespace of the organization `default` with clusters east and west as the worker compiles it; its uid. */
export async function plantWorld(store: Store, world: World): Promise<string> {
  const { project, gns: name } = world;
  const specs: ResourceInput[] = [
    { kind: 'Project', project: '', name: project, spec: {} },
    ...['east', 'west'].map((cluster): ResourceInput => ({
      ...{ kind: 'Cluster', project: '', name: cluster },
      spec: { mesh: { kind: 'istio' } },
    })),
    { kind: 'GlobalNamespace', project, name, spec: { domain: domainOf(world), members: [{}] } },
  ];
  const uids = await store.mutate('default', { actor: 'user:spec', action: 'applyResources' }, async (tx) => {
    const found: string[] = [];
    for (const spec of specs) {
      const put = await tx.resources.put(spec);
      if (put.outcome === 'conflict') throw new Error(`conflict over ${spec.name}`);
      found.push(put.record.uid);
    }
    return found;
  });
  const [, east = '', west = '', gns = ''] = uids;
  const [policy, catalog] = [policyOf(world), catalogOf(world)];
  await store.withTenant('default', async (tx) => {
    const nodes = [...treeNodes(policy), ...treeNodes(catalog)];
    await tx.objects.put(nodes.map(({ hash, kind, text }) => ({ hash, kind, bytes: Buffer.from(text) })));
    await tx.heads.lock(gns);
    const specVersion = await tx.resources.specVersion();
    await tx.heads.publishPolicy({ gns, root: policy.root, compilerVersion: 1, specVersion, issues: [] });
    const next = { epoch: 1, seq: 1, root: catalog.root };
    const signed = { statement: '{}', signature: 'c2ln', inventoryVersion: 0, issues: [] };
    await tx.heads.publishCatalog({ gns, expectedSeq: 0, next, ...signed });
    const ref = { epoch: 1, seq: 1, root: policy.root };
    const move = { gns, expectedSeq: 0, state: 'ACTIVE' as const, minCatalogSeq: 0, revision: 1, next: ref };
    await tx.targets.move([east, west].map((cluster) => ({ ...move, cluster, statement: '{}', signature: 'c2ln' })));
  });
  return gns;
}

/** How transactions begin and end is not what they ask. */
const CONTROL = /^(BEGIN|COMMIT|ROLLBACK|SET LOCAL ROLE)\b/;

/** Counts what this process asks databases for; made before the first connection, since pools keep the functions of theirs. */
export class StatementCount {
  private readonly prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  private readonly query = this.prototype.query;
  private count = 0;

  constructor() {
    const { query } = this;
    const noted = (statement: unknown): void => {
      const text = typeof statement === 'string' ? statement : (statement as { text: string }).text;
      if (!CONTROL.test(text)) this.count += 1;
    };
    this.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
      noted(args[0]);
      return query.apply(this, args);
    };
  }

  async of(run: () => Promise<unknown>): Promise<number> {
    const before = this.count;
    await run();
    return this.count - before;
  }

  end(): void {
    this.prototype.query = this.query;
  }
}
