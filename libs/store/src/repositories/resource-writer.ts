import { isDeepStrictEqual } from 'node:util';
import { type Context, notify } from '../client/context.js';
import { Prisma } from '../generated/client.js';
import type { AuditInfo } from '../types/audit.js';
import type { ResourceInput, ResourceRecord, ResourceRepository } from '../types/resources.js';
import { writeAudit } from './audit.js';
import { addOutbox } from './outbox.js';
import { only, resourceReader } from './resources.js';
import { resourcesSince } from './resources-since.js';
import { SpecLine } from './spec-line.js';

/** Every change goes through `commitChange`: resource, generation, outbox and audit row stand or fall together. */
export function resourceRepository(context: Context, info: AuditInfo): ResourceRepository {
  const reader = resourceReader(context);
  const line = new SpecLine(context);
  const at = { context, info, line };
  return {
    ...reader,
    lock: async () => (await line.locked()).stamp,
    since: (stamp) => resourcesSince(context, reader, stamp),
    put: async (input) => {
      const version = (await line.locked()).version + 1n;
      const before = await reader.get(input);
      if (contradicts(input.expectedVersion, before)) return { outcome: 'conflict', current: before };
      const next = successor(context, input, { before, version });
      if (before !== undefined && same(before, next)) return { outcome: 'unchanged', record: before };
      await commitChange(at, { version, before, after: next });
      return before === undefined ? { outcome: 'created', record: next } : { outcome: 'updated', record: next, before };
    },
    delete: async (key, expectedVersion) => {
      const version = (await line.locked()).version + 1n;
      const before = await reader.get(key);
      if (before === undefined) return { outcome: 'absent' };
      if (contradicts(expectedVersion, before)) return { outcome: 'conflict', current: before };
      await commitChange(at, { version, before, after: undefined });
      return { outcome: 'deleted', record: before };
    },
  };
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

interface Change {
  version: bigint;
  before: ResourceRecord | undefined;
  after: ResourceRecord | undefined;
}

interface Writing {
  context: Context;
  info: AuditInfo;
  line: SpecLine;
}

/** All statements of a change in one round trip. */
async function commitChange({ context, info, line }: Writing, change: Change): Promise<void> {
  const subject = change.after ?? change.before;
  if (subject === undefined) return;
  const { kind, uid } = subject;
  await Promise.all([
    context.connection.query(statementOf(context.org, change, subject)),
    line.move(),
    context.connection.query(generationOf(context, info, { ...change, subject })),
    addOutbox(context, { topic: 'resource.changed', subject: uid, ids: { ...only(subject) } }),
    writeAudit(context, info, {
      ...only(subject),
      id: uid,
      before: change.before === undefined ? undefined : auditView(change.before),
      after: change.after === undefined ? undefined : auditView(change.after),
    }),
    notify(context, 'isthmus_resources', { subject: kind, detail: uid }),
  ]);
}

function statementOf(org: string, { version, before, after }: Change, { uid }: ResourceRecord): Prisma.Sql {
  if (after === undefined) return Prisma.sql`DELETE FROM resource WHERE org_id = ${org} AND uid = ${uid}`;
  const { kind, project, name, generation, createdAt, updatedAt } = after;
  if (before === undefined) {
    return Prisma.sql`
      INSERT INTO resource (org_id, uid, kind, project, name, labels, annotations, spec, generation, version, created_at, updated_at)
      VALUES (${org}, ${uid}, ${kind}, ${project}, ${name}, ${contentOf(after)}, ${generation}, ${version}, ${createdAt}, ${updatedAt})`;
  }
  return Prisma.sql`
    UPDATE resource SET (labels, annotations, spec) = ROW(${contentOf(after)}), generation = ${generation}, version = ${version},
      updated_at = ${updatedAt}
    WHERE org_id = ${org} AND uid = ${uid}`;
}

function generationOf(
  { org, clock }: Context,
  { actor }: AuditInfo,
  { version, after, subject }: Change & { subject: ResourceRecord },
): Prisma.Sql {
  const { uid, generation, kind, project, name } = subject;
  return Prisma.sql`
    INSERT INTO resource_generation (org_id, uid, version, generation, kind, project, name, labels, annotations, spec, deleted, actor, at)
    VALUES (${org}, ${uid}, ${version}, ${generation}, ${kind}, ${project}, ${name}, ${contentOf(subject)}, ${after === undefined},
      ${actor}, ${clock.now()})`;
}

/** Labels, annotations and spec as values of those columns. */
function contentOf({ labels, annotations, spec }: ResourceRecord): Prisma.Sql {
  const [one, two, three] = [labels, annotations, spec].map((value) => JSON.stringify(value));
  return Prisma.sql`${one}::jsonb, ${two}::jsonb, ${three}::jsonb`;
}

function auditView(resource: ResourceRecord) {
  const { labels, annotations, spec, generation, resourceVersion } = resource;
  return { labels, annotations, spec, generation, resourceVersion };
}
