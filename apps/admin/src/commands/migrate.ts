import { migrate } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Brings the database to the newest schema. */
export async function migrateCommand({ databaseUrl }: AdminEnv, terminal: Terminal): Promise<ExitCode> {
  const { applied, version } = await migrate({ connectionString: databaseUrl, log: terminal.err });
  terminal.err(applied.length === 0 ? 'nothing to migrate' : `${applied.length} migrations applied`);
  terminal.out.write(`${JSON.stringify({ schema: version, applied })}\n`);
  return EXIT.done;
}
