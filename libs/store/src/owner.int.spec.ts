import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import {
  backup,
  bootstrap,
  createStore,
  type EmbeddedPostgres,
  migrate,
  restore,
  startEmbeddedPostgres,
} from './index.js';

const postgres = await testPostgres();

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** A server of its own, since roles belong to servers: here nobody has made ours yet. */
postgres.suite('an owner of databases who is no superuser, as managed Postgres gives it', () => {
  let server: EmbeddedPostgres;
  let folder = '';
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'isthmus-owner-'));
    await fs.chmod(folder, 0o755);
    server = await startEmbeddedPostgres({
      dataDir: path.join(folder, 'data'),
      port: await freePort(),
      ephemeral: true,
    });
  });
  afterAll(async () => {
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const ownedBy = async (owner: string, database: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [owner]);
    if (known.rowCount === 0) await client.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'pw'`);
    await client.query(`CREATE DATABASE ${database} OWNER ${owner}`);
    await client.end();
    const url = new URL(server.url);
    url.username = owner;
    url.password = 'pw';
    url.pathname = `/${database}`;
    return url.href;
  };

  it('can migrate, bootstrap, work, back up and restore', async () => {
    const connectionString = await ownedBy('owner_a', 'first');
    await migrate({ connectionString });
    const store = createStore({ connectionString });
    await bootstrap({ connectionString, store, adminToken: { prefix: 'isth_', hash: 'h' } });
    expect((await store.secrets.token('h'))?.org).toBe('default');
    expect(await store.system.organizationsWithWork()).toEqual(['default']);
    expect(await store.withTenant('default', (tx) => tx.tokens.list())).toHaveLength(1);
    expect(await store.withTenant('other', (tx) => tx.tokens.list())).toHaveLength(0);
    const file = path.join(folder, 'backup');
    const { rows } = await backup({ connectionString, file });
    expect(rows).toBeGreaterThan(4);
    const target = await ownedBy('owner_a', 'second');
    expect(await restore({ connectionString: target, file })).toMatchObject({ rows, epoch: 2 });
    const restored = createStore({ connectionString: target });
    expect(await restored.withTenant('default', (tx) => tx.resources.count({}))).toBe(1);
    await Promise.all([store.close(), restored.close()]);
  });

  it('is told what to ask for when somebody else made the application role', async () => {
    const connectionString = await ownedBy('owner_b', 'third');
    await expect(migrate({ connectionString })).rejects.toThrow('GRANT isthmus_app TO owner_b');
  });
});
