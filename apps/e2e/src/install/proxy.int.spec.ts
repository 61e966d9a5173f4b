import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileIdentityStore, renewalDoor } from '@isthmus/agent';
import { proxyFor } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { manifests } from '../agent-path/trees.fixture.js';
import { buildBundle } from './installed-cluster.fixture.js';
import { selfSigned, startConnectProxy, type ConnectProxy, type ConnectProxyOptions } from './proxies.fixture.js';

/** No name service knows it: only the proxy leads there. */
const NAME = 'gateway.isthmus.test';
const postgres = await testPostgres();

interface Said {
  code: number;
  text: string;
}

postgres.suite('an agent behind a proxy, with the private CA of the gateway', () => {
  const home = fs.mkdtempSync(path.join(tmpdir(), 'isthmus-proxy-'));
  const proxies: ConnectProxy[] = [];
  const at = (name: string): string => path.join(home, name);
  let bundle: string;
  let store: Store;
  let centre: Centre;
  let cluster: string;
  let gateway: string;
  let agent: ChildProcess | undefined;

  beforeAll(async () => {
    bundle = await buildBundle();
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    centre.serverNames = [NAME];
    await centre.start();
    cluster = await centre.addCluster('east');
    gateway = `https://${NAME}:${new URL(centre.url).port}`;
    fs.mkdirSync(at('manifests'));
    fs.mkdirSync(at('out'));
    fs.writeFileSync(at('manifests/shop.yaml'), manifests('shop', ['reviews']));
    fs.writeFileSync(at('ca.pem'), centre.gateway.caPem);
    fs.writeFileSync(at('token'), await centre.token(cluster));
  });
  afterEach(() => Promise.all(proxies.splice(0).map((proxy) => proxy.close())));
  afterAll(async () => {
    if (agent?.exitCode === null) {
      agent.kill('SIGKILL');
      await once(agent, 'exit');
    }
    await centre.stop();
    await store.close();
    for (const folder of [home, bundle]) fs.rmSync(folder, { recursive: true, force: true });
  });

  const proxy = async (options: Partial<ConnectProxyOptions> = {}): Promise<ConnectProxy> => {
    const hosts = { [NAME]: Number(new URL(centre.url).port) };
    const started = await startConnectProxy({ hosts, ...options });
    proxies.push(started);
    return started;
  };
  const args = (command: string): string[] => [
    ...[
      path.join(bundle, 'agent.mjs'),
      command,
      '--gateway',
      gateway,
      '--token-file',
      at('token'),
      '--ca',
      at('ca.pem'),
    ],
    ...['--state', at('state'), '--manifests', at('manifests'), '--out', at('out')],
  ];
  const check = (env: Record<string, string> = {}): Promise<Said> =>
    new Promise((resolve) => {
      execFile(process.execPath, args('check'), { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), text: out + err }),
      );
    });

  it('does not get anywhere without it, and check says why', async () => {
    const { code, text } = await check();
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/FAIL +gateway: https:\/\/gateway\.isthmus\.test:\d+ is not reachable/),
    ]);
    expect(text).toContain('If a proxy is needed, set HTTPS_PROXY.');
  });

  it('gets through by a proxy, also one with a password, which is not shown', async () => {
    const open = await proxy();
    const plain = await check({ HTTPS_PROXY: `http://127.0.0.1:${open.port}` });
    expect([plain.code, plain.text]).toEqual([0, expect.stringContaining(`through 127.0.0.1:${open.port} answers`)]);
    const guarded = await proxy({ password: 'me:geheim' });
    const known = await check({ HTTPS_PROXY: `http://me:geheim@127.0.0.1:${guarded.port}` });
    expect(known.code).toBe(0);
    expect(known.text).not.toContain('geheim');
    const unknown = await check({ HTTPS_PROXY: `http://127.0.0.1:${guarded.port}` });
    expect([unknown.code, unknown.text]).toEqual([1, expect.stringContaining('the proxy asks for a password')]);
  });

  it('is told when the proxy does not open the connection', async () => {
    const { port } = await proxy({ refuse: 403 });
    const { code, text } = await check({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
    expect([code, text]).toEqual([1, expect.stringContaining('Allow CONNECT')]);
  });

  it('trusts an https:// proxy by the extra CA, and not without it', async () => {
    const tls = await selfSigned(home, 'proxy', ['127.0.0.1']);
    const { port } = await proxy({ tls });
    const HTTPS_PROXY = `https://127.0.0.1:${port}`;
    expect((await check({ HTTPS_PROXY })).code).toBe(1);
    expect(await check({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: tls.file })).toMatchObject({ code: 0 });
  });

  it('is told who ends TLS on the way', async () => {
    const inspection = await selfSigned(home, 'Corp TLS Inspection', [NAME]);
    const inspector = https.createServer(inspection, (_request, response) => response.end('{"status":"ok"}'));
    await new Promise<void>((resolve) => inspector.listen(0, '127.0.0.1', resolve));
    const { port } = await proxy({ hosts: { [NAME]: (inspector.address() as AddressInfo).port } });
    const HTTPS_PROXY = `http://127.0.0.1:${port}`;
    const { code, text } = await check({ HTTPS_PROXY });
    const run = spawn(process.execPath, args('run'), { env: { PATH: process.env['PATH'], HTTPS_PROXY } });
    let said = '';
    run.stdout.on('data', (data: Buffer) => (said += data.toString()));
    run.stderr.on('data', (data: Buffer) => (said += data.toString()));
    await eventually(() => (said.includes('not enrolled') ? true : undefined), 'a try', 30_000).catch(() => undefined);
    run.kill();
    inspector.close();
    expect(said).toContain('issued by «Corp TLS Inspection», and not the gateway');
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/FAIL +TLS to the gateway: ISM0472 .*«Corp TLS Inspection»/),
    ]);
  });

  it('enrols and keeps its stream through the proxy, and renews through it', async () => {
    const through = await proxy();
    const HTTPS_PROXY = `http://127.0.0.1:${through.port}`;
    agent = spawn(process.execPath, args('run'), {
      env: { PATH: process.env['PATH'], HTTPS_PROXY },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await eventually(
      async () => (await store.withTenant(ORG, (tx) => tx.inventory.head(cluster)))?.complete,
      'the inventory',
      30_000,
    );
    expect(through.seen.length).toBeGreaterThanOrEqual(2);
    expect(new Set(through.seen)).toEqual(new Set([new URL(gateway).host]));
    const identity = await fileIdentityStore(at('state')).load();
    if (identity === undefined) throw new Error('there is no identity');
    const before = through.seen.length;
    const renewed = await renewalDoor({ gateway, proxy: proxyFor(gateway, { httpsProxy: HTTPS_PROXY }) })(identity);
    expect(renewed.certificate).not.toBe(identity.certificate);
    expect(through.seen.length).toBe(before + 1);
  });
});
