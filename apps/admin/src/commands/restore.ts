import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inspectBackup, restore } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { databaseName } from './database-name.js';
import { withPrivateFolder } from './private-folder.js';
import { withStore } from './with-store.js';

interface RestoreCommand {
  in: string;
  confirmed: boolean;
}

/** Restores a file, or standard input, into an empty database. */
export function restoreCommand(env: AdminEnv, command: RestoreCommand, terminal: Terminal): Promise<ExitCode> {
  if (command.in !== '-') return restoreFrom(env, { ...command, in: resolve(command.in) }, terminal);
  return withPrivateFolder(async (folder) => {
    const file = `${folder}/backup`;
    await pipeline(terminal.stdin, createWriteStream(file, { mode: 0o600 }));
    return restoreFrom(env, { ...command, in: file }, terminal);
  });
}

async function restoreFrom(env: AdminEnv, command: RestoreCommand, terminal: Terminal): Promise<ExitCode> {
  const { databaseUrl } = env;
  const found = await inspectBackup(command.in);
  terminal.err(`backup of ${found.createdAt}: ${found.rows} rows, schema ${found.schema}, epoch ${found.epoch}`);
  const question = `Restore it into ${databaseName(databaseUrl)}, which must be empty?`;
  if (!command.confirmed && (await terminal.confirm?.(question)) !== true) {
    terminal.err('nothing was restored; confirm with --yes');
    return EXIT.usage;
  }
  const result = await restore({ connectionString: databaseUrl, file: command.in, log: terminal.err });
  await audit(databaseUrl, result);
  terminal.err(`${result.rows} rows restored; the epoch is ${result.epoch} now`);
  terminal.err(
    'Start API and worker with the keys that they had: the worker signs every pointer anew with the same root.',
  );
  terminal.out.write(`${JSON.stringify(result)}\n`);
  return EXIT.done;
}

/** Every organization's audit tells that its history was cut. */
async function audit(databaseUrl: string, after: { epoch: number; createdAt: string }): Promise<void> {
  await withStore({ databaseUrl }, async (store) => {
    for (const { id } of await store.system.organizations()) {
      await store.mutate(id, { actor: 'system:admin', action: 'restore' }, (tx) =>
        tx.record({ kind: 'Database', id: String(after.epoch), name: 'restore', after }),
      );
    }
  });
}
