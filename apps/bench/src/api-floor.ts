import { performance } from 'node:perf_hooks';
import { createStore } from '@isthmus/store';
import pg from 'pg';
import type { Tenant } from './api-world.js';

const TIMES = 300;

/** How long one round of a piece of work takes, again and again, after a few that do not count. */
async function timed(work: (index: number) => Promise<unknown>, times = TIMES): Promise<number[]> {
  const raw: number[] = [];
  for (let index = 0; index < times + 30; index += 1) {
    const begin = performance.now();
    await work(index);
    if (index >= 30) raw.push(performance.now() - begin);
  }
  return raw;
}

/** What every read stands on: one statement alone, the same in the transaction that row-level security needs, and through the store. */
export async function measureTenancy(databaseUrl: string, tenants: readonly Tenant[]) {
  const client = new pg.Client({ connectionString: databaseUrl });
  const store = createStore({ connectionString: databaseUrl, poolSize: 1 });
  await client.connect();
  const orgAt = (index: number): string => tenants[index % tenants.length]?.org ?? '';
  const begin = (index: number): string =>
    `BEGIN; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org', ${pg.escapeLiteral(orgAt(index))}, true)`;
  try {
    return {
      statement: await timed(() => client.query('SELECT now()')),
      transaction: await timed(async (index) => {
        await client.query(begin(index));
        await client.query('SELECT now()');
        await client.query('COMMIT');
      }),
      withTenant: await timed((index) => store.withTenant(orgAt(index), (tx) => tx.now())),
    };
  } finally {
    await client.end();
    await store.close();
  }
}

/** What Q1 and a change come to in SQL by hand, under the same row-level security: the least that any server would do. */
export async function measureRawSql(databaseUrl: string, tenants: readonly Tenant[]) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const within = async (index: number, statements: (tenant: Tenant) => [string, unknown[]][]): Promise<void> => {
    const tenant = tenants[index % tenants.length];
    if (tenant === undefined) throw new Error('there is no tenant');
    const org = pg.escapeLiteral(tenant.org);
    await client.query(`BEGIN; SET LOCAL ROLE isthmus_app; SELECT set_config('isthmus.org', ${org}, true)`);
    for (const [text, values] of statements(tenant)) await client.query(text, values);
    await client.query('COMMIT');
  };
  try {
    return {
      services: await timed((index) => within(index, servicesInSql)),
      change: await timed((index) => within(index, (tenant) => changeInSql(tenant, index))),
    };
  } finally {
    await client.end();
  }
}

function servicesInSql({ org, gns }: Tenant): [string, unknown[]][] {
  return [
    ["SELECT * FROM resource WHERE org_id = $1 AND kind = 'GlobalNamespace' AND name = 'shop'", [org]],
    ['SELECT * FROM member_state WHERE org_id = $1 AND gns = $2', [org, gns]],
    ['SELECT * FROM vip WHERE org_id = $1 AND gns = $2', [org, gns]],
    ['SELECT * FROM port_contract WHERE org_id = $1 AND gns = $2', [org, gns]],
    ["SELECT * FROM resource WHERE org_id = $1 AND kind = 'Cluster'", [org]],
  ];
}

function changeInSql({ org }: Tenant, index: number): [string, unknown[]][] {
  return [
    [
      `UPDATE resource SET labels = $2, version = version + 1 WHERE org_id = $1 AND kind = 'Project' AND project = '' AND name = 'default'`,
      [org, JSON.stringify({ round: String(index) })],
    ],
  ];
}
