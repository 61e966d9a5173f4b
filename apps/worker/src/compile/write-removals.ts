import type { MutationTx, RemovalRecord } from '@isthmus/store';
import type { Draft } from './publish.js';

/** One audit row for each different decision: who or what made it, and for which hosts. */
async function recordDecisions(tx: MutationTx, { snapshot, catalog }: Draft): Promise<void> {
  const decisions = new Map<string, RemovalRecord[]>();
  for (const row of catalog.removals.decided) {
    const key = JSON.stringify([row.cause, row.decidedBy]);
    decisions.set(key, [...(decisions.get(key) ?? []), row]);
  }
  const { project = '', name = '' } = snapshot.gns?.metadata ?? {};
  for (const rows of decisions.values()) {
    const hosts = rows.map(({ host }) => host).sort();
    const after = { cause: rows[0]?.cause, decidedBy: rows[0]?.decidedBy, hosts };
    await tx.record({ kind: 'GlobalNamespace', id: snapshot.key.gns, project, name, after });
  }
}

/** Records what was decided, and forgets decisions that every cluster has followed. */
export async function writeRemovals(tx: MutationTx, draft: Draft): Promise<void> {
  const { put, drop } = draft.catalog.removals;
  await tx.removals.put(draft.snapshot.key.gns, put);
  await tx.removals.drop(draft.snapshot.key.gns, drop);
  await recordDecisions(tx, draft);
}

/** Opens, changes or ends the hold of members that leave by rules; answers whether it moved. */
export async function writeHold(tx: MutationTx, { snapshot, catalog }: Draft): Promise<boolean> {
  const { gns } = snapshot.key;
  const { drainHold } = snapshot;
  const { held } = catalog;
  if (held === undefined) return drainHold !== undefined && (await tx.holds.clear('', 'DRAIN', gns));
  if (drainHold?.setHash === held.setHash) return false;
  await tx.holds.hold({ cluster: '', kind: 'DRAIN', gns, setHash: held.setHash, items: held.items });
  return true;
}

/** Forgets everything about removals of a global namespace that is gone. */
export async function forgetRemovals(tx: MutationTx, gns: string): Promise<void> {
  await tx.removals.drop(gns, await tx.removals.list(gns));
  await tx.holds.clear('', 'DRAIN', gns);
}
