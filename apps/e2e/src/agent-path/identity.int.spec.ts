import { X509Certificate, randomUUID } from 'node:crypto';
import { createCertificateRequest, enrol, renewalDoor } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { systemClock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const BOOT_ID = randomUUID();
const postgres = await testPostgres();

postgres.suite('the identity of an agent', () => {
  let store: Store;
  let centre: Centre;
  let clusters = 0;

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
  });
  afterAll(async () => {
    await centre.stop();
    await store.close();
  });

  const enrolWith = (token: string): ReturnType<typeof enrol> =>
    enrol({ gateway: centre.url, ca: centre.gateway.caPem, token, clusterUid: 'uid-1', agentVersion: 'spec' });
  const enrolled = async (): Promise<Identity> => {
    const cluster = await centre.addCluster(`c${String((clusters += 1))}`);
    const result = await enrolWith(await centre.token(cluster));
    if (!result.ok) throw new Error(result.message);
    return result.identity;
  };
  const welcomed = async (identity: Identity, more: Parameters<RawStream['hello']>[0] = {}): Promise<RawStream> => {
    const stream = await RawStream.open(centre, identity);
    stream.hello(more);
    await stream.next('welcome');
    return stream;
  };
  const tried = async (token: string): Promise<{ ok: boolean; code?: string }> => {
    const result = await enrolWith(token);
    return result.ok ? { ok: true } : { ok: false, code: result.code };
  };

  it('is not given for a token that is unknown, expired or was used', async () => {
    const cluster = await centre.addCluster('tokens');
    expect(await tried('y'.repeat(32))).toEqual({ ok: false, code: 'ISM0401' });
    expect(await tried(await centre.token(cluster, -1000))).toEqual({ ok: false, code: 'ISM0402' });
    const token = await centre.token(cluster);
    expect(await tried(token)).toEqual({ ok: true });
    expect(await tried(token)).toEqual({ ok: false, code: 'ISM0403' });
  });

  it('is given to one of several that use a token at once', async () => {
    const token = await centre.token(await centre.addCluster('race'));
    const results = await Promise.all([1, 2, 3, 4].map(() => tried(token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('is given again for the same token and key until it was used, as its answer may have been lost', async () => {
    const token = await centre.token(await centre.addCluster('lost-answer'));
    const pending = await createCertificateRequest();
    const again = (key: typeof pending): ReturnType<typeof enrol> =>
      enrol({
        ...{ gateway: centre.url, ca: centre.gateway.caPem, token, clusterUid: 'uid-1', agentVersion: 'spec' },
        pending: key,
      });
    const [first, second] = [await again(pending), await again(pending)];
    if (!first.ok || !second.ok) throw new Error('both are answered');
    expect(await again(await createCertificateRequest())).toMatchObject({ ok: false, code: 'ISM0403' });
    const serials = [first, second].map(({ identity }) => new X509Certificate(identity.certificate).serialNumber);
    expect(serials[0]).toBe(serials[1]);
    await welcomed(second.identity);
    await welcomed(first.identity);
    expect(await again(pending)).toMatchObject({ ok: false, code: 'ISM0403' });
  });

  it('that has expired opens no stream, and the door for a new one until that was used', async () => {
    const twoDays = 2 * 86_400_000;
    const elsewhere = new Centre(store);
    elsewhere.clock = { ...systemClock, now: () => new Date(Date.now() - twoDays) };
    await elsewhere.start();
    const cluster = await centre.addCluster('expired');
    const dial = { gateway: elsewhere.url, ca: elsewhere.gateway.caPem, clusterUid: 'u', agentVersion: 's' };
    const result = await enrol({ ...dial, token: await centre.token(cluster) });
    if (!result.ok) throw new Error(result.message);
    await elsewhere.stop();
    elsewhere.clock = systemClock;
    await elsewhere.start();
    const door = renewalDoor({ gateway: elsewhere.url });
    await expect(RawStream.open(elsewhere, result.identity)).rejects.toThrow('403');
    const lost = await door(result.identity);
    const renewed = await door(result.identity);
    expect(renewed.cluster).toEqual(lost.cluster);
    const stream = await RawStream.open(elsewhere, renewed);
    stream.hello({});
    await stream.next('welcome');
    await expect(door(result.identity)).rejects.toThrow('ISM0407');
    await expect(door(renewed)).rejects.toThrow('ISM0407');
    await elsewhere.stop();
  });

  it('is not asked of a gateway that the given CA does not vouch for', async () => {
    const { certificate } = await enrolled();
    const dial = { gateway: centre.url, ca: certificate, token: 'z'.repeat(32), clusterUid: 'u', agentVersion: 's' };
    await expect(enrol(dial)).rejects.toThrow();
  });

  it('opens no stream without a certificate, or with one of another authority', async () => {
    const { ca } = await enrolled();
    const { privateKey } = await createCertificateRequest();
    await expect(RawStream.open(centre, { certificate: '', privateKey, ca })).rejects.toThrow();
    const elsewhere = new Centre(store);
    await elsewhere.start();
    const cluster = await centre.addCluster('elsewhere');
    const foreign = await enrol({
      gateway: elsewhere.url,
      ca: elsewhere.gateway.caPem,
      token: await centre.token(cluster),
      clusterUid: 'u',
      agentVersion: 's',
    });
    await elsewhere.stop();
    if (!foreign.ok) throw new Error(foreign.message);
    await expect(RawStream.open(centre, { ...foreign.identity, ca })).rejects.toThrow('403');
  });

  it("is the certificate's, whatever the frames say, and is bound to the cluster that it first came from", async () => {
    const identity = await enrolled();
    const stream = await welcomed(identity);
    expect(await stream.next('welcome')).toMatchObject({ org: ORG, cluster: identity.cluster });
    const moved = await RawStream.open(centre, identity);
    moved.hello({ clusterUid: 'uid-2' });
    expect(await moved.next('bye')).toMatchObject({ reason: 'cloned' });
  });

  it('is known with how far its clock is off, which keeps it out of nothing', async () => {
    const identity = await enrolled();
    for (const offMs of [0, 7 * 60_000, -26 * 3_600_000]) {
      await welcomed(identity, { bootId: BOOT_ID, now: new Date(Date.now() + offMs).toISOString() });
      const session = await store.withTenant(ORG, (tx) => tx.sessions.get(identity.cluster.uid));
      expect(Math.abs((session?.clockSkewMs ?? Number.NaN) - offMs)).toBeLessThan(60_000);
    }
  });

  it('has one stream: a newer one fences the older, whose writes count no more', async () => {
    const identity = await enrolled();
    const older = await welcomed(identity);
    const newer = await welcomed(identity);
    expect(await older.next('bye')).toMatchObject({ reason: 'superseded' });
    await eventually(() => older.closed, 'the older stream is closed');
    expect((await newer.next('welcome')).session).toBeGreaterThan((await older.next('welcome')).session);
    const from = { cluster: identity.cluster.uid, session: (await older.next('welcome')).session };
    expect(await store.withTenant(ORG, (tx) => tx.targets.acknowledge(from, []))).toBe('fenced');
  });

  it('is quarantined when two processes use it in turns', async () => {
    const identity = await enrolled();
    const [one, two] = [randomUUID(), randomUUID()];
    for (const bootId of [one, two, one]) await welcomed(identity, { bootId });
    const last = await RawStream.open(centre, identity);
    last.hello({ bootId: two });
    expect(await last.next('bye')).toMatchObject({ reason: 'cloned' });
    const session = await store.withTenant(ORG, (tx) => tx.sessions.get(identity.cluster.uid));
    expect(session?.quarantine).toContain('DuplicateIdentity');
  });

  it('ends within a second of its revocation, and cannot come back', async () => {
    const identity = await enrolled();
    const stream = await welcomed(identity);
    const at = Date.now();
    await store.mutate(ORG, { actor: 'spec', action: 'revoke' }, (tx) => tx.sessions.revoke(identity.cluster.uid));
    expect(await stream.next('bye')).toMatchObject({ reason: 'revoked' });
    expect(Date.now() - at).toBeLessThan(1000);
    await expect(RawStream.open(centre, identity)).rejects.toThrow('403');
  });

  it('is renewed over the stream for the same cluster; the old certificate dies with the first use of the new one, and shown again quarantines', async () => {
    const identity = await enrolled();
    const stream = await welcomed(identity);
    const { privateKey, csr } = await createCertificateRequest();
    stream.send({ type: 'renew', csr });
    const { certificate, ca } = await stream.next('certificate');
    const renewed = { ...identity, privateKey, certificate, ca };
    stream.close();
    await welcomed(identity);
    expect((await (await welcomed(renewed)).next('welcome')).cluster).toEqual(identity.cluster);
    await expect(RawStream.open(centre, identity)).rejects.toThrow('403');
    const session = await store.withTenant(ORG, (tx) => tx.sessions.get(identity.cluster.uid));
    expect(session?.quarantine).toContain('DuplicateIdentity');
  });

  it('gets no certificate for a request that does not prove its key', async () => {
    const stream = await welcomed(await enrolled());
    const { csr } = await createCertificateRequest();
    const lines = csr.trim().split('\n');
    const last = lines.length - 2;
    lines[last] = [...(lines[last] ?? '')].reverse().join('');
    stream.send({ type: 'renew', csr: lines.join('\n') });
    expect(await stream.next('renewRefused')).toMatchObject({ type: 'renewRefused' });
  });

  it.each([
    ['a frame before hello', (stream: RawStream) => stream.send({ type: 'pong', id: 1 })],
    ['a malformed frame', (stream: RawStream) => stream.sendText('{')],
    ['an old protocol', (stream: RawStream) => stream.hello({ protocol: 0 })],
    ['a second hello', (stream: RawStream) => (stream.hello(), stream.hello())],
  ])('loses its stream over %s', async (_, say) => {
    const stream = await RawStream.open(centre, await enrolled());
    say(stream);
    expect(await stream.next('bye')).toMatchObject({ reason: 'protocol' });
    await eventually(() => stream.closed, 'closed');
  });

  it('keeps its stream over frames of a type that is not known yet', async () => {
    const stream = await RawStream.open(centre, await enrolled());
    stream.hello();
    await stream.next('welcome');
    stream.sendText('{"type":"from-the-future"}');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(stream.closed).toBeUndefined();
  });
});
