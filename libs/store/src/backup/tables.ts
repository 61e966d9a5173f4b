import pg from 'pg';
import type { BackupTable } from './format.js';

/** Rows of these are about processes and the seconds of now, not about the installation. */
const LEFT_OUT = new Set(['gateway_instance', 'rate_use']);

/** Tables of organizations with their columns, sorted by name. */
export async function tenantTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<{ table: string; name: string; type: string }>(`
    SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND EXISTS (SELECT 1 FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'org_id')
    ORDER BY c.relname COLLATE "C", a.attnum`);
  const tables = new Map<string, BackupTable>();
  for (const { table, name, type } of rows) {
    if (LEFT_OUT.has(table)) continue;
    const known = tables.get(table) ?? { table, columns: [] };
    known.columns.push({ name, type });
    tables.set(table, known);
  }
  return [...tables.values()];
}

export function identifier(name: string): string {
  return pg.escapeIdentifier(name);
}

/** Row-level security binds the owner too, unless it is a superuser: everything goes organization by organization. */
export async function becomeTenant(client: pg.Client, org: string): Promise<void> {
  await client.query(`SELECT set_config('isthmus.org', $1, true)`, [org]);
}
