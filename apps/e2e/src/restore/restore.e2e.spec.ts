import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { EXIT, parseEnv, runAdmin } from '@isthmus/admin';
import { ensureDatabase } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Product, eventually } from '../product/product.fixture.js';
import {
  allServed,
  inSync,
  modeEverywhere,
  renderedFiles,
  setMode,
  textsOf,
  writtenInVain,
  type RenderedFiles,
} from './rendered-files.fixture.js';

const postgres = await testPostgres();

/** Runs an operator's command; throws what it said when it failed. */
async function admin(databaseUrl: string, ...argv: string[]): Promise<void> {
  const told: string[] = [];
  const code = await runAdmin(argv, parseEnv({ DATABASE_URL: databaseUrl }), {
    out: new Writable({ write: (_chunk, _encoding, done) => done() }),
    err: (line) => void told.push(line),
    stdin: Readable.from([]),
  });
  if (code !== EXIT.done) throw new Error(told.join('\n'));
}

/** A copy of a database that nobody uses at the moment. */
async function copyOf(databaseUrl: string, name: string): Promise<string> {
  const [server, copy] = [new URL(databaseUrl), new URL(databaseUrl)];
  server.pathname = '/postgres';
  copy.pathname = `/${name}`;
  await ensureDatabase(server.href, name, new URL(databaseUrl).pathname.slice(1));
  return copy.href;
}

postgres.suite('a database that is replaced under agents that know more', () => {
  const env: { DATABASE_URL: string } = { DATABASE_URL: '' };
  let product: Product;
  let folder = '';
  let atBackup: RenderedFiles;

  /** Stops, goes on with another database. */
  const restartOn = async (databaseUrl: string): Promise<void> => {
    await product.stop();
    env.DATABASE_URL = databaseUrl;
    await product.start();
  };
  const restored = async (file: string): Promise<string> => {
    const target = await postgres.freshDatabase({ empty: true });
    await admin(target, 'restore', '--in', file, '--yes');
    return target;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-restore-'));
    env.DATABASE_URL = await postgres.freshDatabase({ empty: true });
    product = await Product.create(env);
    await product.start();
    await modeEverywhere(product, 'STRICT');
    await allServed(product);
    await inSync(product, 1);
    atBackup = await renderedFiles(product);
    await admin(env.DATABASE_URL, 'backup', '--out', join(folder, 'first'));
  });

  afterAll(async () => {
    await product.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('leads every cluster back to the state of the backup, and writes nothing that is equal', async () => {
    await setMode(product, 'PERMISSIVE');
    await modeEverywhere(product, 'PERMISSIVE');
    await inSync(product, 1);
    const before = await renderedFiles(product);
    await restartOn(await restored(join(folder, 'first')));
    const errors = await inSync(product, 2);
    const after = await renderedFiles(product);
    expect(textsOf(after)).toEqual(textsOf(atBackup));
    expect(writtenInVain(before, after)).toEqual([]);
    expect([...after].filter(([name, { text }]) => before.get(name)?.text === text).length).toBeGreaterThan(0);
    expect(errors).toEqual([null, null, null]);
  });

  it('changes no file at all if nothing happened since the backup', async () => {
    const file = join(folder, 'second');
    await admin(env.DATABASE_URL, 'backup', '--out', file);
    const before = await renderedFiles(product);
    await restartOn(await restored(file));
    await inSync(product, 3);
    expect(await renderedFiles(product)).toEqual(before);
  });

  it('takes changes as before', async () => {
    await setMode(product, 'PERMISSIVE');
    await modeEverywhere(product, 'PERMISSIVE');
    await inSync(product, 3);
  });

  it('is noticed if nobody announced it: pushing stops until the epoch is raised', async () => {
    await product.stop();
    const older = await copyOf(env.DATABASE_URL, 'older_copy');
    await product.start();
    await setMode(product, 'STRICT');
    await modeEverywhere(product, 'STRICT');
    await inSync(product, 3);
    const before = await renderedFiles(product);
    await restartOn(older);
    const query = '{ clusters(first: 10) { nodes { agent { lastError } } } }';
    type Answer = { clusters: { nodes: { agent: { lastError: string | null } | null }[] } };
    await eventually('DatabaseWentBack at every cluster', async () => {
      const { clusters } = await product.graphql<Answer>(query);
      const errors = clusters.nodes.map(({ agent }) => agent?.lastError ?? '');
      if (!errors.every((error) => error.includes('ISM0421'))) throw new Error(errors.join('\n'));
      return true;
    });
    for (const mode of ['STRICT', 'PERMISSIVE', 'STRICT', 'PERMISSIVE']) await setMode(product, mode);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await renderedFiles(product)).toEqual(before);
    await admin(env.DATABASE_URL, 'epoch', '--raise', '--yes');
    await modeEverywhere(product, 'PERMISSIVE');
    expect(await inSync(product, 4)).toEqual([null, null, null]);
  });
});
