import type pg from 'pg';
import type { SystemRepository } from './types/store.js';

/** Where the hash of a secret stands that leads to its organization. */
const HASH_COLUMNS = {
  device_login: 'device_hash',
  enrolment_token: 'secret_hash',
  install_manifest: 'id_hash',
} as const;

/** Reads as the owner of the tables; what it may see beyond organizations is in the `lookup` policies. */
export function systemRepository(pool: pg.Pool): SystemRepository {
  const organizationOf = async (table: keyof typeof HASH_COLUMNS, hash: string) => {
    const column = HASH_COLUMNS[table];
    const { rows } = await pool.query<{ org_id: string }>(`SELECT org_id FROM ${table} WHERE ${column} = $1`, [hash]);
    return rows[0]?.org_id;
  };
  return {
    organizations: async () => {
      const { rows } = await pool.query<{ id: string; displayName: string; createdAt: Date }>(
        'SELECT id, display_name AS "displayName", created_at AS "createdAt" FROM organization ORDER BY id',
      );
      return rows;
    },
    organizationsWithWork: async () => {
      const { rows } = await pool.query<{ org_id: string }>(
        'SELECT DISTINCT org_id FROM outbox WHERE done_at IS NULL AND lease_until <= clock_timestamp() ORDER BY org_id',
      );
      return rows.map((row) => row.org_id);
    },
    organizationOfDevice: (hash) => organizationOf('device_login', hash),
    organizationOfEnrolment: (hash) => organizationOf('enrolment_token', hash),
    organizationOfManifest: (hash) => organizationOf('install_manifest', hash),
    epoch: async () => epochOf(await pool.query('SELECT epoch FROM system_state')),
    raisedAt: async () => {
      const { rows } = await pool.query<{ raised_at: Date | null }>('SELECT raised_at FROM system_state');
      return rows[0]?.raised_at ?? undefined;
    },
    raiseEpoch: async () =>
      epochOf(await pool.query('UPDATE system_state SET epoch = epoch + 1, raised_at = now() RETURNING epoch')),
    schemaVersion: async () => {
      const { rows } = await pool.query<{ name: string }>(
        'SELECT max(migration_name) AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      );
      return rows[0]?.name ?? '';
    },
  };
}

function epochOf(result: pg.QueryResult<{ epoch: number }>): number {
  const epoch = result.rows[0]?.epoch;
  if (epoch === undefined) throw new Error('system_state has no row: the database was not migrated');
  return epoch;
}
