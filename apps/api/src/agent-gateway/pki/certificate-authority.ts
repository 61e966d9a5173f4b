import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
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
import { readAuthorities } from './authority-files.js';
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
  /** Number of the authority that signed it. */
  authority: number;
}

/** A certificate that was issued before is made again with its own serial and dates. */
export interface IssueAs {
  serial: string;
  dates?: { notBefore: Date; notAfter: Date };
}

/** An authority as those see it that check certificates. */
export interface KnownAuthority {
  number: number;
  certificate: NodeCertificate;
}

/** The gateway's own authorities: they vouch for agents' identities and for the gateway's own address, for nothing else. */
export interface CertificateAuthority {
  /** Of every live authority, oldest first: what agents trust. */
  readonly caPem: string;
  /** Whose certificates open streams. */
  readonly trusted: readonly KnownAuthority[];
  /** Whose certificates did, and do no longer. */
  readonly retired: readonly KnownAuthority[];
  issueAgent(
    identity: { org: string; cluster: string },
    publicKey: PublicKey,
    as?: IssueAs,
  ): Promise<IssuedCertificate>;
  /** Key and certificate of the gateway's TLS port: of the oldest live authority, which every agent trusts. */
  issueServer(names: readonly string[]): Promise<{ key: string; certificate: string; notAfter: Date }>;
  /** Looks at the files again; true: there are other authorities now. */
  reload(): Promise<boolean>;
}

/** Every process trusts a new authority before any signs with it. */
export const TRUST_FIRST_MS = 2 * 60_000;

/** Loads the authorities, or makes the first at first boot. */
export async function openCertificateAuthority(keys: KeyStore, clock: Clock): Promise<CertificateAuthority> {
  let known = await openAll(keys, clock);
  return {
    get caPem() {
      return known.live.map(({ certificate }) => certificate.toString('pem')).join('\n');
    },
    get trusted() {
      return known.trusted;
    },
    get retired() {
      return known.retired;
    },
    issueAgent: (identity, publicKey, as) => issueAgent(signerOf(known.live, clock), { ...identity, ...as }, publicKey),
    issueServer: (names) => issueServer(known.live[0], names),
    reload: async () => {
      const next = await openAll(keys, clock);
      const isSame = numbersOf(next) === numbersOf(known);
      known = next;
      return !isSame;
    },
  };
}

interface Authorities {
  /** Oldest first. */
  live: [Authority, ...Authority[]];
  trusted: KnownAuthority[];
  retired: KnownAuthority[];
}

const numbersOf = ({ live }: Authorities): string => live.map(({ number }) => number).join();

/** The newest that every process knows by now. */
function signerOf(live: Authorities['live'], clock: Clock): Authority {
  const before = clock.now().getTime() - TRUST_FIRST_MS;
  const ready = live.filter(({ certificate }) => certificate.notBefore.getTime() + SKEW_MS <= before);
  return ready.at(-1) ?? live[0];
}

const knownAs = (number: number, pem: string): KnownAuthority => ({ number, certificate: new NodeCertificate(pem) });

async function openAll(keys: KeyStore, clock: Clock): Promise<Authorities> {
  const stored = await readAuthorities(keys, (number) => createAuthority(clock, number));
  const opened = stored.live.map(async ({ number, bundle }) => ({ number, clock, ...(await readBundle(bundle)) }));
  const [oldest, ...others] = await Promise.all(opened);
  if (oldest === undefined) throw new Error('every authority of the gateway is retired: restore its keys');
  const live: Authorities['live'] = [oldest, ...others];
  const trusted = live.map(({ number, certificate }) => knownAs(number, certificate.toString('pem')));
  return { live, trusted, retired: stored.retired.map(({ number, certificate }) => knownAs(number, certificate)) };
}

interface Authority {
  number: number;
  certificate: X509Certificate;
  privateKey: webcrypto.CryptoKey;
  clock: Clock;
}

async function createAuthority(clock: Clock, number: number): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const now = clock.now().getTime();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: number === 1 ? 'CN=Isthmus gateway CA' : `CN=Isthmus gateway CA ${number}`,
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
  return { pem: certificate.toString('pem'), serial, notBefore, notAfter, authority: authority.number };
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
