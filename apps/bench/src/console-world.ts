import { buildTree, entry, treeNodes, type Canonical, type Tree } from '@isthmus/domain';
import { createStore, DEFAULT_ORGANIZATION, type ResourceInput, type Store } from '@isthmus/store';
import pg from 'pg';

export interface ConsoleWorldSize {
  /** Of the global namespace that is shown as a topology. */
  services: number;
  clusters: number;
  /** Of each long list. */
  rows: number;
}

/** Global namespaces beside the large one, as Home counts them. */
const OTHERS = 50;
const NAMESPACES = 40;
const PROJECT = 'default';
export const GNS = 'shop';
const DOMAIN = 'shop.global';

const clusterNames = (clusters: number): string[] =>
  Array.from({ length: clusters }, (_, index) => `cluster-${String(index + 1).padStart(2, '0')}`);

/** Fills the database of a started API: long lists, and a global namespace of many services as the worker would have compiled it. */
export async function fillConsoleWorld(databaseUrl: string, size: ConsoleWorldSize): Promise<void> {
  const store = createStore({ connectionString: databaseUrl });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await putCompiled(store, size);
    await fillLists(client, size.rows);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
    await store.close();
  }
}

function policyTree(clusters: readonly string[]): Tree {
  const policy = { kind: 'AccessPolicy', project: PROJECT, name: 'callers' };
  const rules = [{ action: 'ALLOW', from: [{ services: ['s0001', 's0002'] }], to: [{ ports: [80] }] }];
  const feature: Canonical = { kind: 'authorization', rules };
  return buildTree([
    entry('gns', { kind: 'gns', project: PROJECT, name: GNS, domain: DOMAIN, memberClusters: [...clusters] }),
    entry('gns/encryption', { kind: 'encryption', mode: 'STRICT' }),
    entry(`gns/block/authorization/${PROJECT}/AccessPolicy/callers`, {
      ...{ kind: 'block', scope: 'GLOBAL_NAMESPACE', policy, feature },
    }),
  ]);
}

/** Each service runs in one to three of the clusters, in two versions. */
function catalogTree(services: number, clusters: readonly string[]): Tree {
  const known = clusters.map((name, index) =>
    entry(`cluster/${name}`, {
      ...{ kind: 'cluster', name, mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'cluster.local' },
      gateways: [{ address: `192.0.2.${String((index % 250) + 1)}`, port: 15443, namespace: 'mesh', selector: [] }],
    }),
  );
  const hosts = Array.from({ length: services }, (_, index) => {
    const service = `s${String(index).padStart(4, '0')}`;
    const host = `${service}.${DOMAIN}`;
    const namespace = `n${String(index % NAMESPACES)}`;
    const ports = [{ number: 80, name: 'http-80', protocol: 'HTTP' }];
    const places = clusters.filter((_name, at) => (index + at) % clusters.length <= index % 3);
    const vip = `240.64.${String(index >> 8)}.${String(index & 255)}`;
    const members = places.map((cluster, at) =>
      entry(`host/${host}/member/${cluster}/${namespace}/${service}`, {
        ...{ kind: 'member', host, cluster, namespace, service, state: 'served', selector: [] },
        ...{
          serviceAccounts: [service],
          ports: [{ number: 80, targetPort: 8080 }],
          versions: [`v${String(1 + (at % 2))}`],
        },
      }),
    );
    return [entry(`host/${host}`, { kind: 'host', host, service, vip, ports }), ...members];
  });
  return buildTree([...known, ...hosts.flat()]);
}

async function putCompiled(store: Store, { services, clusters: count }: ConsoleWorldSize): Promise<void> {
  const clusters = clusterNames(count);
  const inputs: ResourceInput[] = [
    { kind: 'GlobalNamespace', project: PROJECT, name: GNS, spec: { domain: DOMAIN, members: [{}] } },
    ...clusters.map((name): ResourceInput => ({
      ...{ kind: 'Cluster', project: '', name, spec: { mesh: { kind: 'istio' } } },
    })),
    ...Array.from({ length: OTHERS }, (_, index): ResourceInput => ({
      ...{ kind: 'GlobalNamespace', project: PROJECT, name: `other-${String(index)}` },
      spec: { domain: `other-${String(index)}.global`, members: [{}] },
    })),
  ];
  const info = { actor: 'system:bench', action: 'fill' };
  const [gns = '', ...uids] = await store.mutate(DEFAULT_ORGANIZATION, info, async (tx) => {
    const made: string[] = [];
    for (const input of inputs) {
      const put = await tx.resources.put(input);
      if (put.outcome === 'conflict') throw new Error(`there is a ${input.name} already`);
      made.push(put.record.uid);
    }
    return made;
  });
  const [policy, catalog] = [policyTree(clusters), catalogTree(services, clusters)];
  await store.withTenant(DEFAULT_ORGANIZATION, async (tx) => {
    const nodes = [...treeNodes(policy), ...treeNodes(catalog)];
    await tx.objects.put(nodes.map(({ hash, kind, text }) => ({ hash, kind, bytes: Buffer.from(text) })));
    await tx.heads.lock(gns);
    const specVersion = await tx.resources.specVersion();
    await tx.heads.publishPolicy({ gns, root: policy.root, compilerVersion: 1, specVersion, issues: [] });
    const signed = { statement: '{}', signature: 'c2ln', inventoryVersion: 0, issues: [] };
    const next = { epoch: 1, seq: 1, root: catalog.root };
    await tx.heads.publishCatalog({ gns, expectedSeq: 0, next, ...signed });
    const move = { gns, expectedSeq: 0, state: 'ACTIVE' as const, minCatalogSeq: 0, revision: 1 };
    const ref = { epoch: 1, seq: 1, root: policy.root };
    await tx.targets.move(
      uids.slice(0, count).map((cluster) => ({ ...move, cluster, next: ref, statement: '{}', signature: 'c2ln' })),
    );
  });
}

/** Resources and changes by the ten thousand, as they would have come over years. */
async function fillLists(client: pg.Client, rows: number): Promise<void> {
  await client.query('BEGIN');
  await client.query("SELECT set_config('isthmus.org', $1, true)", [DEFAULT_ORGANIZATION]);
  await client.query(
    `INSERT INTO resource (org_id, uid, kind, project, name, labels, annotations, spec, generation, version, created_at, updated_at)
     SELECT $1, gen_random_uuid()::text, 'TrafficPolicy', $2, 'policy-' || lpad(n::text, 5, '0'), '{}', '{}',
       jsonb_build_object('targets', jsonb_build_array(jsonb_build_object('globalNamespace', 'other-' || n % $4::int))), 1, 1000000 + n, now(), now()
     FROM generate_series(1, $3::int) n`,
    [DEFAULT_ORGANIZATION, PROJECT, rows, OTHERS],
  );
  await client.query(
    `INSERT INTO audit (org_id, id, actor, action, subject_kind, subject_id, project, name, before, after, ip)
     SELECT $1, '0190d9c0-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), 'user:' || (n % 50), 'applyResources', 'TrafficPolicy', n::text, $2,
       'policy-' || n, $4::jsonb, $4::jsonb, '192.0.2.1'
     FROM generate_series(1, $3::int) n`,
    [DEFAULT_ORGANIZATION, PROJECT, rows, JSON.stringify({ spec: { domain: DOMAIN } })],
  );
  await client.query('COMMIT');
}
