import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { replaceablePath } from '@isthmus/platform';
import pg from 'pg';
import { withClient } from '../client/with-client.js';
import { type BackupFooter, type BackupHeader, type BackupRow, type BackupTable, lineHasher } from './format.js';
import { becomeTenant, identifier, tenantTables } from './tables.js';

const FETCH = 1_000;
const BEGIN = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC'; SET LOCAL extra_float_digits = 3`;

export interface BackupOptions {
  connectionString: string;
  /** Written beside itself first and renamed when complete; readable by the owner alone, since hashes of secrets are in it. */
  file: string;
  now?: () => Date;
  log?: (line: string) => void;
}

/** Rows between two lines of progress. */
const TOLD_EVERY = 20_000;

/** Writes everything of one moment: a single repeatable-read transaction, while the installation goes on working. */
export async function backup(options: BackupOptions): Promise<BackupFooter & { schema: string }> {
  const file = await replaceablePath(options.file);
  const partial = `${file}.${randomBytes(6).toString('hex')}.partial`;
  try {
    return await withClient(options.connectionString, async (client) => {
      await client.query(BEGIN);
      const header = await headerOf(client, options.now?.() ?? new Date());
      const hasher = lineHasher();
      const handle = await fs.open(partial, 'wx', 0o600);
      await pipeline(
        linesOf(client, header, { hasher, log: options.log }),
        createGzip(),
        handle.createWriteStream({ flush: true }),
      );
      await fs.rename(partial, file);
      await syncFolder(path.dirname(file));
      return { ...hasher.footer(), schema: header.schema };
    });
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function headerOf(client: pg.Client, now: Date): Promise<BackupHeader> {
  const state = await client.query<{ epoch: number; lineage: string }>('SELECT epoch, lineage FROM system_state');
  const ledger = await client.query<{ schema: string }>(
    'SELECT max(migration_name) AS schema FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const [first] = state.rows;
  const schema = ledger.rows[0]?.schema;
  if (first === undefined || schema === undefined) throw new Error('the database was not migrated');
  return { format: 'isthmus-backup', version: 1, schema, ...first, createdAt: now.toISOString() };
}

async function* linesOf(
  client: pg.Client,
  header: BackupHeader,
  { hasher, log }: { hasher: ReturnType<typeof lineHasher>; log: BackupOptions['log'] },
): AsyncGenerator<string> {
  const counted = (value: object, isRow: boolean) => {
    const text = JSON.stringify(value);
    hasher.add(text, isRow);
    return `${text}\n`;
  };
  yield counted(header, false);
  let rows = 0;
  for await (const { value, isRow } of content(client)) {
    rows += isRow ? 1 : 0;
    if (isRow && rows % TOLD_EVERY === 0) log?.(`${rows} rows written`);
    yield counted(value, isRow);
  }
  yield `${JSON.stringify(hasher.footer())}\n`;
}

interface Item {
  value: BackupTable | BackupRow;
  isRow: boolean;
}

async function* content(client: pg.Client): AsyncGenerator<Item> {
  const organization: BackupTable = {
    table: 'organization',
    columns: [
      { name: 'id', type: 'text' },
      { name: 'display_name', type: 'text' },
      { name: 'created_at', type: 'timestamp with time zone' },
    ],
  };
  yield { value: organization, isRow: false };
  const orgs: string[] = [];
  for await (const row of rowsOf(client, organization, undefined)) {
    orgs.push(row[0] ?? '');
    yield { value: row, isRow: true };
  }
  const tables = await tenantTables(client);
  for (const org of orgs) {
    await becomeTenant(client, org);
    for (const table of tables) {
      yield { value: table, isRow: false };
      for await (const row of rowsOf(client, table, org)) yield { value: row, isRow: true };
    }
  }
}

/** The longest key; keys stand first in every table. */
const KEY_COLUMNS = 6;

/** In the order of the key, as text: the same content gives the same lines. */
async function* rowsOf(client: pg.Client, table: BackupTable, org: string | undefined): AsyncGenerator<BackupRow> {
  const columns = table.columns.map(({ name }, index) => `${identifier(name)}::text AS c${index}`).join(', ');
  const keys = table.columns.slice(0, KEY_COLUMNS).map((_, index) => `c${index} COLLATE "C"`);
  const where = org === undefined ? '' : `WHERE org_id = ${pg.escapeLiteral(org)}`;
  const source = `SELECT ${columns} FROM ${identifier(table.table)} ${where}`;
  await client.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT * FROM (${source}) AS t ORDER BY ${keys.join(', ')}`);
  for (;;) {
    const { rows } = await client.query<BackupRow>({ text: `FETCH ${FETCH} FROM backup`, rowMode: 'array' });
    yield* rows;
    if (rows.length < FETCH) break;
  }
  await client.query('CLOSE backup');
}
