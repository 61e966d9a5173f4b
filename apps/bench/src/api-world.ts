import { createHash, randomBytes } from 'node:crypto';
import { addOrganization, createStore, type Store } from '@isthmus/store';
import pg from 'pg';

/** One organization of the benchmark, with a token that may do everything in it. */
export interface Tenant {
  org: string;
  token: string;
  /** uid of its global namespace. */
  gns: string;
  clusters: readonly string[];
}

export interface WorldSize {
  /** In all tables together. */
  rows: number;
  tenants: number;
}

export const HOSTS = 50;
const MEMBERS = 3;
const CLUSTERS = ['east', 'north', 'west'];

/** Rows of one tenant that the queries read; what is missing to its share is filled with other resources. */
const READ_ROWS = HOSTS * (MEMBERS + 2) + CLUSTERS.length + 2;

/** Fills a migrated database: in each tenant a global namespace of 50 services with three members each, and resources beside it. */
export async function fillWorld(databaseUrl: string, { rows, tenants }: WorldSize): Promise<Tenant[]> {
  const store = createStore({ connectionString: databaseUrl });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const made: Tenant[] = [];
    for (let index = 1; index <= tenants; index += 1) {
      const org = `tenant-${String(index).padStart(3, '0')}`;
      await addOrganization(databaseUrl, { id: org, displayName: org });
      made.push(await fillTenant({ store, client }, org, Math.max(0, Math.round(rows / tenants) - READ_ROWS)));
    }
    await client.query('VACUUM ANALYZE');
    return made;
  } finally {
    await client.end();
    await store.close();
  }
}

interface Handles {
  store: Store;
  client: pg.Client;
}

async function fillTenant({ store, client }: Handles, org: string, others: number): Promise<Tenant> {
  const token = `isth_${randomBytes(32).toString('base64url')}`;
  const made = await store.mutate(org, { actor: 'system:bench', action: 'fill' }, async (tx) => {
    const hash = createHash('sha256').update(token).digest('hex');
    await tx.tokens.create({ prefix: token.slice(0, 11), hash, name: 'bench', role: 'admin' });
    await tx.resources.put({ kind: 'Project', project: '', name: 'default', spec: {} });
    const clusters: string[] = [];
    for (const name of CLUSTERS) {
      const put = await tx.resources.put({ kind: 'Cluster', project: '', name, spec: { mesh: { kind: 'istio' } } });
      if (put.outcome !== 'conflict') clusters.push(put.record.uid);
    }
    const spec = {
      domain: 'shop.example',
      members: [{ clusters: { names: CLUSTERS }, namespaces: { names: ['shop'] } }],
    };
    const gns = await tx.resources.put({
      ...{ kind: 'GlobalNamespace', project: 'default', name: 'shop' },
      spec: spec,
    });
    if (gns.outcome === 'conflict') throw new Error('the database is not empty');
    return { clusters, gns: gns.record.uid };
  });
  await fillRows(client, { org, ...made, others });
  return { org, token, ...made };
}

/** Rows that agents and worker would have written, and other resources, by the million a minute. */
async function fillRows(
  client: pg.Client,
  { org, gns, clusters, others }: { org: string; gns: string; clusters: readonly string[]; others: number },
) {
  await client.query('BEGIN');
  await client.query("SELECT set_config('isthmus.org', $1, true)", [org]);
  await client.query(
    `INSERT INTO member_state (org_id, gns, host, cluster, namespace, service, state, entered_seq, version)
     SELECT $1, $2, 'svc-' || h || '.shop.example', c, 'shop', 'svc-' || h, 'served', 1, h
     FROM generate_series(1, $3::int) h, unnest($4::text[]) c`,
    [org, gns, HOSTS, clusters],
  );
  await client.query(
    `INSERT INTO vip (org_id, gns, host, address)
     SELECT $1, $2, 'svc-' || h || '.shop.example', '240.64.' || h || '.1' FROM generate_series(1, $3::int) h`,
    [org, gns, HOSTS],
  );
  await client.query(
    `INSERT INTO port_contract (org_id, gns, host, number, name, protocol, fixed_by)
     SELECT $1, $2, 'svc-' || h || '.shop.example', 80, 'http-80', 'HTTP', 'east/shop/svc-' || h
     FROM generate_series(1, $3::int) h`,
    [org, gns, HOSTS],
  );
  await client.query(
    `INSERT INTO resource (org_id, uid, kind, project, name, labels, annotations, spec, generation, version, created_at, updated_at)
     SELECT $1, gen_random_uuid()::text, 'Project', '', 'other-' || n, '{"team":"a"}', '{}', '{}', 1, n, now(), now()
     FROM generate_series(1, $2::int) n`,
    [org, others],
  );
  await client.query('COMMIT');
}
