import { createHash } from 'node:crypto';
import type { Logger } from '@isthmus/platform';
import { enrolRequestSchema } from '@isthmus/protocol';
import type { EnrolError, EnrolResponse } from '@isthmus/protocol';
import type { PublicKey } from '@peculiar/x509';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type { CertificateRecord, ConsumeOutcome, Store, TenantTx } from '@isthmus/store';
import { serialFrom } from './pki/certificate-authority.js';
import type { CertificateAuthority, IssuedCertificate } from './pki/certificate-authority.js';
import { checkRequest } from './pki/certificate-request.js';

export interface EnrolmentDeps {
  store: Store;
  authority: CertificateAuthority;
  /** Public keys (SPKI, PEM) that sign statements; agents pin them. */
  statementKeys: () => Promise<readonly string[]>;
  log: Logger;
}

export type EnrolAnswer = { status: 200; body: EnrolResponse } | { status: number; body: EnrolError };

type EnrolCode = 'ISM0401' | 'ISM0402' | 'ISM0403' | 'ISM0404' | 'ISM0406';

/** Trades a token for a certificate. The request is checked before the token is used up. */
export async function enrol(deps: EnrolmentDeps, body: unknown): Promise<EnrolAnswer> {
  const request = enrolRequestSchema.safeParse(body);
  if (!request.success) return refuse(400, 'ISM0404', 'the request must hold token, csr, agentVersion and clusterUid');
  const checked = await checkRequest(request.data.csr);
  if (!checked.ok) return refuse(400, 'ISM0404', `the certificate request is refused: ${checked.reason}`);
  const secretHash = createHash('sha256').update(request.data.token.trim()).digest('hex');
  const org = await deps.store.system.organizationOfEnrolment(secretHash);
  if (org === undefined) return refuse(401, 'ISM0401', 'this token is not known');
  const keys = await deps.statementKeys();
  return consumeAndIssue(deps, { org, secretHash, publicKey: checked.publicKey, keys });
}

interface Checked {
  org: string;
  secretHash: string;
  publicKey: PublicKey;
  keys: readonly string[];
}

async function consumeAndIssue(
  deps: EnrolmentDeps,
  { org, secretHash, publicKey, keys }: Checked,
): Promise<EnrolAnswer> {
  const serial = serialOf(secretHash, publicKey);
  return deps.store.withTenant(org, async (tx) => {
    const consumed = await tx.enrolments.consume(secretHash);
    const again = consumed.outcome === 'used' ? await unusedCertificate(tx, serial, consumed.cluster) : undefined;
    const isGood = consumed.outcome === 'ok' || (consumed.outcome === 'used' && again !== undefined);
    if (!isGood) return tokenRefusal(consumed);
    const record = await tx.resources.byUid(consumed.cluster);
    if (record === undefined) return refuse(410, 'ISM0401', 'the cluster of this token was deleted');
    const session = await tx.sessions.get(record.uid);
    if (session?.revokedAt !== undefined)
      return refuse(403, 'ISM0406', `cluster ${record.name} is revoked; reset it first`);
    const as = again === undefined ? { serial } : { serial, dates: again };
    const issued = await deps.authority.issueAgent({ org, cluster: record.uid }, publicKey, as);
    if (again === undefined) await tx.certificates.issue(storedPart(record.uid, issued));
    deps.log.info({ cluster: record.name, serial, again: again !== undefined }, 'cluster enrolled');
    const cluster = { uid: record.uid, name: record.name };
    return {
      status: 200 as const,
      body: { certificate: issued.pem, ca: deps.authority.caPem, org, cluster, statementKeys: [...keys] },
    };
  });
}

/** Token and key decide the serial, so the same request, sent again because its answer was lost, finds its certificate. */
function serialOf(secretHash: string, publicKey: PublicKey): string {
  const hash = createHash('sha256').update(`enrolment ${secretHash} `);
  return serialFrom(hash.update(new Uint8Array(publicKey.rawData)).digest());
}

/** The certificate that this token gave for this key, as long as nobody has used it: then its answer may have been lost. */
async function unusedCertificate(
  tx: TenantTx,
  serial: string,
  cluster: string,
): Promise<CertificateRecord | undefined> {
  const issued = await tx.certificates.get(serial);
  return issued?.cluster === cluster && issued.state === 'ISSUED' ? issued : undefined;
}

export function storedPart(
  cluster: string,
  { serial, notBefore, notAfter }: IssuedCertificate,
): { serial: string; cluster: string; notBefore: Date; notAfter: Date } {
  return { serial, cluster, notBefore, notAfter };
}

type Refused = Exclude<ConsumeOutcome, { outcome: 'ok' }>;

function tokenRefusal(consumed: Refused): EnrolAnswer {
  switch (consumed.outcome) {
    case 'unknown':
      return refuse(401, 'ISM0401', 'this token is not known');
    case 'expired':
      return refuse(401, 'ISM0402', `this token expired at ${consumed.expiredAt.toISOString()}`);
    case 'used':
      return refuse(401, 'ISM0403', `this token was used at ${consumed.usedAt.toISOString()}`);
  }
}

function refuse(status: number, code: EnrolCode, message: string): EnrolAnswer {
  return { status, body: { code, message, hint: ISSUE_CATALOG[code].fix } };
}
