import type { Context } from '../client/context.js';
import type { ManifestRepository } from '../types/manifests.js';

/** So long an expired one is still told apart from one that never was. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export function manifestRepository({ db, org, clock, ids }: Context): ManifestRepository {
  return {
    create: async ({ cluster, idHash, sealed, reads, expiresAt }) => {
      const now = clock.now();
      const forgotten = new Date(now.getTime() - KEPT_MS);
      await db.installManifest.deleteMany({ where: { orgId: org, expiresAt: { lt: forgotten } } });
      await db.installManifest.updateMany({
        where: { orgId: org, expiresAt: { lte: now }, sealed: { not: null } },
        data: { sealed: null },
      });
      const head = { orgId: org, id: ids.uuid(), createdAt: now };
      await db.installManifest.create({ data: { ...head, cluster, idHash, sealed, readsLeft: reads, expiresAt } });
    },
    take: async (idHash) => {
      const now = clock.now();
      const rows = await db.$queryRaw<{ cluster: string; sealed: Uint8Array<ArrayBuffer>; left: number }[]>`
        WITH found AS (
          SELECT id, cluster, sealed FROM install_manifest
          WHERE org_id = ${org} AND id_hash = ${idHash} AND reads_left > 0 AND expires_at > ${now} FOR UPDATE
        )
        UPDATE install_manifest m SET reads_left = m.reads_left - 1,
          sealed = CASE WHEN m.reads_left = 1 THEN NULL ELSE m.sealed END
        FROM found WHERE m.org_id = ${org} AND m.id = found.id
        RETURNING found.cluster, found.sealed, m.reads_left AS left`;
      const taken = rows[0];
      if (taken !== undefined)
        return { outcome: 'ok', cluster: taken.cluster, sealed: taken.sealed, readsLeft: taken.left };
      const row = await db.installManifest.findFirst({ where: { orgId: org, idHash } });
      if (row === null) return { outcome: 'unknown' };
      return { outcome: row.readsLeft <= 0 ? 'used' : 'expired', cluster: row.cluster };
    },
  };
}
