import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShutdown, silentLogger } from '@isthmus/platform';
import { createStore, type Store, type TokenRecord } from '@isthmus/store';
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

  describe('the first token', () => {
    const DAY_MS = 86_400_000;
    const now = new Date();
    const after = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
    let store: Store;
    let file: string;
    const made = async (at: Date): Promise<string> =>
      (await bootstrapAdmin(store, { org: 'default', file, now: at })).outcome;
    const live = async (): Promise<TokenRecord[]> =>
      (await store.withTenant('default', (tx) => tx.tokens.list())).filter(({ revokedAt }) => revokedAt === undefined);
    const tenant = { actor: 'user:ada', action: 'x' };

    beforeAll(async () => {
      store = createStore({ connectionString: url });
      file = join(home, 'lost', 'admin-token');
      await made(now);
    });
    afterAll(() => store.close());

    it('ends after a year, and is replaced at a start of its last 90 days, not before', async () => {
      expect((await live()).map(({ expiresAt }) => expiresAt)).toEqual([after(366)]);
      expect(await made(after(275))).toBe('kept');
      const before = await readFile(file, 'utf8');
      expect(await made(after(276))).toBe('created');
      expect(await readFile(file, 'utf8')).not.toBe(before);
      expect((await live()).map(({ expiresAt }) => expiresAt)).toEqual([after(276 + 366)]);
    });

    it('is replaced when its file is lost, after its end, and where it has none', async () => {
      await rm(file);
      expect(await made(now)).toBe('created');
      expect(await made(after(400))).toBe('created');
      await store.mutate('default', tenant, async (tx) => {
        for (const { id } of await tx.tokens.list()) await tx.tokens.revoke(id);
        await tx.tokens.create({ prefix: 'isth_b', hash: 'b', name: 'bootstrap-admin', role: 'admin' });
      });
      expect(await made(now)).toBe('created');
      expect(await live()).toHaveLength(1);
    });

    it('gets a successor near its end though tokens were made by it, which count on until it ends', async () => {
      const [first] = await live();
      const child = { prefix: 'isth_c', hash: 'c', name: 'child', role: 'admin', parent: first?.id ?? '' };
      await store.mutate('default', tenant, (tx) => tx.tokens.create({ ...child, expiresAt: after(366) }));
      expect(await made(after(275))).toBe('kept');
      await rm(file);
      expect(await made(after(275))).toBe('kept');
      expect(await made(after(276))).toBe('created');
      expect((await live()).map(({ name }) => name).sort()).toEqual(['bootstrap-admin', 'bootstrap-admin', 'child']);
      expect(await made(after(277))).toBe('kept');
      await store.mutate('default', tenant, async (tx) => {
        for (const { id } of await tx.tokens.list()) await tx.tokens.revoke(id);
      });
    });

    it('is not made where another one can sign in, but once that has ended', async () => {
      await store.mutate('default', tenant, (tx) =>
        tx.tokens.create({ prefix: 'isth_a', hash: 'h', name: 'other', role: 'admin', expiresAt: after(10) }),
      );
      await rm(file, { force: true });
      expect(await made(after(9))).toBe('kept');
      expect(await made(after(10))).toBe('created');
    });
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
