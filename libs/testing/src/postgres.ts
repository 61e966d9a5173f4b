import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {
  addOrganization,
  createStore,
  DEFAULT_ORGANIZATION,
  type EmbeddedPostgres,
  ensureDatabase,
  migrate,
  startEmbeddedPostgres,
  type Store,
  type StoreOptions,
} from '@isthmus/store';
import { real, type RealSuite } from './real.js';

/** A real Postgres of this test process, and fresh databases on it. */
export interface TestPostgres {
  /** `describe`, or a skipped suite that names the reason. */
  suite: RealSuite;
  /** Connection string of a new database; migrated unless `empty`. */
  freshDatabase: (options?: { empty?: boolean }) => Promise<string>;
  /** A store on a fresh, migrated database that has the organizations; call `close` in afterAll. */
  freshStore: (options?: FreshStoreOptions) => Promise<{ store: Store; url: string }>;
  /** Stops the server and starts it again on the same port and data. */
  restart: () => Promise<void>;
}

export interface FreshStoreOptions extends Omit<StoreOptions, 'connectionString'> {
  /** Default: `default`. */
  orgs?: readonly string[];
}

interface Running {
  server: EmbeddedPostgres;
  port: number;
  dataDir: string;
}

const TEMPLATE = 'isthmus_template';
let running: Promise<Running> | undefined;

/** At the top of a spec: `const postgres = await testPostgres(); postgres.suite('…', () => { … })`. */
export async function testPostgres(): Promise<TestPostgres> {
  const suite = await real('postgres', async () => {
    await start();
    return undefined;
  });
  return { suite, freshDatabase, freshStore, restart };
}

/** One server a process; its watchdog stops it and removes its data when the process ends, however it ends. */
function start(): Promise<Running> {
  running ??= launch();
  return running;
}

async function launch(): Promise<Running> {
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'isthmus-postgres-'));
  const port = await freePort();
  const server = await startEmbeddedPostgres({ dataDir, port, database: TEMPLATE, ephemeral: true });
  await migrate({ connectionString: server.url });
  return { server, port, dataDir };
}

async function freshDatabase(options: { empty?: boolean } = {}): Promise<string> {
  const { server } = await start();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await ensureDatabase(databaseUrl(server.url, 'postgres'), name, options.empty === true ? undefined : TEMPLATE);
  return databaseUrl(server.url, name);
}

async function freshStore({ orgs = [DEFAULT_ORGANIZATION], ...options }: FreshStoreOptions = {}) {
  const url = await freshDatabase();
  for (const id of orgs) await addOrganization(url, { id, displayName: id });
  return { store: createStore({ poolSize: 5, ...options, connectionString: url }), url };
}

async function restart(): Promise<void> {
  const { server, port, dataDir } = await start();
  process.kill(server.pid, 'SIGINT');
  await server.exited;
  const again = await startEmbeddedPostgres({ dataDir, port, database: TEMPLATE, ephemeral: true });
  running = Promise.resolve({ server: again, port, dataDir });
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
