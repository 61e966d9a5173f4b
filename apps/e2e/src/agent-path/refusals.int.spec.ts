import { request as plainRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { createCertificateRequest, enrol } from '@isthmus/agent';
import type { RefusalRecord, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { selfMade } from './agent-matrix-nobody.fixture.js';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const postgres = await testPostgres();

postgres.suite('what the centre writes down of those who get no stream', () => {
  let store: Store;
  let centre: Centre;
  beforeEach(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
  });
  afterEach(async () => {
    await centre.stop();
    await store.close();
  });

  const noted = (code: string, cluster = ''): Promise<RefusalRecord> =>
    eventually(async () => {
      const all = await store.withTenant(ORG, (tx) => tx.refusals.list([cluster]));
      return all.find((one) => one.code === code && one.cluster === cluster);
    }, `${code} is on record`);
  const dial = (token: string) => ({
    ...{ gateway: centre.url, ca: centre.gateway.caPem, token, clusterUid: 'uid-1', agentVersion: 'spec' },
  });
  const port = (): number => Number(new URL(centre.url).port);
  const handshake = (options: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port: port(), ...options });
      socket.on('error', (error) => resolve(error.message));
      socket.on('secureConnect', () => resolve('connected'));
      socket.on('close', () => resolve('closed'));
    });

  it('a token of one cluster that is expired or used is held against that cluster, an unknown one against nobody', async () => {
    const cluster = await centre.addCluster('tokens');
    await enrol(dial(await centre.token(cluster, -1000)));
    expect(await noted('ISM0402', cluster)).toMatchObject({ door: 'enrol', address: '127.0.0.1', count: 1 });
    await enrol(dial('y'.repeat(32)));
    expect((await noted('ISM0401')).cluster).toBe('');
    const token = await centre.token(cluster);
    await enrol(dial(token));
    await enrol(dial(token));
    await enrol(dial(token));
    await eventually(
      async () => ((await noted('ISM0403', cluster)).count === 2 ? true : undefined),
      'both are counted',
    );
  });

  it('an agent that was enrolled at an address is who comes from there without a certificate', async () => {
    const cluster = await centre.addCluster('behind-a-proxy');
    const enrolled = await enrol(dial(await centre.token(cluster)));
    if (!enrolled.ok) throw new Error(enrolled.message);
    const { privateKey } = await createCertificateRequest();
    await expect(RawStream.open(centre, { certificate: '', privateKey, ca: enrolled.identity.ca })).rejects.toThrow();
    expect(await noted('ISM0400', cluster)).toMatchObject({ door: 'stream' });
  });

  it('plain HTTP on the TLS port', async () => {
    const call = plainRequest({ host: '127.0.0.1', port: port(), path: '/healthz' });
    call.on('error', () => undefined);
    call.end();
    expect(await noted('ISM0536')).toMatchObject({ door: 'tls', address: '127.0.0.1' });
  });

  it('a peer that offers an older TLS only', async () => {
    await handshake({ maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    expect(await noted('ISM0537')).toMatchObject({ door: 'tls' });
  });

  it('a peer that does not trust the gateway, and so leaves', async () => {
    expect(await handshake({ rejectUnauthorized: true })).not.toBe('connected');
    expect(await noted('ISM0538')).toMatchObject({ door: 'tls', address: '127.0.0.1' });
  });

  it('whoever shows a forged certificate: is told that the token is unknown, is cut after that, and disturbs nobody else', async () => {
    const cluster = await centre.addCluster('claimed');
    const { certificate, privateKey } = await selfMade({ org: ORG, cluster });
    const csr = (await createCertificateRequest()).csr;
    const body = JSON.stringify({ token: 'x'.repeat(32), csr, agentVersion: 'spec', clusterUid: 'uid-1' });
    const head = `POST /enrol HTTP/1.1\r\nhost: gateway\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n\r\n`;
    const asked = (): Promise<string> =>
      new Promise((resolve) => {
        let answer = '';
        const shown = { cert: certificate, key: privateKey, ca: centre.gateway.caPem };
        const socket = connectTls({ host: '127.0.0.1', port: port(), ...shown }, () => socket.write(`${head}${body}`));
        socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
        socket.on('error', ({ message }) => resolve(message));
        socket.on('close', () => resolve(answer));
      });
    const enrolled = centre.token(cluster).then((token) => enrol(dial(token)));
    for (const answer of await Promise.all(Array.from({ length: 5 }, asked)))
      expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*ISM0401/);
    expect((await enrolled).ok).toBe(true);
  });

  it('nothing of who only looks whether the port is open', async () => {
    await new Promise<void>((resolve) => {
      const socket = connectTcp(port(), '127.0.0.1', () => socket.destroy());
      socket.on('close', () => resolve());
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await store.withTenant(ORG, (tx) => tx.refusals.list([]))).toEqual([]);
  });

  it('a bounded number, however many knock', async () => {
    const note = (index: number) => ({
      ...{ cluster: '', door: 'tls' as const, code: 'ISM0537', message: 'x', count: 1 },
      address: `192.0.2.${String(index)}`,
    });
    await store.withTenant(ORG, (tx) => tx.refusals.note(Array.from({ length: 60 }, (_, index) => note(index))));
    expect(await store.withTenant(ORG, (tx) => tx.refusals.list([]))).toHaveLength(50);
  });

  it('nothing that another organization sees', async () => {
    const cluster = await centre.addCluster('mine');
    await enrol(dial(await centre.token(cluster, -1000)));
    await noted('ISM0402', cluster);
    await expect(store.withTenant('other', (tx) => tx.refusals.list([cluster]))).resolves.toEqual([]);
  });
});
