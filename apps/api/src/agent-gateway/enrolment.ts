import { createHash } from 'node:crypto';
import type { Logger } from '@isthmus/platform';
import { enrolRequestSchema } from '@isthmus/protocol';
import type { EnrolError, EnrolResponse } from '@isthmus/protocol';
import type { PublicKey } from '@peculiar/x509';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type { ConsumeOutcome, Store } from '@isthmus/store';
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
  return deps.store.withTenant(org, async (tx) => {
    const consumed = await tx.enrolments.consume(secretHash);
    if (consumed.outcome !== 'ok') return tokenRefusal(consumed);
    const record = await tx.resources.byUid(consumed.cluster);
    if (record === undefined) return refuse(410, 'ISM0401', 'the cluster of this token was deleted');
    const session = await tx.sessions.get(record.uid);
    if (session?.revokedAt !== undefined)
      return refuse(403, 'ISM0406', `cluster ${record.name} is revoked; reset it first`);
    const issued = await deps.authority.issueAgent({ org, cluster: record.uid }, publicKey);
    await tx.certificates.issue(storedPart(record.uid, issued));
    deps.log.info({ cluster: record.name, serial: issued.serial }, 'cluster enrolled');
    const cluster = { uid: record.uid, name: record.name };
    return {
      status: 200 as const,
      body: { certificate: issued.pem, ca: deps.authority.caPem, org, cluster, statementKeys: [...keys] },
    };
  });
}

export function storedPart(
  cluster: string,
  { serial, notBefore, notAfter }: IssuedCertificate,
): { serial: string; cluster: string; notBefore: Date; notAfter: Date } {
  return { serial, cluster, notBefore, notAfter };
}

function tokenRefusal(consumed: Exclude<ConsumeOutcome, { outcome: 'ok' }>): EnrolAnswer {
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
