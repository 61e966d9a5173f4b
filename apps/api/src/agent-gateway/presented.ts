import type { PresentOutcome, Store, TenantTx } from '@isthmus/store';
import { AGENT_LIFE_MS, SKEW_MS } from './pki/certificate-authority.js';
import type { PeerIdentity } from './pki/peer-identity.js';

type Peer = Extract<PeerIdentity, { ok: true }>;

/**
 * What a certificate that was shown is worth. One that was replaced is a copy when it comes again, and its cluster is quarantined.
 * A restored database does not know certificates that were issued after its backup; agents renew theirs every day, so that alone would
 * lock out every cluster. Our own authority vouches for those: see `unknownToARestored`.
 */
export async function presented(
  tx: TenantTx,
  peer: Peer,
  { raisedAt }: { raisedAt: Date | undefined },
): Promise<PresentOutcome> {
  const known = await tx.certificates.present(peer.serial);
  const outcome = known.outcome === 'unknown' ? await unknownToARestored(tx, peer, raisedAt) : known;
  if (outcome.outcome === 'retired')
    await tx.sessions.quarantine(outcome.cluster, 'DuplicateIdentity: a retired certificate was shown again');
  return outcome;
}

/** When the database went from one lineage to the next; read outside of transactions of organizations. */
export async function lineageOf(store: Store): Promise<{ raisedAt: Date | undefined }> {
  return { raisedAt: await store.system.raisedAt() };
}

/**
 * Only what was issued before the lineage was raised can be unknown: later ones are on record. When it was issued is told by its end,
 * as whoever minted it with a stolen key is free to give it any beginning, and thus it is of no use for longer than a true one. If it is
 * newer than all that are known, it is taken in and retires those. If it is older than one that is known, that one is its successor: it was replaced, and is a copy
 * like any other retired one. Clusters whose identity was revoked stay out.
 */
async function unknownToARestored(tx: TenantTx, peer: Peer, raisedAt: Date | undefined): Promise<PresentOutcome> {
  const { serial, cluster, notBefore, notAfter, authority } = peer;
  const issuedAt = notAfter.getTime() - AGENT_LIFE_MS;
  if (raisedAt === undefined || issuedAt > raisedAt.getTime() + SKEW_MS) return { outcome: 'unknown' };
  if ((await tx.resources.byUid(cluster)) === undefined) return { outcome: 'unknown' };
  const [newest] = await tx.certificates.ofCluster(cluster);
  const session = await tx.sessions.get(cluster);
  if (session?.revokedAt !== undefined || newest?.state === 'REVOKED') return { outcome: 'revoked', cluster };
  if (newest !== undefined && newest.notBefore.getTime() >= notBefore.getTime()) return { outcome: 'retired', cluster };
  await tx.certificates.issue({ serial, cluster, notBefore, notAfter, authority });
  return tx.certificates.present(serial);
}
