import { auditRowsHash, nextSeal, type AuditRow } from '@isthmus/domain';
import type { AuditRecord, AuditSealRecord, TenantTx } from '@isthmus/store';
import type { Signer } from '../../signer/signer.js';
import type { JobContext } from '../job-context.js';

/** Changes in a seal, at most: as many as can be read to verify it in a few pages. */
export const SEAL_ROWS = 500;

/**
 * Closes what was changed and is in no seal yet, in batches that each hold the hash of the one before. Whoever commits later than a
 * batch is in a later one, so the order of seals needs no clock. Writes nothing if nothing was changed; of several workers one seals.
 */
export async function sealAudit({ store, signer }: Pick<JobContext, 'store' | 'signer'>, org: string): Promise<void> {
  while ((await store.withTenant(org, (tx) => sealBatch(tx, signer))) === SEAL_ROWS);
}

async function sealBatch(tx: TenantTx, signer: Signer): Promise<number> {
  if ((await tx.auditSeals.unsealed(1)).length === 0 || !(await tx.tryLock('audit-seals'))) return 0;
  const records = await tx.auditSeals.unsealed(SEAL_ROWS);
  if (records.length === 0) return 0;
  const sealedAt = await tx.now();
  const seal = nextSeal(tx.org, await tx.auditSeals.last(), {
    rows: records.length,
    rowsHash: auditRowsHash(records.map(rowOf)),
    sealedAt: sealedAt.toISOString(),
    sign: (text) => signer.sign(text),
  });
  const stored: AuditSealRecord = { ...seal, sealedAt: new Date(seal.sealedAt) };
  await tx.auditSeals.put(
    stored,
    records.map(({ id }) => id),
  );
  return records.length;
}

function rowOf({ at, seal: _seal, ...rest }: AuditRecord): AuditRow {
  return { ...rest, at: at.toISOString() };
}
