import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { manualClock, silentLogger } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryIdentityStore } from './identity.js';
import type { Identity, IdentityStore } from './identity.js';
import type { AgentStream } from '../stream.js';
import type { RenewAtDoor } from './renewal-door.js';
import { CertificateRenewal } from './renewal.js';

async function certificateUntil(notAfter: Date): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date(notAfter.getTime() - 86_400_000);
  const made = await X509CertificateGenerator.createSelfSigned(
    { keys, notBefore, notAfter, signingAlgorithm: algorithm },
    webcrypto,
  );
  return made.toString('pem');
}

describe('a certificate that runs out while there is no stream', () => {
  let clock: ManualClock;
  let identity: Identity;
  let identities: IdentityStore;
  beforeEach(async () => {
    clock = manualClock();
    const certificate = await certificateUntil(new Date(clock.now().getTime() + 10_000));
    const cluster = { uid: 'c1', name: 'east' };
    identity = { ...{ version: 1, org: 'o', cluster, privateKey: 'old', certificate, ca: '' }, statementKeys: ['k'] };
    identities = memoryIdentityStore(identity);
  });
  const renewalWith = (door: RenewAtDoor): CertificateRenewal =>
    new CertificateRenewal(identity, { identities, clock, log: silentLogger(), renewed: () => undefined, door });

  it('stays as it is when the door is shut', async () => {
    clock.advance(10_000);
    const renewal = renewalWith(() => Promise.reject(new Error('ISM0406')));
    await expect(renewal.refresh()).rejects.toThrow('ISM0406');
    expect(renewal.current).toBe(identity);
  });

  it('is renewed at the door once it has run out, not before, and stored before it is used', async () => {
    let asked = 0;
    const renewal = renewalWith((old) => Promise.resolve({ ...old, privateKey: `new ${String((asked += 1))}` }));
    clock.advance(9999);
    await renewal.refresh();
    expect(asked).toBe(0);
    clock.advance(1);
    await renewal.refresh();
    expect([renewal.current.privateKey, (await identities.load())?.privateKey]).toEqual(['new 1', 'new 1']);
  });
});

describe('a certificate on an open stream', () => {
  let clock: ManualClock;
  /** What this test's stream was given: a request of the test before may still be on its way. */
  let sent: unknown[];
  let stream: AgentStream;
  const HOUR_MS = 3_600_000;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    clock = manualClock();
    const own: unknown[] = [];
    sent = own;
    stream = { isWelcomed: true, send: (message: unknown) => own.push(message) } as unknown as AgentStream;
  });
  afterEach(() => vi.useRealTimers());
  /** A request was sent; its key is made outside of the clock of this spec. */
  const asked = async (): Promise<void> => {
    const end = performance.now() + 5000;
    while (sent.length === 0 && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).not.toEqual([]);
  };
  /** A renewal whose certificate has as much of its day left as given, by the centre's clock. */
  const renewalWith = async (leftMs: number, centre: Date): Promise<CertificateRenewal> => {
    const certificate = await certificateUntil(new Date(centre.getTime() + leftMs));
    const cluster = { uid: 'c1', name: 'east' };
    const identity = {
      version: 1 as const,
      org: 'o',
      cluster,
      privateKey: 'k',
      certificate,
      ca: '',
      statementKeys: ['k'],
    };
    const identities = memoryIdentityStore(identity);
    return new CertificateRenewal(identity, { identities, clock, log: silentLogger(), renewed: () => undefined });
  };

  it('is not renewed over and over by a clock that is days ahead of the centre’s', async () => {
    const centre = new Date(clock.now().getTime() - 72 * HOUR_MS);
    const renewal = await renewalWith(24 * HOUR_MS, centre);
    renewal.useStream(stream);
    renewal.centreTime(centre.toISOString());
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(sent).toEqual([]);
    await renewal.refresh();
    await vi.advanceTimersByTimeAsync(11.1 * HOUR_MS);
    await asked();
  });

  it('is renewed at half of its life, not before', async () => {
    const renewal = await renewalWith(12 * HOUR_MS + 10_000, clock.now());
    renewal.useStream(stream);
    renewal.centreTime(clock.now().toISOString());
    await vi.advanceTimersByTimeAsync(8900);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1200);
    await asked();
  });
});
