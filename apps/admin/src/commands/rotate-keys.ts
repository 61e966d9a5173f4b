import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeys, resealFile } from '@isthmus/platform';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

/** Seals every key on disk anew with the first of the given keys; the others need to be given until this was done. */
export async function rotateKeysCommand(env: AdminEnv, terminal: Terminal): Promise<ExitCode> {
  const keys = await readKeys(env.secretKeys);
  if (keys === undefined) {
    terminal.err(
      'error: rotate-keys needs SECRETS_KEYS, SECRETS_KEYS_FILE or SECRETS_SERVICE_FILE: the new key first, then those before',
    );
    return EXIT.usage;
  }
  for (const path of [...(await pemFiles(env.gatewayKeysDir)), env.statementKeyFile, env.signInKeyFile]) {
    const result = await resealFile(path, keys);
    if (result.outcome === 'absent') continue;
    terminal.out.write(`${path}: ${result.from ?? 'in the clear'} → ${keys.current}\n`);
  }
  return EXIT.done;
}

async function pemFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => join(folder, name));
}
