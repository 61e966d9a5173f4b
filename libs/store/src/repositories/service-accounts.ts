import type { Context } from '../client/context.js';
import type { ReadContext } from '../client/rows.js';
import { hasText, rowsOfTable, table } from '../client/table.js';
import { Prisma, type ServiceAccount } from '../generated/client.js';
import type { ServiceAccountRecord, ServiceAccountRepository } from '../types/service-accounts.js';

const PROGRAMS = table<ServiceAccount>('service_account', Prisma.ServiceAccountScalarFieldEnum, {
  dates: { createdAt: true, disabledAt: true },
  bigints: {},
});

/** Programs by id or name. */
export function serviceAccountReads(context: ReadContext): Pick<ServiceAccountRepository, 'get' | 'search'> {
  return {
    get: async (id) => (await rowsOfTable(context, PROGRAMS, { where: Prisma.sql`id = ${id}` })).map(record)[0],
    search: async ({ text, limit }) => {
      const where = hasText('name', text);
      return (await rowsOfTable(context, PROGRAMS, { where, orderBy: 'name', limit })).map(record);
    },
  };
}

export function serviceAccountRepository(context: Context): ServiceAccountRepository {
  const { db, org, clock, ids } = context;
  return {
    create: async (input) => {
      const data = { ...input, orgId: org, id: ids.uuid(), createdAt: clock.now() };
      const made = await db.serviceAccount.createManyAndReturn({ data: [data], skipDuplicates: true });
      return made[0] && record(made[0]);
    },
    ...serviceAccountReads(context),
    list: async () =>
      (await db.serviceAccount.findMany({ where: { orgId: org }, orderBy: { name: 'asc' } })).map(record),
    byIds: async (ids) =>
      (await db.serviceAccount.findMany({ where: { orgId: org, id: { in: [...ids] } } })).map(record),
    update: async (id, { disabled, ...change }) => {
      const disabledAt = disabled ? clock.now() : null;
      const data = { ...change, ...(disabled === undefined ? {} : { disabledAt }) };
      return (await db.serviceAccount.updateMany({ where: { orgId: org, id }, data })).count === 1;
    },
    remove: async (id) => (await db.serviceAccount.deleteMany({ where: { orgId: org, id } })).count === 1,
  };
}

function record(row: ServiceAccount): ServiceAccountRecord {
  const { id, name, description, role, createdAt, createdBy } = row;
  return { id, name, description, role, createdAt, createdBy, disabledAt: row.disabledAt ?? undefined };
}
