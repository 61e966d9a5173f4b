import type { ResourceRecord, TenantTx } from '@isthmus/store';

/** What people decided about clusters, as far as compiles go by it. */
export interface Departed {
  /** Uids of clusters that have left or were evicted: compiles do not see them. */
  gone: ReadonlySet<string>;
  /** Uids of clusters that leave: no rule reaches them any more, and their members drain. */
  leaving: ReadonlySet<string>;
}

export async function readDeparted(tx: Pick<TenantTx, 'lives'>): Promise<Departed> {
  const lives = await tx.lives.list();
  const uidsIn = (...phases: string[]): Set<string> =>
    new Set(lives.filter(({ phase }) => phases.includes(phase)).map(({ cluster }) => cluster));
  return { gone: uidsIn('LEFT', 'EVICTED'), leaving: uidsIn('LEAVING') };
}

/** The resources without clusters that are none of ours any more. */
export function withoutGone(records: readonly ResourceRecord[], { gone }: Departed): readonly ResourceRecord[] {
  return gone.size === 0 ? records : records.filter(({ kind, uid }) => kind !== 'Cluster' || !gone.has(uid));
}

/** Names of clusters that leave. */
export function leavingNames(records: readonly ResourceRecord[], { leaving }: Departed): Set<string> {
  return new Set(records.filter(({ kind, uid }) => kind === 'Cluster' && leaving.has(uid)).map(({ name }) => name));
}
