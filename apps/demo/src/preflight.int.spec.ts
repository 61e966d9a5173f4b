import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holderOf, holdFolder } from './folder-lock.js';
import { preflight } from './preflight.js';

const DEMO = { demo: true, clusters: 'directory' } as const;
let dir: string;
const servers: Server[] = [];

async function listen(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await listen();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-preflight-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(dir, { recursive: true, force: true });
});

describe('the checks before a start', () => {
  it('names the flag for every busy port at once', async () => {
    const [apiPort, gatewayPort, postgresPort] = await Promise.all([listen(), listen(), listen()]);
    const faults = await preflight({ dataDir: dir, apiPort, gatewayPort, postgresPort, ...DEMO });
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toMatch(/--port N[\s\S]*--gateway-port N[\s\S]*--postgres-port N/);
  });

  it('names the flag for a data folder that cannot be made', async () => {
    await writeFile(join(dir, 'file'), '');
    const [apiPort, gatewayPort, postgresPort] = [await freePort(), await freePort(), await freePort()];
    const faults = await preflight({
      dataDir: join(dir, 'file', 'sub'),
      apiPort,
      gatewayPort,
      postgresPort,
      ...DEMO,
    });
    expect(faults).toEqual([expect.stringContaining('--data-dir DIR')]);
  });

  it('refuses a folder that another start runs on, and only says that', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)', 'start.mjs']);
    const busy = await listen();
    const options = { dataDir: dir, apiPort: busy, gatewayPort: busy, postgresPort: busy, ...DEMO };
    await writeFile(join(dir, 'start.pid'), `${other.pid}\n`);
    await vi.waitFor(
      async () =>
        expect(await preflight(options)).toEqual([expect.stringMatching(/already runs on .*--data-dir DIR$/)]),
      10_000,
    );
    const gone = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await gone;
    expect(await preflight(options)).not.toContainEqual(expect.stringContaining('already runs'));
  });

  it.each(['', '0', 'x', '1', String(process.pid)])(
    'takes no notice of %j as the process of an earlier start',
    async (pid) => {
      await writeFile(join(dir, 'start.pid'), pid);
      expect(await holderOf(dir)).toBeUndefined();
    },
  );

  it('holds a folder until it is given back', async () => {
    const release = await holdFolder(dir);
    expect(Number(await readFile(join(dir, 'start.pid'), 'utf8'))).toBe(process.pid);
    await release();
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('names the flag at once where no folder can be made', async () => {
    const ports = { apiPort: await freePort(), gatewayPort: await freePort(), postgresPort: await freePort() };
    const faults = await preflight({ dataDir: '/proc/isthmus/data', ...ports, ...DEMO });
    expect(faults).toEqual([expect.stringContaining('--data-dir DIR')]);
  });

  it('refuses one port given twice', async () => {
    const port = await freePort();
    const faults = await preflight({
      dataDir: dir,
      apiPort: port,
      gatewayPort: port,
      postgresPort: await freePort(),
      ...DEMO,
    });
    expect(faults.some((fault) => fault.includes('were both given'))).toBe(true);
  });

  it('does not look at the port of the embedded Postgres when another database is named', async () => {
    const options = {
      dataDir: dir,
      apiPort: await freePort(),
      gatewayPort: await freePort(),
      postgresPort: await listen(),
      ...DEMO,
    };
    expect(await preflight({ ...options, databaseUrl: 'postgresql://127.0.0.1/x' })).toEqual([]);
  });

  it.each([
    ['directory', 'kubernetes', true],
    ['kubernetes', 'directory', false],
  ] as const)('refuses a folder whose clusters are of the kind %s for %s', async (made, clusters, isFolders) => {
    await writeFile(join(dir, 'demo-seeded'), '');
    if (!isFolders) await mkdir(join(dir, 'etcd'));
    const ports = { apiPort: await freePort(), gatewayPort: await freePort(), postgresPort: await freePort() };
    const faults = await preflight({ dataDir: dir, ...ports, demo: true, clusters });
    expect(faults).toEqual([expect.stringMatching(`^ISM0707 .*--clusters ${made}.*--data-dir DIR$`)]);
    expect(await preflight({ dataDir: dir, ...ports, demo: false, clusters })).toEqual([]);
    if (made === 'directory') expect(await preflight({ dataDir: dir, ...ports, ...DEMO })).toEqual([]);
  });

  it('finds nothing wrong with free ports and a writable folder', async () => {
    const options = {
      dataDir: join(dir, 'new'),
      apiPort: await freePort(),
      gatewayPort: await freePort(),
      postgresPort: await freePort(),
    };
    expect(await preflight({ ...options, ...DEMO })).toEqual([]);
  });
});
