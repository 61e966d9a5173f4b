import type { Selector } from '@isthmus/domain';
import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { rowsOfTable, table } from '../client/table.js';
import { type CustomRole as CustomRoleRow, Prisma, type RoleBinding as Row } from '../generated/client.js';
import type { Clock } from '../types/store.js';
import type {
  CustomRole,
  CustomRoleRepository,
  NewRoleBinding,
  RoleBinding,
  RoleBindingRepository,
  ScopeKind,
  ScopeRef,
  SubjectAccess,
  SubjectKind,
  SubjectRef,
} from '../types/access.js';

/** What subjects may do. */
export function roleBindingReads(context: ReadContext): Pick<RoleBindingRepository, 'accessOf'> {
  return { accessOf: (subject, groups) => accessOf(context, subject, groups) };
}

export function roleBindingRepository(context: Context): RoleBindingRepository {
  const { db, org } = context;
  return {
    ...roleBindingReads(context),
    list: async () => (await db.roleBinding.findMany({ where: { orgId: org }, orderBy: { id: 'asc' } })).map(binding),
    get: async (id) => {
      const row = await db.roleBinding.findUnique({ where: { orgId_id: { orgId: org, id } } });
      return row === null ? undefined : binding(row);
    },
    put: (wanted) => put(context, wanted),
    remove: async (id) => (await db.roleBinding.deleteMany({ where: { orgId: org, id } })).count === 1,
    removeScope: async (scope) => {
      const where = { orgId: org, ...scopeWhere(scope) };
      const gone = await db.roleBinding.findMany({ where, orderBy: { id: 'asc' } });
      if (gone.length > 0) await db.roleBinding.deleteMany({ where });
      return gone.map(binding);
    },
  };
}

const CUSTOM_ROLES = table<CustomRoleRow>('custom_role', Prisma.CustomRoleScalarFieldEnum, {
  dates: { updatedAt: true },
  bigints: {},
});

/** Roles that the organization made. */
export function customRoleReads(context: ReadContext): Pick<CustomRoleRepository, 'list'> {
  return {
    list: async () =>
      (await rowsOfTable(context, CUSTOM_ROLES, { where: Prisma.sql`true`, orderBy: 'name' })).map(role),
  };
}

export function customRoleRepository(context: Context): CustomRoleRepository {
  const { db, org, clock } = context;
  return {
    ...customRoleReads(context),
    get: async (name) => {
      const row = await db.customRole.findUnique({ where: { orgId_name: { orgId: org, name } } });
      return row === null ? undefined : role(row);
    },
    put: async ({ name, description, permissions }) => {
      const data = { description, permissions, updatedAt: clock.now() };
      const where = { orgId_name: { orgId: org, name } };
      return role(await db.customRole.upsert({ where, update: data, create: { orgId: org, name, ...data } }));
    },
    remove: async (name) => (await db.customRole.deleteMany({ where: { orgId: org, name } })).count === 1,
  };
}

/** One statement: every request of a signed-in caller asks this. */
async function accessOf(context: ReadContext, { kind, id }: SubjectRef, groups: readonly string[]) {
  const [row] = await context.rows<{ access: Access }>(accessQuery(context, { kind, id: Prisma.sql`${id}`, groups }));
  return accessIn(row?.access);
}

/** The row `access` of a subject, whose id may be told by an expression. */
export function accessQuery(
  { org, clock }: { org: string | Prisma.Sql; clock: Clock },
  { kind, id, groups }: { kind: SubjectKind; id: Prisma.Sql; groups: readonly string[] },
): Prisma.Sql {
  return Prisma.sql`
    WITH mine AS (
      SELECT * FROM role_binding
      WHERE org_id = ${org} AND (expires_at IS NULL OR expires_at > ${clock.now()})
        AND ((subject_kind = ${kind} AND subject = ${id}) OR (subject_kind = 'GROUP' AND subject = ANY(${[...groups]})))
    )
    SELECT jsonb_build_object(
      'bindings', (SELECT coalesce(jsonb_agg(to_jsonb(mine) ORDER BY id), '[]') FROM mine),
      'customRoles', (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY name), '[]') FROM custom_role r
        WHERE org_id = ${org} AND name IN (SELECT role FROM mine)),
      'clusterGroups', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'clusters', spec -> 'clusters') ORDER BY name), '[]')
        FROM resource WHERE org_id = ${org} AND kind = 'ClusterGroup' AND project = ''
          AND name IN (SELECT scope FROM mine WHERE scope_kind = 'CLUSTER_GROUP'))
    ) AS access`;
}

interface BindingJson {
  id: string;
  subject_kind: SubjectKind;
  subject: string;
  role: string;
  scope_kind: ScopeKind;
  scope: string;
  expires_at: string | null;
  created_at: string;
  created_by: string;
}

export interface Access {
  bindings: BindingJson[];
  customRoles: { name: string; description: string; permissions: string[]; updated_at: string }[];
  clusterGroups: { name: string; clusters: Selector | null }[];
}

/** What the row says. */
export function accessIn(access: Access | undefined): SubjectAccess {
  if (access === undefined) throw new Error('the rights of a subject could not be read');
  return {
    bindings: access.bindings.map((row) => ({
      id: row.id,
      subject: { kind: row.subject_kind, id: row.subject },
      role: row.role,
      scope: { kind: row.scope_kind, name: row.scope },
      expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
      createdAt: new Date(row.created_at),
      createdBy: row.created_by,
    })),
    customRoles: access.customRoles.map(({ name, description, permissions, updated_at: at }) => ({
      name,
      description,
      permissions,
      updatedAt: new Date(at),
    })),
    clusterGroups: access.clusterGroups.flatMap(({ name, clusters }) =>
      clusters === null ? [] : [{ name, clusters }],
    ),
  };
}

async function put({ db, org, clock, ids }: Context, wanted: NewRoleBinding) {
  const { subject, role: name, scope, expiresAt, createdBy } = wanted;
  const key = { orgId: org, subjectKind: subject.kind, subject: subject.id, role: name, ...scopeWhere(scope) };
  const known = await db.roleBinding.findFirst({ where: key });
  if (known === null) {
    const data = { ...key, id: ids.uuid(), expiresAt, createdAt: clock.now(), createdBy };
    return { outcome: 'created' as const, record: binding(await db.roleBinding.create({ data })) };
  }
  if (known.expiresAt?.getTime() === expiresAt?.getTime())
    return { outcome: 'unchanged' as const, record: binding(known) };
  const where = { orgId_id: { orgId: org, id: known.id } };
  const changed = await db.roleBinding.update({ where, data: { expiresAt: expiresAt ?? null } });
  return { outcome: 'changed' as const, record: binding(changed) };
}

function scopeWhere({ kind, name }: ScopeRef) {
  return { scopeKind: kind, scope: name };
}

function binding(row: Row): RoleBinding {
  return {
    id: row.id,
    subject: { kind: row.subjectKind as SubjectKind, id: row.subject },
    role: row.role,
    scope: { kind: row.scopeKind as ScopeKind, name: row.scope },
    expiresAt: row.expiresAt ?? undefined,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
  };
}

function role({ name, description, permissions, updatedAt }: CustomRoleRow): CustomRole {
  return { name, description, permissions, updatedAt };
}
