import { decrypt, encrypt, newDataKey, SealingError, type KeyEncryption } from './key-encryption.js';

/** Where a secret is kept. A sealed text that was moved to another place does not open there. */
export type SecretPlace = { org: string; table: string; column: string; row: string } | { file: string };

const HEAD = 'isthmus-sealed/v1';
const FORM = /^isthmus-sealed\/v1 ([^\s]{1,64}) ([A-Za-z0-9+/=]+) ([A-Za-z0-9+/=]+)\s*$/;

/** True for what `seal` made, or claims to be it. */
export function isSealed(text: string): boolean {
  return text.startsWith(`${HEAD} `);
}

/** Encrypts with a data key of its own, which is wrapped by the current key: one line of text. */
export async function seal(keys: KeyEncryption, text: string, place: SecretPlace): Promise<string> {
  const dataKey = newDataKey();
  const { kek, bytes } = await keys.wrap(dataKey);
  const body = encrypt(dataKey, Buffer.from(text, 'utf8'), aboutOf(place, kek));
  return `${HEAD} ${kek} ${bytes} ${body.toString('base64')}\n`;
}

/** Reads what was sealed for this place; rejects with `SealingError`. */
export async function unseal(keys: KeyEncryption, sealed: string, place: SecretPlace): Promise<string> {
  const [, kek, bytes, body] = FORM.exec(sealed) ?? [];
  if (kek === undefined || bytes === undefined || body === undefined) throw new SealingError('it is damaged');
  const dataKey = await keys.unwrap({ kek, bytes });
  const text = decrypt(dataKey, Buffer.from(body, 'base64'), aboutOf(place, kek));
  if (text === undefined) throw new SealingError('it was altered, or sealed for another place');
  return text.toString('utf8');
}

/** Name of the key that sealed it; undefined for a text that is not sealed. */
export function sealedBy(text: string): string | undefined {
  return FORM.exec(text)?.[1];
}

function aboutOf(place: SecretPlace, kek: string): string {
  const parts = 'file' in place ? ['file', place.file] : ['row', place.org, place.table, place.column, place.row];
  return JSON.stringify([HEAD, kek, ...parts]);
}
