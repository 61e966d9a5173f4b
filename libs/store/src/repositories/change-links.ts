import { DEFAULT_PROJECT } from '@isthmus/domain';
import type { Context } from '../client/context.js';
import { Prisma } from '../generated/client.js';
import type { Audit, GnsRevision } from '../generated/client.js';
import type { AuditRecord, ChangeRange, Page, PageRequest } from '../types/audit.js';
import type { ResourceChangeRef, RevisionRecord } from '../types/revisions.js';
import { auditRecord } from './audit-record.js';
import { decodeCursor, decodeVersion, pageOf, pageOffset, pageSize } from './paging.js';
import { revisionRecord } from './revision-record.js';

/** The state that a change `g` replaced, as `b`: what no longer concerns a global namespace did so before. */
const BEFORE = Prisma.sql`LEFT JOIN LATERAL (
    SELECT spec FROM resource_generation p WHERE p.org_id = g.org_id AND p.uid = g.uid AND p.version < g.version
    ORDER BY p.version DESC LIMIT 1) b ON true`;

/** `concerns` of the domain, for a spec of the policy `g` and the global namespace `n`. */
function reaches(spec: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(g.project = n.project AND ${spec} IS NOT NULL AND NOT jsonb_exists(${spec}, 'targets') OR EXISTS (
    SELECT 1 FROM jsonb_array_elements(${spec} -> 'targets') t WHERE CASE t ->> 'scope'
      WHEN 'ORGANIZATION' THEN g.project = ${DEFAULT_PROJECT} WHEN 'PROJECT' THEN g.project = n.project
      ELSE g.project = n.project AND t ->> 'globalNamespace' = n.name END))`;
}

/**
 * True if the change `g` can be part of what the global namespace `n` compiles to: its own, those of clusters that it ever had a target in,
 * of every cluster group, and of policies that concern it now or did before.
 */
const IS_PART = Prisma.sql`CASE g.kind
    WHEN 'GlobalNamespace' THEN g.uid = n.uid
    WHEN 'Cluster' THEN EXISTS (SELECT 1 FROM target t WHERE t.org_id = g.org_id AND t.gns = n.uid AND t.cluster = g.uid)
    WHEN 'ClusterGroup' THEN true
    WHEN 'Project' THEN false
    ELSE (g.kind IN ('UserGroup', 'DataGroup') AND g.project = ${DEFAULT_PROJECT})
      OR ${reaches(Prisma.sql`g.spec`)} OR ${reaches(Prisma.sql`b.spec`)} END`;

type ChangeRow = Omit<Audit, 'orgId'> & { version: bigint };

/** What was changed of a global namespace in a range of versions, each with the row that its transaction left in the audit log. */
export async function changesOf(
  { db, org }: Context,
  { gns, after, through, projects }: ChangeRange,
  page: PageRequest,
): Promise<Page<AuditRecord>> {
  const first = pageSize(page.first);
  const below = page.after === undefined ? undefined : decodeVersion(page.after);
  const last = below === undefined ? BigInt(through) : below - 1n;
  const isOurs = projects === undefined ? Prisma.sql`true` : Prisma.sql`g.project = ANY(${[...projects]})`;
  const rows = await db.$queryRaw<ChangeRow[]>`
    SELECT g.version, a.id, a.at, a.actor, a.action, a.subject_kind AS "subjectKind", a.subject_id AS "subjectId", a.project, a.name,
      a.before, a.after, a.request_id AS "requestId", a.token_id AS "tokenId", a.ip, a.seal
    FROM (SELECT uid, project, name FROM resource_generation
      WHERE org_id = ${org} AND uid = ${gns} ORDER BY version DESC LIMIT 1) n
    JOIN resource_generation g ON g.org_id = ${org} AND g.version > ${BigInt(after)} AND g.version <= ${last}
    ${BEFORE}
    JOIN audit a ON a.org_id = g.org_id AND a.subject_id = g.uid AND CASE WHEN g.deleted
      THEN a.after IS NULL AND jsonb_exists(a.before, 'resourceVersion') ELSE a.after ->> 'resourceVersion' = g.version::text END
    WHERE ${isOurs} AND ${IS_PART}
    ORDER BY g.version DESC LIMIT ${first + 1} OFFSET ${pageOffset(page.offset)}`;
  return pageOf(rows, first, { record: auditRecord, cursor: ({ version }) => [version.toString()] });
}

/** Where a change went: the revisions that were the first to be compiled from it. */
export async function revisionsWith(
  { db, org }: Context,
  { uid, version }: ResourceChangeRef,
  page: PageRequest,
): Promise<Page<RevisionRecord>> {
  const first = pageSize(page.first);
  const beyond = page.after === undefined ? '' : (decodeCursor(page.after, 1)[0] ?? '');
  const isIt = version === undefined ? Prisma.sql`g.deleted` : Prisma.sql`g.version::text = ${version}`;
  const rows = await db.$queryRaw<Omit<GnsRevision, 'orgId'>[]>`
    SELECT r.gns, r.number, r.root, r.compiler_version AS "compilerVersion", r.spec_version AS "specVersion", r.created_at AS "createdAt"
    FROM resource_generation g
    ${BEFORE}
    JOIN LATERAL (SELECT uid, project, name FROM resource WHERE org_id = ${org} AND kind = 'GlobalNamespace'
      UNION SELECT g.uid, g.project, g.name WHERE g.kind = 'GlobalNamespace') n ON ${IS_PART}
    JOIN LATERAL (SELECT * FROM gns_revision v WHERE v.org_id = g.org_id AND v.gns = n.uid AND v.spec_version >= g.version
      ORDER BY v.spec_version, v.number LIMIT 1) r ON true
    WHERE g.org_id = ${org} AND g.uid = ${uid} AND ${isIt} AND r.gns > ${beyond}
    ORDER BY r.gns LIMIT ${first + 1} OFFSET ${pageOffset(page.offset)}`;
  return pageOf(rows, first, { record: revisionRecord, cursor: (row) => [row.gns] });
}
