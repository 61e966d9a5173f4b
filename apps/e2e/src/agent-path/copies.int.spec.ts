import { X509Certificate, randomUUID } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { createCertificateRequest, enrol } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { buildTree, entry } from '@isthmus/domain';
import { systemClock } from '@isthmus/platform';
import type { SessionRecord, Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const postgres = await testPostgres();

postgres.suite('identities that are copied, stolen, or belong to what was built anew', () => {
  let store: Store;
  let one: Centre;
  /** A second gateway process of the same installation. */
  let two: Centre;
  let clusters = 0;

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    one = new Centre(store);
    await one.start();
    two = new Centre(store);
    const ca = await one.keys.load('gateway-ca.pem');
    if (ca !== undefined) await two.keys.saveFirst('gateway-ca.pem', ca);
    await two.start();
  });
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()]);
    await store.close();
  });

  const addCluster = (): Promise<string> => one.addCluster(`copies${String((clusters += 1))}`);
  const enrolWith = (token: string, clusterUid = 'uid-1'): ReturnType<typeof enrol> =>
    enrol({ gateway: one.url, ca: one.gateway.caPem, token, clusterUid, agentVersion: 'spec' });
  const identityOf = async (cluster: string, clusterUid = 'uid-1', renews = false): Promise<Identity> => {
    const result = await enrolWith(await one.token(cluster, 60_000, renews), clusterUid);
    if (!result.ok) throw new Error(`${result.code} ${result.message}`);
    return result.identity;
  };
  const welcomed = async (centre: Centre, identity: Identity, more: Parameters<RawStream['hello']>[0] = {}) => {
    const stream = await RawStream.open(centre, identity);
    stream.hello(more);
    await stream.next('welcome');
    return stream;
  };
  const session = (cluster: string): Promise<SessionRecord | undefined> =>
    store.withTenant(ORG, (tx) => tx.sessions.get(cluster));
  const refusals = (cluster: string) => store.withTenant(ORG, (tx) => tx.refusals.list([cluster]));

  it('are cut on every gateway when they are revoked', async () => {
    const identity = await identityOf(await addCluster());
    const stream = await welcomed(two, identity);
    await store.withTenant(ORG, (tx) => tx.sessions.revoke(identity.cluster.uid));
    expect(await stream.next('bye')).toMatchObject({ reason: 'revoked' });
    await expect(RawStream.open(one, identity)).rejects.toThrow('403');
  });

  it('are quarantined when two agents take over from each other on different gateways', async () => {
    const identity = await identityOf(await addCluster());
    const [first, second] = [randomUUID(), randomUUID()];
    await welcomed(one, identity, { bootId: first });
    await welcomed(two, identity, { bootId: second });
    await welcomed(one, identity, { bootId: first });
    const last = await RawStream.open(two, identity);
    last.hello({ bootId: second });
    expect(await last.next('bye')).toMatchObject({ reason: 'cloned' });
    expect((await session(identity.cluster.uid))?.quarantine).toContain('DuplicateIdentity');
  });

  it('are let in again when a person lifts the quarantine, and are watched as before', async () => {
    const identity = await identityOf(await addCluster());
    const { uid } = identity.cluster;
    await store.withTenant(ORG, (tx) => tx.sessions.quarantine(uid, 'DuplicateIdentity: spec'));
    const refused = await RawStream.open(one, identity);
    refused.hello();
    expect(await refused.next('bye')).toMatchObject({ reason: 'cloned' });
    await store.withTenant(ORG, (tx) => tx.sessions.unquarantine(uid));
    const [first, second] = [randomUUID(), randomUUID()];
    for (const bootId of [first, second, first]) await welcomed(one, identity, { bootId });
    const last = await RawStream.open(one, identity);
    last.hello({ bootId: second });
    expect(await last.next('bye')).toMatchObject({ reason: 'cloned' });
  });

  it('of a cluster with another UID get no certificate, and the token is not used up by asking', async () => {
    const cluster = await addCluster();
    await welcomed(one, await identityOf(cluster));
    const token = await one.token(cluster);
    expect(await enrolWith(token, 'uid-2')).toMatchObject({ ok: false, code: 'ISM0544' });
    await eventually(
      async () => (await refusals(cluster)).find(({ code }) => code === 'ISM0544'),
      'the refusal is on record',
    );
    expect(await enrolWith(token)).toMatchObject({ ok: true });
  });

  it('of a cluster that was built anew replace those of the old one, which quarantine nobody', async () => {
    const cluster = await addCluster();
    const old = await identityOf(cluster);
    const stream = await welcomed(two, old);
    const fresh = await identityOf(cluster, 'uid-2', true);
    expect(await stream.next('bye')).toMatchObject({ reason: 'superseded' });
    await expect(RawStream.open(one, old)).rejects.toThrow('403');
    await welcomed(one, fresh, { clusterUid: 'uid-2' });
    await expect(RawStream.open(one, old)).rejects.toThrow('403');
    expect(await session(cluster)).toMatchObject({ clusterUid: 'uid-2', quarantine: undefined, connected: true });
  });

  it('of a revoked cluster come back by a token that renews, and by no other', async () => {
    const cluster = await addCluster();
    const old = await identityOf(cluster);
    await store.withTenant(ORG, (tx) => tx.sessions.revoke(cluster));
    expect(await enrolWith(await one.token(cluster))).toMatchObject({ ok: false, code: 'ISM0406' });
    await welcomed(one, await identityOf(cluster, 'uid-1', true));
    await expect(RawStream.open(one, old)).rejects.toThrow('403');
  });

  it('prove themselves anew on every connection: no TLS session is resumed', async () => {
    const identity = await identityOf(await addCluster());
    const { certificate, privateKey, ca } = identity;
    const dial = (resume?: Buffer) =>
      new Promise<{ reused: boolean; tickets: Buffer[] }>((resolve, reject) => {
        const port = Number(new URL(one.url).port);
        const tickets: Buffer[] = [];
        const socket = connectTls({ host: '127.0.0.1', port, ca, cert: certificate, key: privateKey, session: resume });
        socket.on('session', (ticket) => tickets.push(ticket));
        socket.on('error', reject);
        socket.on('secureConnect', () => {
          const [early, reused] = [socket.getSession(), socket.isSessionReused()];
          setTimeout(() => {
            socket.destroy();
            resolve({ reused, tickets: early === undefined ? tickets : [...tickets, early] });
          }, 100);
        });
      });
    const first = await dial();
    for (const ticket of first.tickets) expect((await dial(ticket)).reused).toBe(false);
    expect((await dial()).reused).toBe(false);
  });

  it('end with their certificate', async () => {
    const cluster = await addCluster();
    const almost = new Centre(store);
    const pem = await one.keys.load('gateway-ca.pem');
    if (pem !== undefined) await almost.keys.saveFirst('gateway-ca.pem', pem);
    const dayMs = 86_400_000;
    almost.clock = { ...systemClock, now: () => new Date(Date.now() - dayMs + 4000) };
    await almost.start();
    const result = await enrol({
      ...{ gateway: almost.url, ca: almost.gateway.caPem, clusterUid: 'uid-1', agentVersion: 'spec' },
      token: await one.token(cluster),
    });
    await almost.stop();
    if (!result.ok) throw new Error(result.message);
    const stream = await welcomed(one, result.identity);
    expect(await stream.next('bye')).toMatchObject({ reason: 'expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(
      Date.parse(new X509Certificate(result.identity.certificate).validTo) - 50,
    );
  });

  it('get nothing more on a line once the database was behind them, under any gateway, until the epoch is raised', async () => {
    const cluster = await addCluster();
    const identity = await identityOf(cluster);
    const [gns, root] = [randomUUID(), 'f'.repeat(64)];
    const tree = buildTree([
      entry('gns', { kind: 'gns', project: 'p', name: 'n', domain: 'd', memberClusters: [], consumers: [] }),
    ]);
    const ahead = { gns, line: 'policy' as const, epoch: 1, seq: 2, root };
    await one.publishPolicy({ cluster, gns }, tree);
    const found = await welcomed(one, identity, { lines: [ahead] });
    const stops = () => store.withTenant(ORG, (tx) => tx.lineStops.list());
    await eventually(async () => ((await stops()).length === 1 ? true : undefined), 'the stop is on record');
    found.close();
    await one.publishPolicy({ cluster, gns }, buildTree([]));
    await one.publishPolicy({ cluster, gns }, tree);
    const later = await welcomed(two, identity, { lines: [ahead] });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(later.messages.map(({ type }) => type)).not.toContain('sync');
    await store.system.raiseEpoch();
    expect(await stops()).toEqual([]);
    await one.publishPolicy({ cluster, gns }, tree);
    const raised = await welcomed(two, identity, { lines: [ahead] });
    expect((await raised.next('sync')).statement).toMatchObject({ epoch: 2, gns });
  });

  it('get no certificate without proof of the key, and that is on record for their cluster', async () => {
    const cluster = await addCluster();
    const token = await one.token(cluster);
    const { csr, privateKey } = await createCertificateRequest();
    const lines = csr.trim().split('\n');
    lines[lines.length - 2] = [...(lines.at(-2) ?? '')].reverse().join('');
    const dial = { gateway: one.url, ca: one.gateway.caPem, token, clusterUid: 'uid-1', agentVersion: 'spec' };
    const refused = await enrol({ ...dial, pending: { privateKey, csr: lines.join('\n') } });
    expect(refused).toMatchObject({ ok: false, code: 'ISM0404' });
    await eventually(async () => (await refusals(cluster)).find(({ code }) => code === 'ISM0404'), 'on record');
    expect(await enrol(dial)).toMatchObject({ ok: true });
  });
});
