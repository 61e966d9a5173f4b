import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPostgres } from '@isthmus/testing';
import { findBinaries } from './embedded/binaries.js';
import { runProgram, spawnWatchdog } from './embedded/process.js';
import { canTraverse, serverUser } from './embedded/server-user.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './index.js';

const postgres = await testPostgres();
const asRoot = process.getuid?.() === 0;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

postgres.suite('the embedded Postgres', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'isthmus-embedded-'));
    await fs.chmod(folder, 0o755);
  });
  afterAll(() => fs.rm(folder, { recursive: true, force: true }));

  const start = async (options: Partial<EmbeddedPostgresOptions> = {}) =>
    startEmbeddedPostgres({ dataDir: path.join(folder, 'data'), port: await freePort(), ...options });
  const query = async (server: EmbeddedPostgres, sql: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    client.on('error', () => undefined);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  describe('refusals', () => {
    it('names a busy port, before anything is made', async () => {
      const taken = net.createServer();
      const port = await freePort();
      await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
      const dataDir = path.join(folder, 'never');
      await expect(start({ port, dataDir })).rejects.toMatchObject({
        code: 'PORT_BUSY',
        message: expect.stringContaining(String(port)),
      });
      await expect(fs.stat(dataDir)).rejects.toThrow('ENOENT');
      await new Promise((resolve) => taken.close(resolve));
    });

    it('names a data folder that is a file', async () => {
      const dataDir = path.join(folder, 'file');
      await fs.writeFile(dataDir, '');
      await expect(start({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE' });
    });

    it('names data of another version', async () => {
      const dataDir = path.join(folder, 'old');
      await fs.mkdir(path.join(dataDir, 'pgdata'), { recursive: true });
      await fs.writeFile(path.join(dataDir, 'pgdata', 'PG_VERSION'), '9\n');
      await expect(start({ dataDir })).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    });

    it('names data that another server uses, which goes on', async () => {
      const first = await start();
      await expect(start({ leftoverTimeoutMs: 200 })).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
      expect(await query(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await first.stop();
    });

    it('lets nobody in without the password', async () => {
      const server = await start();
      const stranger = new pg.Client({ connectionString: server.url.replace(/:[^:@/]+@/, ':wrong@') });
      await expect(stranger.connect()).rejects.toThrow('password authentication failed');
      await server.stop();
    });
  });

  it('keeps what was written over a stop and a start', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second, 'SELECT x FROM kept')).toEqual([{ x: 7 }]);
    await second.stop();
  });

  it('begins again after an initialisation that was cut off', async () => {
    const dataDir = path.join(folder, 'cut-off');
    await fs.mkdir(path.join(dataDir, 'pgdata.new-1', 'base'), { recursive: true });
    const server = await start({ dataDir });
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('clears the pid file of a server that is gone, though the number belongs to somebody else now', async () => {
    const dataDir = path.join(folder, 'stale');
    const first = await start({ dataDir });
    await first.stop();
    await fs.writeFile(
      path.join(first.dataDir, 'pgdata', 'postmaster.pid'),
      `${process.pid}\n${first.dataDir}/pgdata\n1\n5432\n\n127.0.0.1\n`,
    );
    const second = await start({ dataDir });
    await second.stop();
  });

  it('recovers after the server was killed', async () => {
    const dataDir = path.join(folder, 'killed');
    const first = await start({ dataDir });
    await query(first, 'CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const second = await start({ dataDir });
    expect(await query(second, 'SELECT x FROM kept')).toEqual([{ x: 7 }]);
    await second.stop();
  });

  it('has a watchdog that stops the server and removes its data when our end of its pipe closes, as at our death', async () => {
    const dataDir = path.join(folder, 'orphan');
    const server = await start({ dataDir });
    const watchdog = spawnWatchdog({
      serverPid: server.pid,
      user: await serverUser(),
      remove: path.join(dataDir, 'pgdata'),
    });
    watchdog.stdin?.destroy();
    await server.exited;
    expect(isAlive(server.pid)).toBe(false);
    await expect.poll(() => fs.readdir(dataDir), { timeout: 10_000 }).toEqual([]);
  });

  describe.runIf(asRoot)('as root', () => {
    it('keeps the data elsewhere when its user cannot reach the folder, and finds them again', async () => {
      const home = path.join(folder, 'home');
      await fs.mkdir(home, { mode: 0o700 });
      const dataDir = path.join(home, 'clone', 'data');
      const first = await start({ dataDir });
      await query(first, 'CREATE TABLE kept (x int)');
      await first.stop();
      expect(first.dataDir.startsWith(home)).toBe(false);
      const second = await start({ dataDir });
      expect(second.dataDir).toBe(first.dataDir);
      expect(await query(second, 'SELECT * FROM kept')).toEqual([]);
      await second.stop();
      await fs.rm(dataDir, { recursive: true });
      const third = await start({ dataDir, ephemeral: true });
      await expect(query(third, 'SELECT * FROM kept')).rejects.toThrow('does not exist');
      await expect(fs.stat(first.dataDir)).rejects.toThrow('ENOENT');
      await third.stop();
    });

    it('copies programs that its user cannot reach, with the links that an install script would have made', async () => {
      const user = await serverUser();
      const { initdb } = await findBinaries(user);
      const native = path.join(folder, 'private', 'native');
      await fs.mkdir(path.join(folder, 'private'), { mode: 0o700 });
      await fs.cp(path.resolve(initdb, '../..'), native, { recursive: true, verbatimSymlinks: true });
      const lib = path.join(native, 'lib');
      for (const entry of await fs.readdir(lib, { withFileTypes: true })) {
        if (entry.isSymbolicLink()) await fs.rm(path.join(lib, entry.name));
      }
      const before = process.umask(0o077);
      const copied = await findBinaries(user, { native, version: '18.0.0-spec' }).finally(() => process.umask(before));
      expect(copied.postgres.startsWith(folder)).toBe(false);
      expect(await runProgram(copied.postgres, ['--version'], user)).toMatchObject({ code: 0 });
      expect((await runProgram(path.join(native, 'bin', 'postgres'), ['--version'], user)).code).not.toBe(0);
      await fs.rm(path.resolve(copied.postgres, '../..'), { recursive: true });
    });

    it('tells what a user can reach by the modes of all folders above', async () => {
      const closed = path.join(folder, 'closed');
      await fs.mkdir(path.join(closed, 'inner'), { recursive: true });
      await fs.chmod(closed, 0o700);
      const nobody = { uid: 65534, gid: 65534 };
      expect(await canTraverse(nobody, path.join(closed, 'inner'))).toBe(false);
      expect(await canTraverse(undefined, path.join(closed, 'inner'))).toBe(true);
      await fs.chmod(closed, 0o711);
      expect(await canTraverse(nobody, path.join(closed, 'inner', 'not', 'there', 'yet'))).toBe(true);
    });
  });
});
