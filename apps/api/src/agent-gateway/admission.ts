import type { TLSSocket } from 'node:tls';
import type { Clock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { type Authorities, peerIdentity } from './pki/peer-identity.js';
import { lineageOf, presented } from './presented.js';

/** Whose stream may be opened. */
export type Admission =
  | { ok: true; org: string; cluster: { uid: string; name: string }; notAfter: Date; authority: number }
  | {
      ok: false;
      status: number;
      code: string;
      reason: string;
      /** Whose certificate it was, if it is one of ours. */
      about?: { org: string; cluster: string };
    };

export interface AdmissionDeps {
  store: Store;
  authority: Authorities;
  clock: Clock;
}

/** Checks certificate, serial and cluster at every connect. A retired serial that comes back is a copy: the cluster is quarantined. */
export async function admit(deps: AdmissionDeps, socket: TLSSocket): Promise<Admission> {
  const peer = peerIdentity(socket, deps.authority, deps.clock.now());
  if (!peer.ok) return refuse(peer.code, peer.reason);
  const known = await deps.store.system.organizations();
  if (!known.some(({ id }) => id === peer.org)) return refuse('ISM0406', 'the organization is not known');
  const about = { org: peer.org, cluster: peer.cluster };
  if (peer.expired) return { ...refuse('ISM0406', `the certificate expired at ${peer.notAfter.toISOString()}`), about };
  const lineage = await lineageOf(deps.store);
  return deps.store.withTenant(peer.org, async (tx): Promise<Admission> => {
    const shown = await presented(tx, peer, lineage);
    if (shown.outcome === 'retired')
      return { ...refuse('ISM0407', 'this certificate was replaced and is not valid any more'), about };
    if (shown.outcome !== 'ok') return { ...refuse('ISM0406', `the certificate is ${shown.outcome}`), about };
    const record = shown.cluster === peer.cluster ? await tx.resources.byUid(peer.cluster) : undefined;
    if (record === undefined) return refuse('ISM0406', 'the cluster of this certificate does not exist');
    const { org, notAfter, authority } = peer;
    return { ok: true, org, cluster: { uid: record.uid, name: record.name }, notAfter, authority };
  });
}

function refuse(code: string, reason: string): Admission & { ok: false } {
  return { ok: false, status: 403, code, reason };
}
