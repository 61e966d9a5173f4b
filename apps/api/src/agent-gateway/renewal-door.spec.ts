import 'reflect-metadata';
import { X509Certificate, webcrypto } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { manualClock, silentLogger } from '@isthmus/platform';
import type { PresentOutcome, SessionRecord, Store, TenantTx } from '@isthmus/store';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from './pki/certificate-authority.js';
import type { CertificateAuthority } from './pki/certificate-authority.js';
import { checkRequest } from './pki/certificate-request.js';
import { memoryKeyStore } from './pki/key-store.js';
import { renewAtDoor } from './renewal-door.js';
import type { RenewalAnswer } from './renewal-door.js';

const DAY_MS = 86_400_000;

async function request(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: algorithm }, webcrypto);
  return made.toString('pem');
}

describe('the door for expired certificates', () => {
  const clock = manualClock();
  let authority: CertificateAuthority;
  let csr: string;
  let socket: TLSSocket;
  let expiresAt: number;
  let presented: PresentOutcome;
  let session: Partial<SessionRecord>;
  let quarantined: string[];
  let issued: number;
  beforeEach(async () => {
    authority = await openCertificateAuthority(memoryKeyStore(), clock);
    csr = await request();
    const checked = await checkRequest(csr);
    if (!checked.ok) throw new Error(checked.reason);
    const { pem, notAfter } = await authority.issueAgent({ org: 'o', cluster: 'c1' }, checked.publicKey);
    const certificate = new X509Certificate(pem);
    socket = { getPeerX509Certificate: () => certificate } as unknown as TLSSocket;
    expiresAt = notAfter.getTime();
    presented = { outcome: 'ok', cluster: 'c1', newest: true };
    [session, quarantined, issued] = [{}, [], 0];
  });
  const ask = async (body: unknown = { csr }): Promise<RenewalAnswer> => {
    const tx = {
      certificates: { present: () => Promise.resolve(presented), issue: () => Promise.resolve((issued += 1)) },
      sessions: {
        get: () => Promise.resolve(session),
        quarantine: (_: string, reason: string) => Promise.resolve(void quarantined.push(reason)),
      },
      resources: { byUid: () => Promise.resolve({ uid: 'c1', name: 'east' }) },
    };
    const store = {
      system: { organizations: () => Promise.resolve([{ id: 'o' }]), raisedAt: () => Promise.resolve(undefined) },
      withTenant: (_: string, run: (in_: TenantTx) => unknown) => run(tx as unknown as TenantTx),
    } as unknown as Store;
    const { answer } = await renewAtDoor({ store, authority, clock, log: silentLogger() }, socket, body);
    return answer;
  };

  it('is shut to who shows no certificate, and to a request that proves no key', async () => {
    expect(await ask({ csr: 'x'.repeat(80) })).toMatchObject({ status: 400, body: { code: 'ISM0404' } });
    expect(await ask({})).toMatchObject({ status: 400, body: { code: 'ISM0404' } });
    socket = { getPeerX509Certificate: () => undefined } as unknown as TLSSocket;
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0400' } });
    expect(issued).toBe(0);
  });

  it('is shut to a cluster that is revoked or quarantined, and to a certificate that is', async () => {
    session = { revokedAt: new Date() };
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0406' } });
    session = { quarantine: 'DuplicateIdentity' };
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0407' } });
    session = {};
    presented = { outcome: 'revoked', cluster: 'c1' };
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0406' } });
    presented = { outcome: 'ok', cluster: 'another', newest: true };
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0406' } });
    expect([issued, quarantined]).toEqual([0, []]);
  });

  it('quarantines the cluster of a certificate that was replaced', async () => {
    presented = { outcome: 'retired', cluster: 'c1' };
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0407' } });
    expect(quarantined).toHaveLength(1);
  });

  it('is open for thirty days after the end, and not for longer', async () => {
    clock.advance(expiresAt + 30 * DAY_MS - clock.now().getTime());
    expect(await ask()).toMatchObject({ status: 200 });
    clock.advance(1);
    expect(await ask()).toMatchObject({ status: 403, body: { code: 'ISM0406' } });
    expect(issued).toBe(1);
  });
});
