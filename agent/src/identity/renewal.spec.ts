import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { manualClock, silentLogger } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import { X509CertificateGenerator } from '@peculiar/x509';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryIdentityStore } from './identity.js';
import type { Identity, IdentityStore } from './identity.js';
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
    await expect(renewal.refreshExpired()).rejects.toThrow('ISM0406');
    expect(renewal.current).toBe(identity);
  });

  it('is renewed at the door once it has run out, not before, and stored before it is used', async () => {
    let asked = 0;
    const renewal = renewalWith((old) => Promise.resolve({ ...old, privateKey: `new ${String((asked += 1))}` }));
    clock.advance(9999);
    await renewal.refreshExpired();
    expect(asked).toBe(0);
    clock.advance(1);
    await renewal.refreshExpired();
    expect([renewal.current.privateKey, (await identities.load())?.privateKey]).toEqual(['new 1', 'new 1']);
  });
});
