import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@isthmus/platform';
import type { Store, TenantTx } from '@isthmus/store';
import { peerIdentity } from './pki/peer-identity.js';

/** Whose stream may be opened. */
export type Admission =
  | { ok: true; org: string; cluster: { uid: string; name: string }; notAfter: Date }
  | { ok: false; status: number; code: string; reason: string };

export interface AdmissionDeps {
  store: Store;
  ca: X509Certificate;
  clock: Clock;
}

/** Checks certificate, serial and cluster at every connect. A retired serial that comes back is a copy: the cluster is quarantined. */
export async function admit(deps: AdmissionDeps, socket: TLSSocket): Promise<Admission> {
  const peer = peerIdentity(socket, deps.ca, deps.clock.now());
  if (!peer.ok) return refuse('ISM0400', `${peer.reason}; a proxy that ends TLS cannot stand before the gateway`);
  if (peer.expired) return refuse('ISM0406', `the certificate expired at ${peer.notAfter.toISOString()}`);
  const known = await deps.store.system.organizations();
  if (!known.some(({ id }) => id === peer.org)) return refuse('ISM0406', 'the organization is not known');
  const epoch = await deps.store.system.epoch();
  return deps.store.withTenant(peer.org, async (tx): Promise<Admission> => {
    const presented = await present(tx, peer, epoch);
    if (presented.outcome === 'retired') {
      await tx.sessions.quarantine(presented.cluster, 'DuplicateIdentity: a retired certificate was shown again');
      return refuse('ISM0407', 'this certificate was replaced and is not valid any more');
    }
    if (presented.outcome !== 'ok') return refuse('ISM0406', `the certificate is ${presented.outcome}`);
    const record = presented.cluster === peer.cluster ? await tx.resources.byUid(peer.cluster) : undefined;
    if (record === undefined) return refuse('ISM0406', 'the cluster of this certificate does not exist');
    return { ok: true, org: peer.org, cluster: { uid: record.uid, name: record.name }, notAfter: peer.notAfter };
  });
}

type Peer = Extract<ReturnType<typeof peerIdentity>, { ok: true }>;

/**
 * A restored database does not know certificates that were issued after its backup; agents renew theirs every day, so that
 * would lock out every cluster. Our own authority vouches for them: in a database whose lineage was raised, one that is newer
 * than all that are known of its cluster is taken in, which retires the known ones. Revoked clusters stay out all the same.
 */
async function present(tx: TenantTx, peer: Peer, epoch: number): ReturnType<TenantTx['certificates']['present']> {
  const presented = await tx.certificates.present(peer.serial);
  if (presented.outcome !== 'unknown' || epoch <= FIRST_EPOCH) return presented;
  if ((await tx.resources.byUid(peer.cluster)) === undefined) return presented;
  const known = await tx.certificates.ofCluster(peer.cluster);
  const isNewest = known.every(({ notBefore }) => notBefore.getTime() < peer.notBefore.getTime());
  if (!isNewest || known.some(({ state }) => state === 'REVOKED')) return presented;
  const { serial, cluster, notBefore, notAfter } = peer;
  await tx.certificates.issue({ serial, cluster, notBefore, notAfter });
  return tx.certificates.present(serial);
}

/** That of a database which was never restored. */
const FIRST_EPOCH = 1;

function refuse(code: string, reason: string): Admission {
  return { ok: false, status: 403, code, reason };
}
