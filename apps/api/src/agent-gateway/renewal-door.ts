import type { TLSSocket } from 'node:tls';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type { Clock, Logger } from '@isthmus/platform';
import { renewalRequestSchema } from '@isthmus/protocol';
import type { EnrolError, RenewalResponse } from '@isthmus/protocol';
import type { Store, TenantTx } from '@isthmus/store';
import type { PublicKey } from '@peculiar/x509';
import { storedPart } from './enrolment.js';
import type { CertificateAuthority } from './pki/certificate-authority.js';
import { checkRequest } from './pki/certificate-request.js';
import { peerIdentity } from './pki/peer-identity.js';
import type { PeerIdentity } from './pki/peer-identity.js';
import { lineageOf, presented } from './presented.js';

export interface RenewalDoorDeps {
  store: Store;
  authority: CertificateAuthority;
  clock: Clock;
  log: Logger;
}

export type RenewalAnswer = { status: 200; body: RenewalResponse } | { status: number; body: EnrolError };

/** The answer, and whose certificate it was, if it is one of ours. */
export interface RenewalOutcome {
  answer: RenewalAnswer;
  about?: { org: string; cluster: string };
}

/** An agent that was away comes back by itself within this time after its certificate ran out. */
const DOOR_DAYS = 30;

type Code = 'ISM0400' | 'ISM0404' | 'ISM0405' | 'ISM0406' | 'ISM0407' | 'ISM0574';

/**
 * Trades a certificate, even one that has expired, for a new one: the only thing that an expired one is good for. It must not have been
 * replaced by one that was used, and the cluster must be neither revoked nor quarantined.
 */
export async function renewAtDoor(deps: RenewalDoorDeps, socket: TLSSocket, body: unknown): Promise<RenewalOutcome> {
  const peer = peerIdentity(socket, deps.authority, deps.clock.now());
  if (!peer.ok) return { answer: refuse(peer.code, peer.reason) };
  const known = await deps.store.system.organizations();
  if (!known.some(({ id }) => id === peer.org)) return { answer: refuse('ISM0406', 'the organization is not known') };
  const about = { org: peer.org, cluster: peer.cluster };
  return { about, answer: await answerTo(deps, peer, body) };
}

type Peer = Extract<PeerIdentity, { ok: true }>;

async function answerTo(deps: RenewalDoorDeps, peer: Peer, body: unknown): Promise<RenewalAnswer> {
  const now = deps.clock.now();
  if (now.getTime() - peer.notAfter.getTime() > DOOR_DAYS * 86_400_000)
    return refuse('ISM0406', `the certificate expired at ${peer.notAfter.toISOString()}, more than 30 days ago`);
  const request = renewalRequestSchema.safeParse(body);
  if (!request.success) return { ...refuse('ISM0404', 'the request must hold csr'), status: 400 };
  const checked = await checkRequest(request.data.csr);
  if (!checked.ok)
    return { ...refuse('ISM0404', `the certificate request is refused: ${checked.reason}`), status: 400 };
  const asked = { peer, publicKey: checked.publicKey, lineage: await lineageOf(deps.store) };
  return deps.store.withTenant(peer.org, (tx) => issueNext(deps, tx, asked));
}

interface Asked {
  peer: Peer;
  publicKey: PublicKey;
  lineage: Awaited<ReturnType<typeof lineageOf>>;
}

async function issueNext(deps: RenewalDoorDeps, tx: TenantTx, asked: Asked): Promise<RenewalAnswer> {
  const refusal = await refusalOf(tx, asked);
  if (refusal !== undefined) return refusal;
  const { org, cluster } = asked.peer;
  const issued = await deps.authority.issueAgent({ org, cluster }, asked.publicKey);
  await tx.certificates.issue(storedPart(cluster, issued));
  deps.log.info({ cluster, serial: issued.serial }, 'certificate renewed at the door');
  return { status: 200, body: { certificate: issued.pem, ca: deps.authority.caPem } };
}

/** A retired serial that comes back is a copy, here as at a stream. */
async function refusalOf(tx: TenantTx, { peer, lineage }: Asked): Promise<RenewalAnswer | undefined> {
  const { cluster } = peer;
  const shown = await presented(tx, peer, lineage);
  if (shown.outcome === 'retired') return refuse('ISM0407', 'this certificate was replaced and is not valid any more');
  if (shown.outcome !== 'ok' || shown.cluster !== cluster)
    return refuse('ISM0406', 'the certificate is unknown or revoked');
  if ((await tx.resources.byUid(cluster)) === undefined)
    return refuse('ISM0406', 'the cluster of this certificate does not exist');
  const session = await tx.sessions.get(cluster);
  if (session?.revokedAt !== undefined) return refuse('ISM0406', 'the cluster is revoked');
  return session?.quarantine === undefined ? undefined : refuse('ISM0407', session.quarantine);
}

function refuse(code: Code, message: string): { status: number; body: EnrolError } {
  return { status: 403, body: { code, message, hint: ISSUE_CATALOG[code].fix } };
}
