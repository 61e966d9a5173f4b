import { readFile } from 'node:fs/promises';
import { localKeyEncryption, parseKeys, type KeyEncryption } from './key-encryption.js';

/** Where keys are: as text, or in a file. The text wins. */
export interface KeySource {
  text?: string | undefined;
  file?: string | undefined;
}

/** The keys that seal secrets at rest; undefined where none were given, so that secrets lie in files that only their owner can read. */
export async function readKeys({ text, file }: KeySource): Promise<KeyEncryption | undefined> {
  if (text === undefined && file === undefined) return undefined;
  const parsed = parseKeys(text ?? (await readFile(file ?? '', 'utf8')));
  if (parsed.ok) return localKeyEncryption(parsed.keys);
  throw new Error(`ISM0573 the keys for secrets cannot be read: ${parsed.faults.join('; ')}`);
}
