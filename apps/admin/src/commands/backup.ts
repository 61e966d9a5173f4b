import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backup } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { withPrivateFolder } from './private-folder.js';

/** Writes a backup to a file, or, complete, to standard output. */
export function backupCommand(
  { databaseUrl }: AdminEnv,
  command: { out: string },
  terminal: Terminal,
): Promise<ExitCode> {
  if (command.out !== '-') return writeTo(databaseUrl, resolve(command.out), terminal);
  return withPrivateFolder(async (folder) => {
    const file = `${folder}/backup`;
    const result = await backup({ connectionString: databaseUrl, file, log: terminal.err });
    await pipeline(createReadStream(file), terminal.out, { end: false });
    terminal.err(`${result.rows} rows of schema ${result.schema} written`);
    return EXIT.done;
  });
}

async function writeTo(databaseUrl: string, file: string, terminal: Terminal): Promise<ExitCode> {
  const { rows, schema, sha256 } = await backup({ connectionString: databaseUrl, file, log: terminal.err });
  const { size } = await stat(file);
  terminal.err(`${rows} rows written to ${file} (${size} bytes); keep it as safe as the database`);
  terminal.out.write(`${JSON.stringify({ file, rows, schema, bytes: size, contentSha256: sha256 })}\n`);
  return EXIT.done;
}
