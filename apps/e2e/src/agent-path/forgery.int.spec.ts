import { X509Certificate, randomUUID } from 'node:crypto';
import { createCertificateRequest, enrol } from '@isthmus/agent';
import type { Identity } from '@isthmus/agent';
import { systemClock } from '@isthmus/platform';
import { identityUri } from '@isthmus/protocol';
import type { Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from './centre.fixture.js';
import { eventually } from './directory-agent.fixture.js';
import { forge, forgedFrames, forgeries } from './forgery.fixture.js';
import { ask } from './gateway-doors.fixture.js';
import type { Victim } from './forgery.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const postgres = await testPostgres();
const SEED = 20_261_128;
const RUNS = 150;

postgres.suite('a forger with a true identity of its own', () => {
  let store: Store;
  let centre: Centre;
  let forger: Identity;
  let victim: Victim;
  let victimIdentity: Identity;
  let hurried = 0;

  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    // The doors let one address ask once a second; here time passes faster.
    centre.clock = { ...systemClock, monotonicMs: () => (hurried += 1000) };
    await centre.start();
    forger = await enrolled('forger');
    const pending = await createCertificateRequest();
    victimIdentity = await enrolled('victim', pending);
    const { org, cluster, certificate } = victimIdentity;
    victim = { org, cluster: cluster.uid, name: cluster.name, csr: pending.csr, certificate };
    const stream = await RawStream.open(centre, victimIdentity);
    stream.hello();
    await stream.next('welcome');
    stream.close();
    await eventually(async () => (await standing()).session?.connected === false || undefined, 'the victim has left');
  });
  afterAll(async () => {
    await centre.stop();
    await store.close();
  });

  async function enrolled(name: string, pending?: { privateKey: string; csr: string }): Promise<Identity> {
    const token = await centre.token(await centre.addCluster(name));
    const dial = { gateway: centre.url, ca: centre.gateway.caPem, clusterUid: 'uid-1', agentVersion: 'spec' };
    const result = await enrol({ ...dial, token, ...(pending === undefined ? {} : { pending }) });
    if (!result.ok) throw new Error(result.message);
    return result.identity;
  }

  /** Asks a door of the gateway, with the headers that proxies would set and the forger sets. */
  async function post(path: string, body: unknown, as?: Identity): Promise<{ status: number; certificate?: string }> {
    const headers = {
      'x-forwarded-client-cert': `URI=${identityUri(victim)}`,
      'x-client-cert': encodeURIComponent(victim.certificate),
      'ssl-client-verify': 'SUCCESS',
    };
    const { status, text } = await ask(centre, { path, body, headers, as });
    return { status, ...(JSON.parse(text) as { certificate?: string }) };
  }

  /** What is on record of the victim. */
  const standing = () =>
    store.withTenant(ORG, async (tx) => {
      const session = await tx.sessions.get(victim.cluster);
      return {
        certificates: await tx.certificates.ofCluster(victim.cluster),
        session: session && { ...session, lastSeenAt: undefined },
        inventory: await tx.inventory.head(victim.cluster),
        applied: await tx.targets.applied({ cluster: victim.cluster }),
      };
    });

  /** True for a certificate that says the connection's own identity and nothing that the request asked for. */
  function expectOwn(pem: string, self: { org: string; cluster: string }, key: Buffer): void {
    const certificate = new X509Certificate(pem);
    expect(certificate.subjectAltName).toBe(`URI:${identityUri(self)}`);
    expect(certificate.subject).toBe('CN=isthmus-agent');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(key)).toBe(true);
  }

  it('gets no other identity at the door of renewals, whatever its request says', async () => {
    const before = await standing();
    const self = { org: forger.org, cluster: forger.cluster.uid };
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(forgeries(victim), async (forgery) => {
        const { csr, key } = await forge(forgery, { self, victim });
        const { status, certificate } = await post('/renew', { ...forgery.beside, csr }, forger);
        if (forgery.bytes === 'whole') expect(status).toBe(200);
        if (certificate === undefined) {
          expect(status).toBe(400);
          return;
        }
        granted += 1;
        const known = ['victims-request', 'doubled'].includes(forgery.bytes) ? keyOfVictim() : key;
        expectOwn(certificate, self, known);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(granted).toBeGreaterThan(RUNS / 5);
    expect(await standing()).toEqual(before);
  });

  /** A replayed request gives a certificate for the replayer's own identity, over a key that it does not have. */
  const keyOfVictim = (): Buffer =>
    new X509Certificate(victim.certificate).publicKey.export({ type: 'spki', format: 'der' });

  it('gets no other identity for a token than the token’s', async () => {
    const before = await standing();
    await fc.assert(
      fc.asyncProperty(forgeries(victim), async (forgery) => {
        const cluster = await centre.addCluster(`t${randomUUID().slice(0, 8)}`);
        const self = { org: ORG, cluster };
        const { csr, key } = await forge(forgery, { self, victim });
        const token = await centre.token(cluster);
        const body = { ...forgery.beside, agentVersion: 's', clusterUid: victim.cluster, csr, token };
        const { certificate } = await post('/enrol', body, forger);
        const known = ['victims-request', 'doubled'].includes(forgery.bytes) ? keyOfVictim() : key;
        if (certificate !== undefined) expectOwn(certificate, self, known);
      }),
      { seed: SEED, numRuns: RUNS / 3 },
    );
    expect(await standing()).toEqual(before);
  });

  it('gets no other identity on its stream, and says nothing in another’s name', async () => {
    const before = await standing();
    const self = { org: forger.org, cluster: forger.cluster.uid };
    let streams = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(forgedFrames(victim), { minLength: 1, maxLength: 12 }),
        forgeries(victim),
        async (frames, forgery) => {
          const stream = await RawStream.open(centre, forger);
          stream.hello({ bootId: 'boot' });
          expect(await stream.next('welcome')).toMatchObject({ org: self.org, cluster: forger.cluster });
          streams += 1;
          for (const { text } of frames) stream.sendText(text);
          const { csr, key } = await forge({ ...forgery, bytes: 'whole' }, { self, victim });
          stream.sendText(JSON.stringify({ ...forgery.beside, type: 'renew', csr }));
          const answer = await Promise.race([
            stream.next('certificate'),
            stream.next('renewRefused'),
            stream.next('bye'),
          ]);
          if (answer.type === 'certificate') expectOwn(answer.certificate, self, key);
          stream.close();
        },
      ),
      { seed: SEED, numRuns: 25 },
    );
    expect(streams).toBe(25);
    expect(await standing()).toEqual(before);
  });

  it('gains nothing from a certificate of the victim without its key, or from its key with another certificate', async () => {
    const swapped = [
      { ...forger, certificate: victimIdentity.certificate },
      { ...forger, privateKey: victimIdentity.privateKey },
    ];
    for (const identity of swapped) {
      await expect(RawStream.open(centre, identity)).rejects.toThrow();
      await expect(post('/renew', { csr: victim.csr }, identity)).rejects.toThrow();
    }
    expect((await post('/renew', { csr: victim.csr })).status).toBe(403);
  });

  it('gets its own name for a request that it repeats, over a key that it does not have', async () => {
    const { certificate = '' } = await post('/renew', { csr: victim.csr }, forger);
    const stolen = { ...forger, certificate };
    expect(new X509Certificate(certificate).subjectAltName).toContain(forger.cluster.uid);
    await expect(RawStream.open(centre, stolen)).rejects.toThrow();
  });
});
