import 'reflect-metadata';
import { X509Certificate, webcrypto } from 'node:crypto';
import { manualClock, retiredFile, wantedFile } from '@isthmus/platform';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from './certificate-authority.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { checkRequest } from './certificate-request.js';
import { memoryKeyStore } from './key-store.js';
import type { KeyStore } from './key-store.js';
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
    certificateIdentity(new X509Certificate(pem), authority, now);

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
    expect(certificateIdentity(new X509Certificate(pem), other, clock.now())).toMatchObject({
      ok: false,
    });
    expect(certificateIdentity(ca(), authority, clock.now())).toMatchObject({ ok: false });
    const server = await authority.issueServer(['localhost', '127.0.0.1']);
    expect(certificateIdentity(new X509Certificate(server.certificate), authority, clock.now())).toMatchObject({
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

describe('a rotation of the authority', () => {
  const clock = manualClock();
  let keys: KeyStore;
  let authority: CertificateAuthority;
  beforeEach(async () => {
    keys = memoryKeyStore();
    authority = await openCertificateAuthority(keys, clock);
  });
  const issued = async (by = authority) => {
    const checked = await checkRequest(await request(ec('P-256')));
    if (!checked.ok) throw new Error(checked.reason);
    return by.issueAgent({ org: 'default', cluster: 'c1' }, checked.publicKey);
  };
  const seen = (pem: string) => certificateIdentity(new X509Certificate(pem), authority, clock.now());
  const begin = async () => {
    await keys.saveFirst(wantedFile(2), 'wanted');
    return authority.reload();
  };
  const retire = async (number: number) => {
    const known = authority.trusted.find((one) => one.number === number);
    await keys.saveFirst(retiredFile(number), known?.certificate.toString() ?? '');
    return authority.reload();
  };

  it('is none while nobody wants one', async () => {
    const before = authority.caPem;
    expect(await authority.reload()).toBe(false);
    expect(authority.caPem).toBe(before);
  });

  it('has the new authority trusted at once, and sign after two minutes, when every process knows it', async () => {
    expect(await begin()).toBe(true);
    expect(authority.trusted.map(({ number }) => number)).toEqual([1, 2]);
    expect(authority.caPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    clock.advance(2 * 60_000 - 1);
    expect((await issued()).authority).toBe(1);
    clock.advance(1);
    const { pem, authority: number } = await issued();
    expect(number).toBe(2);
    expect(seen(pem)).toMatchObject({ ok: true, authority: 2 });
  });

  it('keeps certificates of the old one good, and the server’s its own, until it is retired', async () => {
    const old = await issued();
    await begin();
    clock.advance(2 * 60_000);
    expect(seen(old.pem)).toMatchObject({ ok: true, authority: 1 });
    const issuerOf = async () => new X509Certificate((await authority.issueServer(['localhost'])).certificate).issuer;
    expect(await issuerOf()).toBe('CN=Isthmus gateway CA');
    expect(await retire(1)).toBe(true);
    expect(await issuerOf()).toBe('CN=Isthmus gateway CA 2');
    expect(seen(old.pem)).toMatchObject({
      ok: false,
      code: 'ISM0574',
      reason: expect.stringContaining('authority 1') as string,
    });
    expect(authority.caPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  });

  it('makes one authority in two processes, and is the same after a restart', async () => {
    const other = await openCertificateAuthority(keys, clock);
    await keys.saveFirst(wantedFile(2), 'wanted');
    await Promise.all([authority.reload(), other.reload()]);
    expect(other.caPem).toBe(authority.caPem);
    await retire(1);
    expect((await openCertificateAuthority(keys, clock)).caPem).toBe(authority.caPem);
  });

  it('gives no number twice, and does not begin anew where all are retired', async () => {
    await begin();
    await retire(1);
    await keys.saveFirst(wantedFile(3), 'wanted');
    await authority.reload();
    expect(authority.trusted.map(({ number }) => number)).toEqual([2, 3]);
    await retire(2);
    const before = authority.caPem;
    await expect(retire(3)).rejects.toThrow(/retired/);
    expect(authority.caPem).toBe(before);
  });
});
