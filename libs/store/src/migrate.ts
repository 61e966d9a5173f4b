import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { withClient } from './client/with-client.js';

export interface MigrateOptions {
  /** As the owner of the tables. */
  connectionString: string;
  /** Default: prisma/migrations of this checkout or image. */
  directory?: string;
  /** Stop after this one. */
  upTo?: string;
  log?: (line: string) => void;
}

export interface MigrateResult {
  applied: string[];
  /** Name of the newest migration in force. */
  version: string;
}

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const MIGRATIONS_DIRECTORY = path.resolve(HERE, '../../../prisma/migrations');
/** Any fixed number: one migration at a time, whatever number of processes start together. */
const LOCK = 4_783_212_001;

/** The ledger of Prisma's own migration commands, so that they can take over. */
const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;

/** Migrations in order, as they lie in the directory. */
export async function readMigrations(directory = MIGRATIONS_DIRECTORY): Promise<Migration[]> {
  const entries = await fs.readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await fs.readFile(path.join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the database to the newest schema; each migration is one transaction. Several processes may call it at once.
 * Throws when the database knows a migration that we do not (it is newer than this release) or one that was edited since.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const known = await readMigrations(options.directory);
  return withClient(options.connectionString, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(LEDGER);
    const done = await client.query<{ migration_name: string; checksum: string }>(
      'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name',
    );
    refuseForeign(done.rows, known);
    const wanted = known.filter((migration) => options.upTo === undefined || migration.name <= options.upTo);
    const applied: string[] = [];
    for (const migration of wanted.slice(done.rows.length)) {
      options.log?.(`migration ${migration.name}`);
      await apply(client, migration);
      applied.push(migration.name);
    }
    return { applied, version: wanted.at(-1)?.name ?? '' };
  });
}

function refuseForeign(done: { migration_name: string; checksum: string }[], known: Migration[]): void {
  done.forEach((row, index) => {
    const expected = known[index];
    if (expected?.name !== row.migration_name) {
      throw new Error(
        `The database has the migration ${row.migration_name}, which this release does not know: it is newer, or not ours. Start the newer release.`,
      );
    }
    if (expected.checksum !== row.checksum) {
      throw new Error(`The migration ${row.migration_name} was changed after it had been applied: restore the file.`);
    }
  });
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)',
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
}
