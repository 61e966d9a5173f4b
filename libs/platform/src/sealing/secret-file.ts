import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { atomicWriteFile } from '../atomic-write-file.js';
import { isSealed, seal, sealedBy, unseal } from './envelope.js';
import { SealingError, type KeyEncryption } from './key-encryption.js';

/** The text of a secret as it is to be written to this file: sealed, if there are keys. */
export async function forSecretFile(path: string, text: string, keys: KeyEncryption | undefined): Promise<string> {
  return keys === undefined ? text : seal(keys, text, { file: basename(path) });
}

/**
 * The secret in a file, sealed or not; undefined if there is no file. A sealed one without its key is an error with its number: whoever
 * went on would make a new secret in its place.
 */
export async function readSecretFile(path: string, keys: KeyEncryption | undefined): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(missingAsUndefined);
  if (text === undefined) return undefined;
  if (((await stat(path)).mode & 0o077) !== 0)
    throw new Error(`${path} can be read by other users; its mode must be 0600`);
  if (!isSealed(text)) return text;
  if (keys === undefined)
    throw cannotOpen(
      path,
      'it is sealed, and no key was given (SECRETS_KEYS, SECRETS_KEYS_FILE or SECRETS_SERVICE_FILE)',
    );
  try {
    return await unseal(keys, text, { file: basename(path) });
  } catch (error) {
    throw error instanceof SealingError ? cannotOpen(path, error.message) : error;
  }
}

/** Seals the secret in a file anew with the current key. `from`: the key before; undefined: it was in the clear, or there is no file. */
export async function resealFile(
  path: string,
  keys: KeyEncryption,
): Promise<{ outcome: 'absent' } | { outcome: 'sealed'; from: string | undefined }> {
  const secret = await readSecretFile(path, keys);
  if (secret === undefined) return { outcome: 'absent' };
  const from = sealedBy(await readFile(path, 'utf8'));
  await atomicWriteFile(path, await forSecretFile(path, secret, keys), { mode: 0o600 });
  return { outcome: 'sealed', from };
}

function cannotOpen(path: string, reason: string): Error {
  return new Error(`ISM0571 ${path} cannot be opened: ${reason}`);
}

function missingAsUndefined(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
