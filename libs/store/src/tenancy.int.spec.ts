import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { migrate } from './index.js';
import type { Store } from './index.js';

const postgres = await testPostgres();

postgres.suite('organizations in one database', () => {
  let store: Store;
  let url = '';
  let client: pg.Client;
  beforeAll(async () => {
    ({ store, url } = await postgres.freshStore({ orgs: ['alpha', 'beta'] }));
    for (const org of ['alpha', 'beta']) {
      await store.mutate(org, { actor: 'user:ada', action: 'putResource' }, async (tx) => {
        await tx.resources.put({ kind: 'Project', project: '', name: 'secret', spec: { description: org } });
        await tx.tokens.create({ prefix: 'isth_', hash: `hash-${org}`, name: 'ci', role: 'admin' });
        await tx.objects.put([{ hash: 'a'.repeat(64), kind: 'blob', bytes: new TextEncoder().encode(org) }]);
      });
    }
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await store.close();
  });

  const rows = async (sql: string, values: unknown[] = []) =>
    (await client.query<Record<string, unknown>>(sql, values)).rows;

  describe('the schema', () => {
    const tenantTables = () =>
      rows(`SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
          (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') AS policies,
          (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary) AS first_key
        FROM pg_class c JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'org_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`);

    it('forces row-level security with a policy on every table that has an org_id', async () => {
      const tables = await tenantTables();
      expect(tables.length).toBeGreaterThanOrEqual(23);
      for (const table of tables) expect(table).toMatchObject({ enabled: true, forced: true, policies: 1 });
    });

    it('leads every primary key with the organization', async () => {
      for (const table of await tenantTables()) expect(table).toMatchObject({ first_key: 'org_id' });
    });

    it('carries the organization in every unique key, but for hashes of secrets, which lead to it', async () => {
      const keys = await rows(`SELECT c.relname AS table, i.indkey[0] = o.attnum AS leads,
          (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey::int2[])) AS columns
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'org_id'
        WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace ORDER BY 1`);
      expect(keys.length).toBeGreaterThan(30);
      const others = keys.filter((key) => key['leads'] !== true);
      for (const { columns } of others) expect(columns).toMatch(/^(\w+_)?hash$/);
    });

    it('carries the organization in every reference from one table of tenants to another', async () => {
      const references = await rows(`SELECT k.conname, o.attnum = ANY(k.conkey) AS carries
        FROM pg_constraint k JOIN pg_attribute o ON o.attrelid = k.conrelid AND o.attname = 'org_id'
        WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace`);
      expect(references.length).toBeGreaterThan(0);
      expect(references.filter((one) => one['carries'] !== true)).toEqual([]);
    });

    it('has no table besides those of tenants and the three that stand above them', async () => {
      const tenants = (await tenantTables()).map((row) => row['name']);
      const all = (
        await rows(`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`)
      ).map((row) => row['name']);
      expect(all.filter((name) => !tenants.includes(name)).sort()).toEqual([
        '_prisma_migrations',
        'organization',
        'system_state',
      ]);
    });

    it('gives the application a role that can neither bypass nor log in', async () => {
      const [role] = await rows(
        `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = 'isthmus_app'`,
      );
      expect(role).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolcanlogin: false,
      });
      expect(await rows(`SELECT relname FROM pg_class WHERE relowner = 'isthmus_app'::regrole`)).toEqual([]);
    });
  });

  /** As the application's role, in a transaction that is always rolled back. */
  async function asApplication<T>(org: string | undefined, run: () => Promise<T>): Promise<T> {
    await client.query('BEGIN');
    try {
      await client.query('SET LOCAL ROLE isthmus_app');
      if (org !== undefined) await client.query(`SELECT set_config('isthmus.org', $1, true)`, [org]);
      return await run();
    } finally {
      await client.query('ROLLBACK');
    }
  }

  describe('the application role', () => {
    it('sees nothing without an organization', async () => {
      for (const table of ['resource', 'audit', 'outbox', 'api_token', 'tree_object', 'organization']) {
        expect(await asApplication(undefined, () => rows(`SELECT * FROM ${table}`))).toEqual([]);
      }
    });

    it('sees only its own rows, whatever it asks for', async () => {
      const seen = await asApplication('alpha', () =>
        rows(`SELECT DISTINCT org_id FROM resource WHERE org_id = 'beta' OR true`),
      );
      expect(seen).toEqual([{ org_id: 'alpha' }]);
      expect(await asApplication('alpha', () => rows('SELECT id FROM organization'))).toEqual([{ id: 'alpha' }]);
    });

    it('can neither write nor change nor delete rows of another organization', async () => {
      const insert = () => rows(`INSERT INTO line_version (org_id, line, version) VALUES ('beta', 'x', 1)`);
      await expect(asApplication('alpha', insert)).rejects.toThrow('row-level security');
      const move = () => rows(`UPDATE resource SET org_id = 'beta'`);
      await expect(asApplication('alpha', move)).rejects.toThrow('row-level security');
      const changed = await asApplication('alpha', () =>
        client.query(`UPDATE resource SET name = 'x' WHERE org_id = 'beta'`),
      );
      expect(changed.rowCount).toBe(0);
      const deleted = await asApplication('alpha', () => client.query(`DELETE FROM resource WHERE org_id = 'beta'`));
      expect(deleted.rowCount).toBe(0);
    });

    it('can append to the audit and to histories, and never change them', async () => {
      for (const [table, field] of [
        ['audit', 'actor'],
        ['resource_generation', 'actor'],
        ['audit_seal', 'hash'],
      ]) {
        await expect(asApplication('alpha', () => rows(`UPDATE ${table} SET ${field} = 'x'`))).rejects.toThrow(
          'permission denied',
        );
        await expect(asApplication('alpha', () => rows(`DELETE FROM ${table}`))).rejects.toThrow('permission denied');
        await expect(asApplication('alpha', () => rows(`TRUNCATE ${table}`))).rejects.toThrow('permission denied');
      }
    });

    it('can neither make organizations, nor raise the epoch, nor change tables', async () => {
      await expect(asApplication('alpha', () => rows(`INSERT INTO organization VALUES ('x', 'x')`))).rejects.toThrow(
        'permission denied',
      );
      await expect(asApplication('alpha', () => rows('UPDATE system_state SET epoch = 9'))).rejects.toThrow(
        'permission denied',
      );
      await expect(asApplication('alpha', () => rows('CREATE TABLE loot (x int)'))).rejects.toThrow(
        'permission denied',
      );
      await expect(
        asApplication('alpha', () => rows('ALTER TABLE resource DISABLE ROW LEVEL SECURITY')),
      ).rejects.toThrow('must be owner');
    });
  });

  describe('a tenant transaction', () => {
    it('refuses an empty organization', async () => {
      await expect(async () => store.withTenant('', async () => 1)).rejects.toThrow('organization');
    });

    it.each(["x'; DROP TABLE resource; --", "alpha' OR '1'='1", 'alpha\\', '日本'])(
      'takes %j as a name that nobody has',
      async (org) => {
        const found = await store.withTenant(org, (tx) => tx.resources.list({}, { first: 10 }));
        expect(found.items).toEqual([]);
        expect(await store.withTenant('alpha', (tx) => tx.resources.count({}))).toBe(1);
      },
    );

    it('keeps equal objects of two organizations apart', async () => {
      const read = (org: string) =>
        store.withTenant(org, async (tx) =>
          new TextDecoder().decode((await tx.objects.get(['a'.repeat(64)])).get('a'.repeat(64))?.bytes),
        );
      expect([await read('alpha'), await read('beta')]).toEqual(['alpha', 'beta']);
    });

    it('never leaks an organization to the next user of a connection', async () => {
      const jobs = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 'alpha' : 'beta'));
      const seen = await Promise.all(
        jobs.map((org) =>
          store.withTenant(org, async (tx) => (await tx.resources.all(['Project'])).map((each) => each.spec)),
        ),
      );
      expect(seen).toEqual(jobs.map((org) => [{ description: org }]));
    });

    it('finds the organization of a token by its hash alone', async () => {
      expect((await store.secrets.token('hash-beta'))?.org).toBe('beta');
      expect(await store.secrets.token('hash')).toBeUndefined();
    });
  });

  it('is migrated as often as one likes, also by five processes at once', async () => {
    const empty = await postgres.freshDatabase({ empty: true });
    const results = await Promise.all(Array.from({ length: 5 }, () => migrate({ connectionString: empty })));
    expect(results.filter((each) => each.applied.length > 0)).toHaveLength(1);
    expect(await store.system.schemaVersion()).toBe(results[0]?.version);
  });

  it('refuses a database that a newer release has migrated', async () => {
    const newer = await postgres.freshDatabase();
    const other = new pg.Client({ connectionString: newer });
    await other.connect();
    await other.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '99990101000000_future', now())`,
    );
    await other.end();
    await expect(migrate({ connectionString: newer })).rejects.toThrow('99990101000000_future');
  });
});
