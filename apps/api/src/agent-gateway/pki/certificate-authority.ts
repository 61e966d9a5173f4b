import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock } from '@isthmus/platform';
import { identityUri } from '@isthmus/protocol';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Extension, PublicKey } from '@peculiar/x509';
import type { KeyStore } from './key-store.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CA_LIFE_MS = 3650 * DAY_MS;
const SERVER_LIFE_MS = 30 * DAY_MS;
/** How long the certificate of an agent lives. */
export const AGENT_LIFE_MS = DAY_MS;
/** Clocks of clusters may be this far behind ours, and the database's apart from it. */
export const SKEW_MS = 5 * 60_000;
const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A certificate with what the store keeps of it. Serials are lower-case hex. */
export interface IssuedCertificate {
  pem: string;
  serial: string;
  notBefore: Date;
  notAfter: Date;
}

/** A certificate that was issued before is made again with its own serial and dates. */
export interface IssueAs {
  serial: string;
  dates?: { notBefore: Date; notAfter: Date };
}

/** The gateway's own authority: it vouches for agents' identities and for the gateway's own address, for nothing else. */
export interface CertificateAuthority {
  readonly caPem: string;
  /** `as`: the certificate gets this serial and, if they are given, these dates. */
  issueAgent(
    identity: { org: string; cluster: string },
    publicKey: PublicKey,
    as?: IssueAs,
  ): Promise<IssuedCertificate>;
  /** Key and certificate of the gateway's TLS port. */
  issueServer(names: readonly string[]): Promise<{ key: string; certificate: string; notAfter: Date }>;
}

/** Loads the authority, or makes it at first boot. */
export async function openCertificateAuthority(keys: KeyStore, clock: Clock): Promise<CertificateAuthority> {
  const bundle =
    (await keys.load('gateway-ca.pem')) ?? (await keys.saveFirst('gateway-ca.pem', await createAuthority(clock)));
  const { certificate, privateKey } = await readBundle(bundle);
  const authority = { certificate, privateKey, clock };
  return {
    caPem: certificate.toString('pem'),
    issueAgent: (identity, publicKey, as) => issueAgent(authority, { ...identity, ...as }, publicKey),
    issueServer: (names) => issueServer(authority, names),
  };
}

interface Authority {
  certificate: X509Certificate;
  privateKey: webcrypto.CryptoKey;
  clock: Clock;
}

async function createAuthority(clock: Clock): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const now = clock.now().getTime();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: 'CN=Isthmus gateway CA',
      notBefore: new Date(now - SKEW_MS),
      notAfter: new Date(now + CA_LIFE_MS),
      keys,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n${await privatePem(keys.privateKey)}\n`;
}

async function readBundle(bundle: string): Promise<{ certificate: X509Certificate; privateKey: webcrypto.CryptoKey }> {
  const parts = PemConverter.decodeWithHeaders(bundle);
  const certificate = parts.find(({ type }) => type === 'CERTIFICATE');
  const key = parts.find(({ type }) => type === 'PRIVATE KEY');
  if (!certificate || !key) throw new Error('the gateway CA file holds no certificate with its private key');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', key.rawData, KEY, false, ['sign']);
  return { certificate: new X509Certificate(certificate.rawData), privateKey };
}

async function issueAgent(
  authority: Authority,
  { serial, dates, ...identity }: { org: string; cluster: string } & Partial<IssueAs>,
  publicKey: PublicKey,
): Promise<IssuedCertificate> {
  const now = authority.clock.now().getTime();
  return issue(authority, {
    publicKey,
    serial,
    dates,
    lifeMs: AGENT_LIFE_MS,
    now,
    subject: 'CN=isthmus-agent',
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth], true),
      new SubjectAlternativeNameExtension([{ type: 'url', value: identityUri(identity) }], true),
    ],
  });
}

async function issueServer(
  authority: Authority,
  names: readonly string[],
): Promise<{ key: string; certificate: string; notAfter: Date }> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const issued = await issue(authority, {
    publicKey: keys.publicKey,
    lifeMs: SERVER_LIFE_MS,
    now: authority.clock.now().getTime(),
    subject: 'CN=isthmus-gateway',
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], false),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }))),
    ],
  });
  return { key: await privatePem(keys.privateKey), certificate: issued.pem, notAfter: issued.notAfter };
}

interface IssueRequest {
  publicKey: PublicKey | webcrypto.CryptoKey;
  serial?: string | undefined;
  dates?: { notBefore: Date; notAfter: Date } | undefined;
  lifeMs: number;
  now: number;
  subject: string;
  extensions: Extension[];
}

async function issue(authority: Authority, request: IssueRequest): Promise<IssuedCertificate> {
  const { certificate: ca, privateKey } = authority;
  const serial = request.serial ?? newSerial();
  const { notBefore, notAfter } = request.dates ?? {
    notBefore: wholeSeconds(request.now - SKEW_MS),
    notAfter: wholeSeconds(request.now + request.lifeMs),
  };
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serial,
      subject: request.subject,
      issuer: ca.subject,
      notBefore,
      notAfter,
      publicKey: request.publicKey,
      signingKey: privateKey,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await AuthorityKeyIdentifierExtension.create(ca.publicKey, false, webcrypto),
        ...request.extensions,
      ],
    },
    webcrypto,
  );
  return { pem: certificate.toString('pem'), serial, notBefore, notAfter };
}

/** 127 bits whose first digit is 4 to 7: positive, and of one length in every tool that prints it. */
function newSerial(): string {
  return serialFrom(randomBytes(16));
}

/** A serial of the first 16 bytes, as `newSerial` makes them. */
export function serialFrom(bytes: Uint8Array): string {
  const serial = Buffer.from(bytes.subarray(0, 16));
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial.toString('hex');
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
