import { type Context, notifyAgents } from '../client/context.js';
import type { AgentCertificate } from '../generated/client.js';
import type { CertificateRecord, CertificateRepository, CertificateState, PresentOutcome } from '../types/identity.js';

export function certificateRepository(context: Context): CertificateRepository {
  const { db, org, clock } = context;
  return {
    issue: async ({ serial, cluster, notBefore, notAfter, authority = 1 }) => {
      await lockCluster(context, cluster);
      const last = await db.agentCertificate.findFirst({
        where: { orgId: org, cluster },
        orderBy: { ordinal: 'desc' },
      });
      const data = {
        orgId: org,
        serial,
        cluster,
        notBefore,
        notAfter,
        state: 'ISSUED',
        authority,
        issuedAt: clock.now(),
      };
      const row = await db.agentCertificate.create({ data: { ...data, ordinal: (last?.ordinal ?? 0) + 1 } });
      if (last !== null) {
        const where = { orgId_serial: { orgId: org, serial: last.serial } };
        await db.agentCertificate.update({ where, data: { supersededBy: serial }, select: { serial: true } });
      }
      return record(row);
    },
    get: async (serial) => {
      const row = await db.agentCertificate.findUnique({ where: { orgId_serial: { orgId: org, serial } } });
      return row === null ? undefined : record(row);
    },
    ofCluster: async (cluster) =>
      (await db.agentCertificate.findMany({ where: { orgId: org, cluster }, orderBy: { ordinal: 'desc' } })).map(
        record,
      ),
    held: async () => {
      const where = { orgId: org, state: { in: ['ISSUED', 'ACTIVE'] } };
      const rows = await db.agentCertificate.findMany({ where, orderBy: { ordinal: 'asc' } });
      const byCluster = new Map<string, CertificateRecord>();
      for (const row of rows)
        if (byCluster.get(row.cluster)?.state !== 'ACTIVE' || row.state === 'ACTIVE')
          byCluster.set(row.cluster, record(row));
      return [...byCluster.values()];
    },
    present: (serial) => present(context, serial),
    revokeAll: (cluster) => revokeCertificates(context, cluster),
  };
}

/** Issuing and first use of one cluster's certificates follow each other. */
async function lockCluster({ db, org }: Context, cluster: string): Promise<void> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`certificates ${org} ${cluster}`}, 0))`;
}

export async function revokeCertificates({ db, org }: Context, cluster: string): Promise<void> {
  const where = { orgId: org, cluster, state: { not: 'REVOKED' } };
  await db.agentCertificate.updateMany({ where, data: { state: 'REVOKED' } });
}

async function present(context: Context, serial: string): Promise<PresentOutcome> {
  const { db, org } = context;
  const where = { orgId_serial: { orgId: org, serial } };
  const seen = await db.agentCertificate.findUnique({ where });
  if (seen === null) return { outcome: 'unknown' };
  await lockCluster(context, seen.cluster);
  const row = await db.agentCertificate.findUniqueOrThrow({ where });
  const state = row.state as CertificateState;
  switch (state) {
    case 'REVOKED':
      return { outcome: 'revoked', cluster: row.cluster };
    case 'RETIRED':
      return { outcome: 'retired', cluster: row.cluster };
    case 'ISSUED':
      await activate(context, row);
      return { outcome: 'ok', cluster: row.cluster, newest: row.supersededBy === null };
    case 'ACTIVE':
      return { outcome: 'ok', cluster: row.cluster, newest: row.supersededBy === null };
  }
}

/** First use: everything issued earlier retires, whether it was ever used or not. */
async function activate(context: Context, row: AgentCertificate): Promise<void> {
  const { db, org } = context;
  await db.agentCertificate.update({
    where: { orgId_serial: { orgId: org, serial: row.serial } },
    data: { state: 'ACTIVE' },
    select: { serial: true },
  });
  const retired = await db.agentCertificate.updateMany({
    where: { orgId: org, cluster: row.cluster, ordinal: { lt: row.ordinal }, state: { in: ['ISSUED', 'ACTIVE'] } },
    data: { state: 'RETIRED' },
  });
  if (retired.count > 0) await notifyAgents(context, row.cluster, 'rotated');
}

function record(row: AgentCertificate): CertificateRecord {
  return {
    serial: row.serial,
    cluster: row.cluster,
    notBefore: row.notBefore,
    notAfter: row.notAfter,
    state: row.state as CertificateState,
    supersededBy: row.supersededBy ?? undefined,
    issuedAt: row.issuedAt,
    authority: row.authority,
  };
}
