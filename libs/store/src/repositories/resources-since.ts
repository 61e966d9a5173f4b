import type { Context } from '../client/context.js';
import { Prisma } from '../generated/client.js';
import type { ResourceKey, ResourceReader, ResourcesSince } from '../types/resources.js';
import { partsOf, WRITER } from './spec-line.js';

/** More changes than these, and everything is read as well. */
const MAX_CHANGES = 1000;

interface Row extends ResourceKey {
  uid: string;
  version: string;
  writer: string;
}

/**
 * What became of resources after the stand of a stamp; undefined if this database never stood there, or too long ago. It stood there if
 * the generation of that version was written by that very transaction: a restored row is written by another one.
 */
export async function resourcesSince(
  { connection, org }: Context,
  reader: Pick<ResourceReader, 'byUids'>,
  stamp: string,
): Promise<ResourcesSince | undefined> {
  const { version, writer } = partsOf(stamp);
  const { rows } = await connection.query<Row>(Prisma.sql`
    SELECT uid, kind, project, name, version::text, ${WRITER} AS writer FROM resource_generation
    WHERE org_id = ${org} AND version >= ${version} ORDER BY resource_generation.version LIMIT ${MAX_CHANGES + 2}`);
  const [at, ...later] = rows;
  if (at?.version !== version || at.writer !== writer || later.length > MAX_CHANGES) return undefined;
  const last = new Map(later.map((row) => [row.uid, row]));
  const changed = last.size === 0 ? [] : await reader.byUids([...last.keys()]);
  for (const { uid } of changed) last.delete(uid);
  return { changed, gone: [...last.values()].map(({ kind, project, name }) => ({ kind, project, name })) };
}
