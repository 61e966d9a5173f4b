import type pg from 'pg';
import { withClient } from '../client/with-client.js';
import { migrate, readMigrations } from '../migrate.js';
import { BackupError, type BackupHeader, type BackupRow, type BackupTable, readBackup } from './format.js';
import { becomeTenant, identifier, tenantTables } from './tables.js';

const BATCH = 500;

export interface RestoreOptions {
  /** An empty database, as the owner-to-be of its tables. */
  connectionString: string;
  file: string;
  log?: (line: string) => void;
}

/** What a backup says about itself. */
export interface BackupSummary {
  /** Last migration of the database that it was made from. */
  schema: string;
  epoch: number;
  createdAt: string;
  rows: number;
}

export interface RestoreResult {
  rows: number;
  /** One more than that of the backup: agents that saw later refs than it holds accept the restored ones again. */
  epoch: number;
  createdAt: string;
}

/** Reads a whole backup and its checksum; throws BackupError if it is not fit to be restored. */
export async function inspectBackup(file: string): Promise<BackupSummary> {
  const { header, rows } = await check(file);
  return { schema: header.schema, epoch: header.epoch, createdAt: header.createdAt, rows };
}

/**
 * Reads the whole file and its checksum before it touches the database, restores it in one transaction at the schema
 * it was made with, raises the epoch, and migrates on to the newest schema. Throws BackupError if the file or the
 * database is not fit for it.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const { header } = await check(options.file);
  await refuseForeignSchema(header.schema);
  await withClient(options.connectionString, refuseUsed);
  await migrate({ connectionString: options.connectionString, upTo: header.schema, log: options.log });
  const epoch = header.epoch + 1;
  const rows = await withClient(options.connectionString, async (client) => {
    await client.query(`BEGIN; SET LOCAL TIME ZONE 'UTC'`);
    await refuseUsed(client);
    const filled = await fill(client, options);
    await client.query('UPDATE system_state SET epoch = $1, lineage = $2', [epoch, header.lineage]);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return filled;
  });
  await migrate({ connectionString: options.connectionString, log: options.log });
  await withClient(options.connectionString, (client) => client.query('UPDATE system_state SET raised_at = now()'));
  return { rows, epoch, createdAt: header.createdAt };
}

async function check(file: string): Promise<{ header: BackupHeader; rows: number }> {
  let header: BackupHeader | undefined;
  let rows = 0;
  for await (const line of readBackup(file)) {
    if (line.line === 'row') rows += 1;
    if (line.line === 'header') header ??= line.header;
    else if (header === undefined) throw new BackupError(`${file} does not begin with a header`);
  }
  if (header === undefined) throw new BackupError(`${file} is empty`);
  return { header, rows };
}

async function refuseForeignSchema(schema: string): Promise<void> {
  const known = await readMigrations();
  if (known.some(({ name }) => name === schema)) return;
  throw new BackupError(
    `the backup has the schema ${schema}, which this release does not know: restore it with the release that made it, or a newer one`,
    'SCHEMA',
  );
}

/** Empty: nothing of ours but an empty schema, and nothing of anybody else. */
async function refuseUsed(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ ours: boolean; tables: number }>(
    `SELECT to_regclass('public.organization') IS NOT NULL AND to_regclass('public._prisma_migrations') IS NOT NULL AS ours,
       (SELECT count(*)::int FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace) AS tables`,
  );
  const [found] = rows;
  const isUsed = found?.ours === true ? await hasOrganizations(client) : (found?.tables ?? 0) > 0;
  if (isUsed) throw new BackupError('the database is not empty: restore into a new one', 'NOT_EMPTY');
}

async function hasOrganizations(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ used: boolean }>('SELECT EXISTS (SELECT 1 FROM organization) AS used');
  return rows[0]?.used === true;
}

/** Rows between two lines of progress. */
const TOLD_EVERY = 20_000;

async function fill(client: pg.Client, { file, log }: RestoreOptions): Promise<number> {
  const known = new Map((await tenantTables(client)).map((table) => [table.table, table]));
  let table: BackupTable | undefined;
  let batch: BackupRow[] = [];
  let rows = 0;
  const flush = async () => {
    if (table !== undefined && batch.length > 0) await insert(client, table, batch);
    rows += batch.length;
    if (Math.floor(rows / TOLD_EVERY) > Math.floor((rows - batch.length) / TOLD_EVERY)) log?.(`${rows} rows restored`);
    batch = [];
  };
  for await (const line of readBackup(file)) {
    if (line.line === 'row') batch.push(line.row);
    if (line.line === 'table' || batch.length >= BATCH) await flush();
    if (line.line === 'table') table = fitting(line.table, known);
  }
  await flush();
  await settle(client);
  return rows;
}

function fitting(table: BackupTable, known: ReadonlyMap<string, BackupTable>): BackupTable {
  if (table.table === 'organization') return table;
  const here = known.get(table.table);
  const names = new Set(here?.columns.map((column) => column.name));
  const stranger = table.columns.find((column) => !names.has(column.name));
  if (here === undefined) throw new BackupError(`the backup has a table ${table.table} that its schema does not have`);
  if (stranger !== undefined)
    throw new BackupError(`the backup has a column ${table.table}.${stranger.name} that its schema does not have`);
  return {
    table: table.table,
    columns: table.columns.map(
      ({ name }) => here.columns.find((column) => column.name === name) ?? { name, type: 'text' },
    ),
  };
}

/** Values come as text and are cast to the types of the columns; rows of one table are of one organization each. */
async function insert(client: pg.Client, table: BackupTable, rows: BackupRow[]): Promise<void> {
  const org = table.columns.findIndex((column) => column.name === 'org_id');
  if (org >= 0) await becomeTenant(client, rows[0]?.[org] ?? '');
  const names = table.columns.map((column) => identifier(column.name)).join(', ');
  const casts = table.columns.map((column, index) => `r.c${index}::${column.type}`).join(', ');
  const unnested = table.columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const aliases = table.columns.map((_, index) => `c${index}`).join(', ');
  const values = table.columns.map((_, index) => rows.map((row) => row[index] ?? null));
  await client.query(
    `INSERT INTO ${identifier(table.table)} (${names}) SELECT ${casts} FROM unnest(${unnested}) AS r(${aliases})`,
    values,
  );
}

/** Nobody is connected to a database that was just restored, and every global namespace is to be looked at again. */
async function settle(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM organization');
  for (const { id } of rows) {
    await becomeTenant(client, id);
    await client.query('UPDATE agent_session SET connected = false, gateway_id = NULL WHERE org_id = $1', [id]);
    await client.query('UPDATE outbox SET lease_until = now() WHERE org_id = $1 AND done_at IS NULL', [id]);
    await client.query(
      `INSERT INTO outbox (org_id, id, topic, subject, ids)
       SELECT org_id, gen_random_uuid()::text, 'resource.changed', uid, jsonb_build_object('kind', kind, 'project', project, 'name', name)
       FROM resource WHERE org_id = $1 AND kind = 'GlobalNamespace'
       ON CONFLICT (org_id, topic, subject) WHERE done_at IS NULL AND attempts = 0 DO NOTHING`,
      [id],
    );
  }
}
