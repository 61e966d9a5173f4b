import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import type { Extension } from '@peculiar/x509';
import { identityUri } from '@isthmus/protocol';
import fc from 'fast-check';

/** Whom a forger would like to be. */
export interface Victim {
  org: string;
  cluster: string;
  name: string;
  /** A true request of the victim, as it went over the wire. */
  csr: string;
  certificate: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** One forged request: what it claims, and what was done to its bytes. The grammar of what is generated. */
export interface Forgery {
  subject: 'empty' | 'victim-uri' | 'victim-name' | 'server' | 'authority' | 'injected';
  names: readonly ('victim-uri' | 'own-uri' | 'server-dns' | 'wildcard' | 'other-org')[];
  asks: readonly ('authority' | 'server-auth')[];
  bytes: 'whole' | 'flipped' | 'cut' | 'doubled' | 'victims-request' | 'victims-certificate' | 'other-signature';
  /** Where bytes are changed, as a share of the whole. */
  at: number;
  /** Fields beside the request in the body. */
  beside: Record<string, unknown>;
}

/** Everything that the grammar says, for one victim. */
export function forgeries({ org, cluster, name }: Pick<Victim, 'org' | 'cluster' | 'name'>): fc.Arbitrary<Forgery> {
  const claim = fc.constantFrom<unknown>(cluster, name, identityUri({ org, cluster }), { uid: cluster, name }, null);
  const field = fc.constantFrom('cluster', 'clusterUid', 'org', 'identity', 'subject', 'session', '__proto__', 'about');
  return fc.record({
    subject: fc.constantFrom<Forgery['subject']>(
      ...(['empty', 'victim-uri', 'victim-name', 'server', 'authority', 'injected'] as const),
    ),
    names: fc.subarray(['victim-uri', 'own-uri', 'server-dns', 'wildcard', 'other-org'] as const),
    asks: fc.subarray(['authority', 'server-auth'] as const),
    bytes: fc.constantFrom<Forgery['bytes']>(
      ...(['whole', 'whole', 'whole', 'flipped', 'cut', 'doubled', 'victims-request'] as const),
      ...(['victims-certificate', 'other-signature'] as const),
    ),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    beside: fc.dictionary(field, claim, { maxKeys: 3 }),
  });
}

/** The request in PEM, and the key that made it. */
export async function forge(
  forgery: Forgery,
  { self, victim }: { self: { org: string; cluster: string }; victim: Victim },
): Promise<{ csr: string; key: Buffer }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: subjectOf(forgery.subject, victim),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: extensionsOf(forgery, { self, victim }),
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey));
  return { csr: mangled(request.toString('pem'), forgery, victim), key };
}

function subjectOf(subject: Forgery['subject'], { org, cluster, name }: Victim): string {
  switch (subject) {
    case 'empty':
      return '';
    case 'victim-uri':
      return `CN=${identityUri({ org, cluster })}`;
    case 'victim-name':
      return `CN=${name}, O=system:masters`;
    case 'server':
      return 'CN=isthmus-gateway';
    case 'authority':
      return 'CN=Isthmus gateway CA';
    case 'injected':
      return `CN=isthmus-agent\\00${cluster}, OU=URI:${identityUri({ org, cluster })}`;
  }
}

function extensionsOf(
  { names, asks }: Forgery,
  { self, victim }: { self: { org: string; cluster: string }; victim: Victim },
): Extension[] {
  const alternatives = names.map((name) => {
    if (name === 'victim-uri') return { type: 'url' as const, value: identityUri(victim) };
    if (name === 'own-uri') return { type: 'url' as const, value: identityUri(self) };
    if (name === 'other-org') return { type: 'url' as const, value: identityUri({ ...victim, org: 'other' }) };
    return { type: 'dns' as const, value: name === 'wildcard' ? '*' : 'localhost' };
  });
  return [
    ...(alternatives.length === 0 ? [] : [new SubjectAlternativeNameExtension(alternatives)]),
    ...(asks.includes('authority') ? [new BasicConstraintsExtension(true, 3, true)] : []),
    ...(asks.includes('server-auth') ? [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth], true)] : []),
  ];
}

function mangled(pem: string, { bytes, at }: Forgery, victim: Victim): string {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  switch (bytes) {
    case 'whole':
      return pem;
    case 'flipped': {
      const place = Math.floor(at * der.length);
      der[place] = (der[place] ?? 0) ^ 0x01;
      return pemOf(der);
    }
    case 'cut':
      return pemOf(der.subarray(0, Math.floor(at * der.length)));
    case 'doubled':
      return `${victim.csr}\n${pem}`;
    case 'victims-request':
      return victim.csr;
    case 'victims-certificate':
      return victim.certificate;
    case 'other-signature': {
      const others = Buffer.from(victim.csr.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
      return pemOf(Buffer.concat([der.subarray(0, -64), others.subarray(-64)]));
    }
  }
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----'].join('\n');
}

/** A frame that an agent could send, with claims about somebody else in it, and sometimes damaged. */
export function forgedFrames({
  org,
  cluster,
  name,
}: Pick<Victim, 'org' | 'cluster' | 'name'>): fc.Arbitrary<{ text: string; isWhole: boolean }> {
  const hash = fc.constantFrom('a'.repeat(64), 'f'.repeat(64));
  const seq = fc.nat(50);
  const claims = fc.dictionary(
    fc.constantFrom('org', 'cluster', 'clusterUid', 'session', 'from', 'identity', 'audience', 'constructor'),
    fc.constantFrom<unknown>(org, cluster, name, 1, 999, { uid: cluster, name }, [cluster]),
    { minKeys: 1, maxKeys: 4 },
  );
  const position = fc.record({
    gns: fc.constantFrom('g1', cluster),
    line: fc.constantFrom('policy', 'catalog'),
    epoch: fc.constant(1),
    seq,
    root: hash,
  });
  const applied = position.map((at) => ({ type: 'applied', ...at, state: 'APPLIED', objects: 1, issues: [] }));
  const received = position.map((at) => ({ type: 'received', ...at, outcome: 'ACCEPTED' }));
  const inventory = fc.tuple(seq, hash).map(([at, root]) => ({
    ...{ type: 'inventory', bootId: 'boot', seq: at + 1, prevSeq: at, root, complete: true },
    ...{ put: [], remove: [`cluster/${name}`, `namespace/${cluster}`], unreadable: [] },
  }));
  const signals = seq.map((minute) => ({ type: 'signals', gns: cluster, minute, samples: [] }));
  const hello = fc.constant({
    ...{ type: 'hello', protocol: 1, agentVersion: 's', bootId: 'boot', clusterUid: cluster, port: 'directory' },
    lines: [],
  });
  const frame = fc.oneof(applied, received, inventory, signals, hello);
  return fc.tuple(frame, claims, fc.option(fc.nat(200), { freq: 4 })).map(([body, claim, cut]) => {
    const text = JSON.stringify({ ...claim, ...body });
    return cut === null ? { text, isWhole: true } : { text: text.slice(0, cut), isWhole: false };
  });
}
