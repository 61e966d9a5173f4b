import { bumpLine, type Context, notifyAgents } from '../client/context.js';
import { revokeCertificates } from './certificates.js';
import { addOutbox } from './outbox.js';

/** Gives the identity of a cluster anew, to the same cluster or to one that was built in its place. */
export async function rebind(context: Context, cluster: string, clusterUid: string): Promise<void> {
  const { db, org } = context;
  const rows = await db.$queryRaw<{ clusterUid: string | null }[]>`
    SELECT cluster_uid AS "clusterUid" FROM agent_session WHERE org_id = ${org} AND cluster = ${cluster} FOR UPDATE`;
  const bound = rows[0]?.clusterUid ?? null;
  const version = await bumpLine(context, 'agent');
  await db.$executeRaw`
    UPDATE agent_session SET session = session + 1, connected = false, quarantine = NULL, revoked_at = NULL, last_error = NULL,
      boots = NULL, cluster_uid = ${clusterUid}, version = ${version}
    WHERE org_id = ${org} AND cluster = ${cluster}`;
  await revokeCertificates(context, cluster);
  if (bound !== null && bound !== clusterUid) await forgetOldCluster(context, cluster);
  await notifyAgents(context, cluster, 'rebound');
}

/** What the old cluster said holds no more, but nothing is deleted: that only a complete report of the new one can do. */
async function forgetOldCluster(context: Context, cluster: string): Promise<void> {
  const { db, org } = context;
  await db.applied.deleteMany({ where: { orgId: org, cluster } });
  await db.lineStop.deleteMany({ where: { orgId: org, cluster } });
  await db.heldDeletion.deleteMany({ where: { orgId: org, cluster } });
  const version = await bumpLine(context, 'inventory');
  await db.$executeRaw`
    UPDATE inventory_head SET complete = false, version = ${version} WHERE org_id = ${org} AND cluster = ${cluster}`;
  await unprove(context, cluster);
  await addOutbox(context, { topic: 'inventory.changed', subject: cluster });
}

/** Its members are offered again once the new agent has acknowledged them. Whoever remembers them as served sees that the heads moved. */
async function unprove(context: Context, cluster: string): Promise<void> {
  const { db, org } = context;
  const names = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM resource WHERE org_id = ${org} AND uid = ${cluster}`;
  const name = names[0]?.name;
  if (name === undefined) return;
  await db.$executeRaw`
    SELECT 1 FROM gns_head h WHERE org_id = ${org} AND EXISTS (
      SELECT 1 FROM member_state m WHERE m.org_id = ${org} AND m.gns = h.gns AND m.cluster = ${name})
    ORDER BY gns FOR UPDATE`;
  const moved = await db.$queryRaw<{ gns: string }[]>`
    UPDATE member_state SET state = 'wanted', due_at = NULL, version = version + 1, updated_at = now()
    WHERE org_id = ${org} AND cluster = ${name} AND state = 'served' RETURNING gns`;
  const gnsIds = [...new Set(moved.map(({ gns }) => gns))];
  if (gnsIds.length === 0) return;
  const version = await bumpLine(context, 'head');
  await db.$executeRaw`
    UPDATE gns_head SET version = ${version}, updated_at = now() WHERE org_id = ${org} AND gns = ANY(${gnsIds})`;
  for (const gns of gnsIds.sort()) await addOutbox(context, { topic: 'gns.catalog', subject: gns });
}
