import { isDeepStrictEqual } from 'node:util';
import { bumpLine, type Context, lockLine } from '../client/context.js';
import type { Prisma, ResourceRow } from '../generated/client.js';
import type { AuditInfo } from '../types/audit.js';
import type { ResourceInput, ResourceKey, ResourceRecord, ResourceRepository } from '../types/resources.js';
import { writeAudit } from './audit.js';
import { addOutbox } from './outbox.js';
import { only, record, resourceReader } from './resources.js';

/** Every change goes through `commitChange`: resource, generation, outbox and audit row stand or fall together. */
export function resourceRepository(context: Context, info: AuditInfo): ResourceRepository {
  return {
    ...resourceReader(context),
    lock: async () => void (await lockSpecs(context)),
    put: async (input) => {
      const version = await lockSpecs(context);
      const before = await current(context, input);
      if (contradicts(input.expectedVersion, before)) return { outcome: 'conflict', current: before };
      const next = successor(context, input, { before, version });
      if (before !== undefined && same(before, next)) return { outcome: 'unchanged', record: before };
      const change = { version, before, after: next };
      await write(context, change);
      await commitChange(context, info, change);
      return before === undefined ? { outcome: 'created', record: next } : { outcome: 'updated', record: next, before };
    },
    delete: async (key, expectedVersion) => {
      const version = await lockSpecs(context);
      const before = await current(context, key);
      if (before === undefined) return { outcome: 'absent' };
      if (contradicts(expectedVersion, before)) return { outcome: 'conflict', current: before };
      await context.db.resourceRow.delete({
        where: { orgId_uid: { orgId: context.org, uid: before.uid } },
        select: { uid: true },
      });
      await commitChange(context, info, { version, before, after: undefined });
      return { outcome: 'deleted', record: before };
    },
  };
}

/** Changes of one organization's resources follow each other; the answer is the version of the change to come, if one comes. */
async function lockSpecs(context: Context): Promise<bigint> {
  return (await lockLine(context, 'spec')) + 1n;
}

async function current({ db, org }: Context, key: ResourceKey): Promise<ResourceRecord | undefined> {
  const row = await db.resourceRow.findUnique({ where: { orgId_kind_project_name: { orgId: org, ...only(key) } } });
  return row === null ? undefined : record(row);
}

function contradicts(expected: string | null | undefined, before: ResourceRecord | undefined): boolean {
  if (expected === undefined) return false;
  return expected === null ? before !== undefined : before?.resourceVersion !== expected;
}

function successor(
  context: Context,
  input: ResourceInput,
  at: { before: ResourceRecord | undefined; version: bigint },
): ResourceRecord {
  const now = context.clock.now();
  const spec = JSON.parse(JSON.stringify(input.spec)) as ResourceRecord['spec'];
  const { before } = at;
  return {
    ...only(input),
    uid: before?.uid ?? context.ids.uuid(),
    labels: { ...input.labels },
    annotations: { ...input.annotations },
    spec,
    generation: before === undefined ? 1 : before.generation + (isDeepStrictEqual(before.spec, spec) ? 0 : 1),
    resourceVersion: at.version.toString(),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

function same(before: ResourceRecord, after: ResourceRecord): boolean {
  return (
    before.generation === after.generation &&
    isDeepStrictEqual(before.labels, after.labels) &&
    isDeepStrictEqual(before.annotations, after.annotations)
  );
}

async function write({ db, org }: Context, { version, before, after }: Change): Promise<void> {
  if (after === undefined) return;
  const { resourceVersion: _version, ...rest } = after;
  const row: ResourceRow = { ...rest, orgId: org, version, spec: after.spec as unknown as Prisma.JsonValue };
  const data = { ...row, ...jsonOf(after) };
  const select = { uid: true } as const;
  if (before === undefined) await db.resourceRow.create({ data, select });
  else await db.resourceRow.update({ where: { orgId_uid: { orgId: org, uid: after.uid } }, data, select });
}

function jsonOf(resource: ResourceRecord) {
  return {
    labels: resource.labels,
    annotations: resource.annotations,
    spec: resource.spec as unknown as Prisma.InputJsonObject,
  };
}

interface Change {
  version: bigint;
  before: ResourceRecord | undefined;
  after: ResourceRecord | undefined;
}

async function commitChange(context: Context, info: AuditInfo, change: Change): Promise<void> {
  const subject = change.after ?? change.before;
  if (subject === undefined) return;
  await bumpLine(context, 'spec');
  await context.db.resourceGeneration.create({
    data: {
      orgId: context.org,
      uid: subject.uid,
      version: change.version,
      generation: subject.generation,
      ...only(subject),
      ...jsonOf(subject),
      deleted: change.after === undefined,
      actor: info.actor,
      at: context.clock.now(),
    },
    select: { uid: true },
  });
  await addOutbox(context, { topic: 'resource.changed', subject: subject.uid, ids: { ...only(subject) } });
  await writeAudit(context, info, {
    ...only(subject),
    id: subject.uid,
    before: change.before === undefined ? undefined : auditView(change.before),
    after: change.after === undefined ? undefined : auditView(change.after),
  });
  const payload = JSON.stringify({ org: context.org, subject: subject.kind, detail: subject.uid });
  await context.db.$executeRaw`SELECT pg_notify('isthmus_resources', ${payload})`;
}

function auditView(resource: ResourceRecord) {
  const { labels, annotations, spec, generation, resourceVersion } = resource;
  return { labels, annotations, spec, generation, resourceVersion };
}
