import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createShutdown, silentLogger } from '@isthmus/platform';
import { createStore } from '@isthmus/store';
import { bootstrapAdmin } from '../auth/bootstrap-admin.js';
import { parseEnv, type ApiEnv } from '../env.js';
import { startApi } from '../start-api.js';
import { postgres } from './api.fixture.js';

postgres.suite('starting the API', () => {
  let home: string;
  let url: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'isthmus-api-'));
    url = await postgres.freshDatabase({ empty: true });
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  const settings = (more: Record<string, string> = {}): ApiEnv => {
    const parsed = parseEnv({ DATABASE_URL: url, DATA_DIR: join(home, 'data'), PORT: '0', GATEWAY_PORT: '0', ...more });
    if (!parsed.ok) throw new Error(parsed.faults.join());
    return parsed.env;
  };
  const run = async (env: ApiEnv): Promise<() => Promise<void>> => {
    const shutdown = createShutdown({ log: silentLogger(), exit: () => undefined });
    await startApi({ env, log: silentLogger(), shutdown }).catch(async (error: unknown) => {
      await shutdown.run('failed');
      throw error;
    });
    return () => shutdown.run('done');
  };

  it('says what to do about a database without schema', async () => {
    await expect(run(settings())).rejects.toThrow(/MIGRATE=1/);
  });

  it('migrates, makes the first admin token in a file only its owner can read, and comes up again with the same', async () => {
    const stop = await run(settings({ MIGRATE: '1' }));
    const file = join(home, 'data', 'admin-token');
    const token = await readFile(file, 'utf8');
    expect(token).toMatch(/^isth_[\w-]{43}\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await stop();
    await (
      await run(settings())
    )();
    expect(await readFile(file, 'utf8')).toBe(token);
  });

  it('replaces the first token when its file is lost and nothing else can sign in', async () => {
    const store = createStore({ connectionString: url });
    const file = join(home, 'lost', 'admin-token');
    expect(await bootstrapAdmin(store, { org: 'default', file })).toMatchObject({ outcome: 'created' });
    const live = await store.withTenant('default', (tx) => tx.tokens.list());
    expect(live.filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(1);
    await store.mutate('default', { actor: 'user:ada', action: 'x' }, (tx) =>
      tx.tokens.create({ prefix: 'isth_a', hash: 'h', name: 'other', role: 'admin' }),
    );
    await rm(file);
    expect(await bootstrapAdmin(store, { org: 'default', file })).toMatchObject({ outcome: 'kept' });
    await store.close();
  });

  it.each([
    ['PORT', /GraphQL cannot listen: 127\.0\.0\.1:\d+ is in use.*HOST and PORT/],
    ['GATEWAY_PORT', /agent gateway cannot listen.*GATEWAY_HOST and GATEWAY_PORT/],
  ])('names %s when it is busy', async (name, message) => {
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const { port } = other.address() as net.AddressInfo;
    await expect(run(settings({ [name]: String(port) }))).rejects.toThrow(message);
    await new Promise((resolve) => other.close(resolve));
  });
});
