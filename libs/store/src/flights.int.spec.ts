import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { CURRENT_ORGANIZATION, Flights } from './client/flights.js';
import { tenantPool } from './client/pool.js';
import { Prisma } from './generated/client.js';
import type { Store, StoreEvent } from './index.js';

const postgres = await testPostgres();

postgres.suite('reads in one flight', () => {
  let store: Store;
  let url = '';
  let pool: pg.Pool;
  let flights: Flights;
  const events: StoreEvent[] = [];
  const log = (event: StoreEvent) => events.push(event);
  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore({ orgs: ['alpha', 'beta'] }));
    for (const org of ['alpha', 'beta']) {
      await store.mutate(org, { actor: 'user:ada', action: 'putResource' }, async (tx) => {
        await tx.resources.put({ kind: 'Project', project: '', name: 'secret', spec: { description: org } });
        await tx.tokens.create({ prefix: 'isth_', hash: `hash-${org}`, name: 'ci', role: 'admin' });
      });
    }
    pool = tenantPool({ connectionString: url, size: 3, applicationName: 'flights', log });
    flights = new Flights({ pool, log });
  });
  afterAll(async () => {
    await pool.end();
    await store.close();
  });

  const EVERYTHING = Prisma.sql`SELECT org_id AS org FROM resource`; // without a condition of the application
  const orgs = (org: string) => flights.rowsOf(org)<{ org: string }>(EVERYTHING);
  const broken = (org: string) =>
    flights.rowsOf(org)(Prisma.sql`SELECT 1 / (SELECT count(*) FROM resource WHERE false)`);

  it('show nothing of other organizations, and nothing at all of one that does not exist or of none', async () => {
    expect(await orgs('gamma')).toEqual([]);
    expect(await orgs('')).toEqual([]);
    expect(await orgs("alpha' OR true --")).toEqual([]);
    expect(await orgs('alpha')).toEqual([{ org: 'alpha' }]);
  });

  it('never mix organizations, however many ask at once', async () => {
    const asked = Array.from({ length: 300 }, (_, index) => ['alpha', 'beta', 'gamma'][index % 3] ?? '');
    const told = await Promise.all(asked.map(orgs));
    expect(told).toEqual(asked.map((org) => (org === 'gamma' ? [] : [{ org }])));
  });

  it('cannot write', async () => {
    const write = flights.rowsOf('alpha')(
      Prisma.sql`WITH gone AS (DELETE FROM resource RETURNING 1) SELECT * FROM gone`,
    );
    await expect(write).rejects.toMatchObject({ code: '0A000' });
    const hidden = flights.rowsOf('alpha')(Prisma.sql`SELECT nextval('audit_seq') AS n`);
    await expect(hidden).rejects.toThrow();
    expect(await orgs('alpha')).toHaveLength(1);
  });

  it('are one round trip where they are asked for at the same time', async () => {
    const before = pool.totalCount;
    const backends = await Promise.all(
      Array.from({ length: 20 }, () =>
        flights.rowsOf('alpha')(Prisma.sql`SELECT pg_backend_pid() AS pid, now() AS at`),
      ),
    );
    expect(new Set(backends.map((rows) => JSON.stringify(rows))).size).toBe(1);
    expect(pool.totalCount).toBe(before);
  });

  it('fail each for itself: what is asked beside a failure is answered', async () => {
    const [first, second, third, fourth] = await Promise.allSettled([
      orgs('alpha'),
      broken('alpha'),
      orgs('alpha'),
      broken('alpha'),
    ]);
    expect([first.status, second.status, third.status, fourth.status]).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    ]);
    expect(second).toMatchObject({ reason: { code: '22012' } });
    expect(fourth).toMatchObject({ reason: { code: '22012' } });
    expect(await orgs('alpha')).toHaveLength(1);
  });

  it('leave neither role nor organization with the connection', async () => {
    await Promise.all([orgs('alpha'), broken('alpha').catch(() => undefined)]);
    const clients = await Promise.all(Array.from({ length: 3 }, () => pool.connect()));
    for (const client of clients) {
      const { rows } = await client.query(
        "SELECT current_user = session_user AS own, current_setting('isthmus.org', true) AS org",
      );
      expect(rows).toEqual([
        { own: true, org: expect.toSatisfy((org: unknown) => org === null || org === '') as unknown },
      ]);
      client.release();
    }
  });

  it('are asked again when the connection is lost under them', async () => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const slow = flights.rowsOf('alpha')<{ org: string }>(
      Prisma.sql`SELECT org_id AS org FROM resource, (SELECT pg_sleep(0.3)) AS wait`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { rowCount } = await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flights' AND state = 'active'",
    );
    expect(rowCount).toBe(1);
    expect(await slow).toEqual([{ org: 'alpha' }]);
    expect(events.map(({ event }) => event)).toContain('transaction-retried');
    await admin.end();
  });

  it('find the organization of a secret, and read in it under row-level security', async () => {
    const by = (hash: string) =>
      flights.inFound(Prisma.sql`SELECT org_id FROM api_token WHERE hash = ${hash}`, [
        Prisma.sql`SELECT ${CURRENT_ORGANIZATION} AS org`,
        EVERYTHING,
      ]);
    expect(await by('hash-gamma')).toEqual([[{ org: '' }], []]);
    expect(await by('hash-beta')).toEqual([[{ org: 'beta' }], [{ org: 'beta' }]]);
  });

  it('refuse all queries about a secret when one of them fails', async () => {
    const found = flights.inFound(Prisma.sql`SELECT 'alpha'`, [EVERYTHING, Prisma.sql`SELECT 1 / 0 AS n`]);
    await expect(found).rejects.toMatchObject({ code: '22012' });
    await expect(flights.inFound(Prisma.sql`SELECT no_such_column`, [EVERYTHING])).rejects.toMatchObject({
      code: '42703',
    });
    expect(await orgs('beta')).toHaveLength(1);
  });

  it('tell the same as a transaction does, and their times and numbers as it tells them', async () => {
    const key = { kind: 'Project' as const, project: '', name: 'secret' };
    const alone = await store.reads('alpha').resources.get(key);
    const within = await store.withTenant('alpha', (tx) => tx.resources.get(key));
    expect(alone).toEqual(within);
    expect(alone?.createdAt).toBeInstanceOf(Date);
    expect(alone?.resourceVersion).toMatch(/^\d+$/);
    expect(() => store.reads('')).toThrow('an organization is needed');
  });
});
