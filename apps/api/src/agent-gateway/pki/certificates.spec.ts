import 'reflect-metadata';
import { X509Certificate, webcrypto } from 'node:crypto';
import { manualClock } from '@isthmus/platform';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from './certificate-authority.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { checkRequest } from './certificate-request.js';
import { memoryKeyStore } from './key-store.js';
import { certificateIdentity } from './peer-identity.js';

interface Algorithm {
  name: string;
  namedCurve?: string;
  modulusLength?: number;
  publicExponent?: Uint8Array;
  hash?: string;
}

async function request(algorithm: Algorithm, name = 'CN=whoever,O=admins'): Promise<string> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const made = await Pkcs10CertificateRequestGenerator.create(
    { name, keys, signingAlgorithm: { ...algorithm, hash: 'SHA-256' } },
    webcrypto,
  );
  return made.toString('pem');
}
const ec = (namedCurve: string): Algorithm => ({ name: 'ECDSA', namedCurve });
const rsa = (modulusLength: number): Algorithm => ({
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
});

describe('a certificate request', () => {
  it.each(['', 'text', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'])(
    'is refused when it is %j',
    async (pem) => {
      expect(await checkRequest(pem)).toMatchObject({ ok: false });
    },
  );

  it('is refused with a key on another curve or a short RSA key', async () => {
    expect(await checkRequest(await request(ec('P-521')))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('secp521r1') as string,
    });
    expect(await checkRequest(await request(rsa(1024)))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('1024') as string,
    });
  });

  it('is taken with P-256, P-384, Ed25519 and RSA of 2048 bits', async () => {
    for (const algorithm of [ec('P-256'), ec('P-384'), { name: 'Ed25519' }, rsa(2048)]) {
      expect(await checkRequest(await request(algorithm))).toMatchObject({ ok: true });
    }
  });
});

describe('an agent certificate', () => {
  const clock = manualClock();
  const keys = memoryKeyStore();
  let authority: CertificateAuthority;
  let pem: string;
  beforeAll(async () => {
    authority = await openCertificateAuthority(keys, clock);
    const checked = await checkRequest(await request(ec('P-256')));
    if (!checked.ok) throw new Error(checked.reason);
    ({ pem } = await authority.issueAgent({ org: 'default', cluster: 'c1' }, checked.publicKey));
  });
  const ca = (): X509Certificate => new X509Certificate(authority.caPem);
  const identity = (now = clock.now()): ReturnType<typeof certificateIdentity> =>
    certificateIdentity(new X509Certificate(pem), ca(), now);

  it('says nothing of the requested subject and everything in its URI', () => {
    expect(pem).not.toContain('admins');
    expect(new X509Certificate(pem).subject).toBe('CN=isthmus-agent');
    expect(new X509Certificate(pem).subjectAltName).toBe('URI:isthmus://org/default/cluster/c1');
    expect(identity()).toMatchObject({ ok: true, org: 'default', cluster: 'c1', expired: false });
  });

  it('is good for a day from both ends, with five minutes for slow clocks', () => {
    const at = (milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);
    expect(identity(at(-301_000))).toMatchObject({ ok: false });
    expect(identity(at(-299_000))).toMatchObject({ ok: true });
    expect(identity(at(86_399_000))).toMatchObject({ ok: true, expired: false });
    expect(identity(at(86_400_000))).toMatchObject({ ok: true, expired: true });
  });

  it('is worth nothing to another authority, nor is the authority itself or a server an agent', async () => {
    const other = await openCertificateAuthority(memoryKeyStore(), clock);
    expect(certificateIdentity(new X509Certificate(pem), new X509Certificate(other.caPem), clock.now())).toMatchObject({
      ok: false,
    });
    expect(certificateIdentity(ca(), ca(), clock.now())).toMatchObject({ ok: false });
    const server = await authority.issueServer(['localhost', '127.0.0.1']);
    expect(certificateIdentity(new X509Certificate(server.certificate), ca(), clock.now())).toMatchObject({
      ok: false,
    });
  });

  it('comes from the same authority after a restart, and two that start together share one', async () => {
    expect((await openCertificateAuthority(keys, clock)).caPem).toBe(authority.caPem);
    const shared = memoryKeyStore();
    const [one, two] = await Promise.all([
      openCertificateAuthority(shared, clock),
      openCertificateAuthority(shared, clock),
    ]);
    expect(one.caPem).toBe(two.caPem);
  });
});
