import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { renewalDoor } from '@isthmus/agent';
import { identityUri } from '@isthmus/protocol';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { enrolled, KUBERNETES_UID, type Place } from './agent-matrix-world.fixture.js';
import type { Centre } from './centre.fixture.js';
import type { Shown } from './gateway-doors.fixture.js';
import { RawStream } from './raw-stream.fixture.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** A gateway whose time can be set off. */
export interface Door {
  centre: Centre;
  /** Runs something as if it were some time from now. */
  at: <T>(offMs: number, work: () => Promise<T>) => Promise<T>;
}

/** Those whom the gateway does not take for anybody, by why. */
export async function nobodies({ centre, at }: Door, claimed: Place): Promise<Record<string, Shown | undefined>> {
  const { org, store } = centre;
  const of = async (name: string) => enrolled(centre, await centre.token(await centre.addCluster(name)));
  const revoked = await of('zzrevoked');
  await store.withTenant(org, (tx) => tx.sessions.revoke(revoked.cluster.uid));
  const replaced = await of('zzreplaced');
  const next = await at(10_000, () => renewalDoor({ gateway: centre.url })(replaced));
  const stream = await RawStream.open(centre, next);
  stream.hello({ clusterUid: KUBERNETES_UID });
  await stream.next('welcome');
  stream.close();
  return {
    'without a certificate': undefined,
    'with a certificate of somebody else’s authority': await selfMade(claimed),
    'whose identity was revoked': revoked,
    'whose certificate was replaced': replaced,
    'whose certificate ran out': await at(-2 * DAY_MS, () => of('zzexpired')),
  };
}

/** A certificate with the claimed identity and our authority's name, signed by a key that anybody can make. */
export async function selfMade({ org, cluster }: Pick<Place, 'org' | 'cluster'>): Promise<Shown> {
  const [keys, forged] = await Promise.all(
    [1, 2].map(() => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])),
  );
  if (keys === undefined || forged === undefined) throw new Error('no keys');
  const certificate = await X509CertificateGenerator.create(
    {
      ...{ subject: 'CN=isthmus-agent', issuer: 'CN=Isthmus gateway CA', serialNumber: '4b1d' },
      ...{ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) },
      ...{ publicKey: keys.publicKey, signingKey: forged.privateKey, signingAlgorithm: ALGORITHM },
      extensions: [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth], true),
        new SubjectAlternativeNameExtension([{ type: 'url', value: identityUri({ org, cluster }) }], true),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: certificate.toString('pem'), privateKey: PemConverter.encode(key, 'PRIVATE KEY') };
}
