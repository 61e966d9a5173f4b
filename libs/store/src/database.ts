import { errorCode } from './client/errors.js';
import { withClient } from './client/with-client.js';

/** SQLSTATE of CREATE DATABASE for a name that is taken, or just being taken by another start. */
const TAKEN = new Set(['42P04', '23505']);

/** Makes a database on the server that `adminUrl` leads to, unless it is there. `template` is copied, migrations and all. */
export async function ensureDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    const source = template === undefined ? '' : ` TEMPLATE ${client.escapeIdentifier(template)}`;
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${source}`);
    } catch (error) {
      if (!TAKEN.has(errorCode(error) ?? '')) throw error;
    }
  });
}
