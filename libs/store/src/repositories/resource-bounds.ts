import { Prisma } from '../generated/client.js';
import type { ResourceBound } from '../types/resources.js';

/** True of resources that fit one of the bounds; of an empty list never, without a list always. */
export function withinOneOf(bounds: readonly ResourceBound[] | undefined): Prisma.Sql {
  if (bounds === undefined) return Prisma.sql`true`;
  if (bounds.length === 0) return Prisma.sql`false`;
  return Prisma.sql`(${Prisma.join(bounds.map(within), ' OR ')})`;
}

function within({ kinds, project, globalNamespaces, names }: ResourceBound): Prisma.Sql {
  const conditions = [Prisma.sql`kind = ANY(${[...kinds]})`];
  if (names !== undefined) conditions.push(Prisma.sql`name = ANY(${[...names]})`);
  if (project !== undefined && globalNamespaces === undefined)
    conditions.push(Prisma.sql`(CASE kind WHEN 'Project' THEN name ELSE project END) = ${project}`);
  if (project !== undefined && globalNamespaces !== undefined)
    conditions.push(Prisma.sql`project = ${project}`, aboutOnly([...globalNamespaces]));
  return Prisma.sql`(${Prisma.join(conditions, ' AND ')})`;
}

/** The global namespaces themselves, and policies that have targets, each of which names one of them. */
function aboutOnly(names: string[]): Prisma.Sql {
  return Prisma.sql`CASE kind WHEN 'GlobalNamespace' THEN name = ANY(${names}) ELSE
    jsonb_typeof(spec -> 'targets') = 'array' AND jsonb_array_length(spec -> 'targets') > 0 AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(spec -> 'targets') AS t
      WHERE coalesce(t ->> 'globalNamespace' <> ALL(${names}), true)
    ) END`;
}
