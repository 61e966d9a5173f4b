import { createHash } from 'node:crypto';
import type { Logger } from '@isthmus/platform';
import { enrolRequestSchema } from '@isthmus/protocol';
import type { EnrolError, EnrolRequest, EnrolResponse } from '@isthmus/protocol';
import type { PublicKey } from '@peculiar/x509';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type {
  CertificateRecord,
  ConsumeOutcome,
  MutationTx,
  NewCertificate,
  ResourceRecord,
  Store,
  TenantTx,
} from '@isthmus/store';
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

/** The answer, and whose token it was, if that is known. */
export interface EnrolOutcome {
  answer: EnrolAnswer;
  about?: { org: string; cluster: string };
}

type EnrolCode = 'ISM0401' | 'ISM0402' | 'ISM0403' | 'ISM0404' | 'ISM0406' | 'ISM0544';

/** Trades a token for a certificate. The request is checked before the token is used up. */
export async function enrol(deps: EnrolmentDeps, asked: { body: unknown; address: string }): Promise<EnrolOutcome> {
  const request = enrolRequestSchema.safeParse(asked.body);
  if (!request.success) return refuse(400, 'ISM0404', 'the request must hold token, csr, agentVersion and clusterUid');
  const secretHash = createHash('sha256').update(request.data.token.trim()).digest('hex');
  const org = await deps.store.system.organizationOfEnrolment(secretHash);
  if (org === undefined) return refuse(401, 'ISM0401', 'this token is not known');
  const cluster = await deps.store.withTenant(org, (tx) => tx.enrolments.clusterOf(secretHash));
  const about = { org, cluster: cluster ?? '' };
  const checked = await checkRequest(request.data.csr);
  if (!checked.ok) return { about, ...refuse(400, 'ISM0404', `the certificate request is refused: ${checked.reason}`) };
  const keys = await deps.statementKeys();
  const enrolment = { ...asked, request: request.data, org, secretHash, publicKey: checked.publicKey, keys };
  return { about, ...(await consumeAndIssue(deps, enrolment)) };
}

interface Enrolment {
  request: EnrolRequest;
  address: string;
  org: string;
  secretHash: string;
  publicKey: PublicKey;
  keys: readonly string[];
}

function consumeAndIssue(deps: EnrolmentDeps, enrolment: Enrolment): Promise<EnrolOutcome> {
  const { org, secretHash, publicKey, address } = enrolment;
  const serial = serialOf(secretHash, publicKey);
  const audit = { actor: 'agent:enrolment', action: 'enrolAgent', ip: address };
  return deps.store.mutate(
    org,
    audit,
    async (tx) => {
      const consumed = await tx.enrolments.consume(secretHash);
      const again = consumed.outcome === 'used' ? await unusedCertificate(tx, serial, consumed.cluster) : undefined;
      const isGood = consumed.outcome === 'ok' || (consumed.outcome === 'used' && again !== undefined);
      if (!isGood) return tokenRefusal(consumed);
      const record = await tx.resources.byUid(consumed.cluster);
      if (record === undefined) return refuse(410, 'ISM0401', 'the cluster of this token was deleted');
      const admitted = { record, enrolment, renews: consumed.renews };
      const refusal = await refusalOf(tx, admitted);
      if (refusal !== undefined) return refusal;
      if (again === undefined) await welcome(tx, admitted);
      return issue(deps, tx, { ...admitted, serial, again });
    },
    // A token is used up only by a certificate.
    { commitIf: ({ answer }) => answer.status === 200 },
  );
}

interface Admitted {
  record: ResourceRecord;
  enrolment: Enrolment;
  /** The token may give the identity to another cluster UID, and lifts what kept the cluster out. */
  renews: boolean;
}

async function refusalOf(tx: TenantTx, { record, enrolment, renews }: Admitted): Promise<EnrolOutcome | undefined> {
  const session = await tx.sessions.get(record.uid);
  if (renews || session === undefined) return undefined;
  const again = `isthmus cluster onboard ${record.name} gives a token that replaces the identity`;
  if (session.revokedAt !== undefined) return refuse(403, 'ISM0406', `cluster ${record.name} is revoked; ${again}`);
  const { clusterUid } = enrolment.request;
  if (session.clusterUid === undefined || session.clusterUid === clusterUid) return undefined;
  const message = `cluster ${record.name} is bound to cluster UID ${session.clusterUid}, this one has ${clusterUid}; ${again}`;
  return refuse(409, 'ISM0544', message);
}

/** Notes that an agent was seen. A token that renews begins anew: nothing of the old identity is good any more. */
async function welcome(tx: MutationTx, { record, enrolment, renews }: Admitted): Promise<void> {
  const { clusterUid } = enrolment.request;
  const before = await tx.sessions.get(record.uid);
  if (renews) {
    await tx.sessions.rebind(record.uid, clusterUid);
    const life = { cluster: record.uid, from: ['LEAVING', 'LEFT', 'EVICTED'] as const };
    await tx.lives.move({ ...life, to: 'MEMBER', by: 'agent:enrolment' });
  }
  await tx.sessions.enrolled(record.uid, enrolment.address);
  await tx.refusals.clear(record.uid);
  await tx.record({
    ...{ kind: 'Cluster', id: record.uid, name: record.name },
    before: { clusterUid: before?.clusterUid ?? null },
    after: { clusterUid, renewed: renews },
  });
}

async function issue(
  deps: EnrolmentDeps,
  tx: TenantTx,
  { record, enrolment, serial, again }: Admitted & { serial: string; again: CertificateRecord | undefined },
): Promise<EnrolOutcome> {
  const { org, publicKey, keys } = enrolment;
  const as = again === undefined ? { serial } : { serial, dates: again };
  const issued = await deps.authority.issueAgent({ org, cluster: record.uid }, publicKey, as);
  if (again === undefined) await tx.certificates.issue(storedPart(record.uid, issued));
  deps.log.info({ cluster: record.name, serial, again: again !== undefined }, 'cluster enrolled');
  const cluster = { uid: record.uid, name: record.name };
  const { caPem: ca } = deps.authority;
  return { answer: { status: 200, body: { certificate: issued.pem, ca, org, cluster, statementKeys: [...keys] } } };
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
  { serial, notBefore, notAfter, authority }: IssuedCertificate,
): NewCertificate {
  return { serial, cluster, notBefore, notAfter, authority };
}

type Refused = Exclude<ConsumeOutcome, { outcome: 'ok' }>;

function tokenRefusal(consumed: Refused): EnrolOutcome {
  switch (consumed.outcome) {
    case 'unknown':
      return refuse(401, 'ISM0401', 'this token is not known');
    case 'expired':
      return refuse(401, 'ISM0402', `this token expired at ${consumed.expiredAt.toISOString()}`);
    case 'used':
      return refuse(401, 'ISM0403', `this token was used at ${consumed.usedAt.toISOString()}`);
  }
}

function refuse(status: number, code: EnrolCode, message: string): EnrolOutcome {
  return { answer: { status, body: { code, message, hint: ISSUE_CATALOG[code].fix } } };
}
