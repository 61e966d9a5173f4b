import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A data key, encrypted. `kek` names the key that did it. */
export interface WrappedKey {
  kek: string;
  bytes: string;
}

/**
 * Wraps data keys. Local keys are one implementation; a key management service is another one of the same two calls, which then never
 * gives its key away.
 */
export interface KeyEncryption {
  /** The key that wraps from now on. */
  readonly current: string;
  wrap(dataKey: Buffer): Promise<WrappedKey>;
  /** Rejects with `SealingError`. */
  unwrap(wrapped: WrappedKey): Promise<Buffer>;
}

/** Why a secret cannot be opened; the message holds nothing of it. */
export class SealingError extends Error {}

export interface LocalKey {
  id: string;
  key: Buffer;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LINE = /^([a-z0-9][a-z0-9._-]{0,62}):([A-Za-z0-9+/_=-]+)$/i;

/** AES-256-GCM; the result is nonce, tag, ciphertext. `about` is not in it, but must be the same to open it. */
export function encrypt(key: Buffer, text: Buffer, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Undefined: another key, another `about`, or altered. */
export function decrypt(key: Buffer, sealed: Buffer, about: string): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A fresh data key. */
export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** Keys of this machine. The first wraps; the others open what they have wrapped before. */
export function localKeyEncryption(keys: readonly LocalKey[]): KeyEncryption {
  const [first] = keys;
  if (first === undefined) throw new Error('at least one key is needed');
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    current: first.id,
    wrap: async (dataKey) => ({
      kek: first.id,
      bytes: encrypt(first.key, dataKey, aboutKey(first.id)).toString('base64'),
    }),
    unwrap: async ({ kek, bytes }) => {
      const key = byId.get(kek);
      if (key === undefined)
        throw new SealingError(`it was sealed with the key ${kek}, which is not among ${[...byId.keys()].join(', ')}`);
      const dataKey = decrypt(key, Buffer.from(bytes, 'base64'), aboutKey(kek));
      if (dataKey === undefined) throw new SealingError(`the key ${kek} is not the one that sealed it`);
      return dataKey;
    },
  };
}

function aboutKey(kek: string): string {
  return `isthmus.data-key/v1 ${kek}`;
}

/** Reads keys, one a line or comma-separated, as `id:base64` of 32 bytes. No value is repeated in a fault. */
export function parseKeys(text: string): { ok: true; keys: LocalKey[] } | { ok: false; faults: string[] } {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const faults: string[] = [];
  const keys = lines.flatMap((line, at): LocalKey[] => {
    const [, id, encoded] = LINE.exec(line) ?? [];
    const key = Buffer.from(encoded ?? '', 'base64');
    if (id !== undefined && key.length === KEY_BYTES) return [{ id, key }];
    faults.push(`key ${String(at + 1)} is not id:base64 of 32 bytes`);
    return [];
  });
  if (lines.length === 0) faults.push('there is no key');
  if (new Set(keys.map(({ id }) => id)).size < keys.length) faults.push('two keys have the same id');
  return faults.length === 0 ? { ok: true, keys } : { ok: false, faults };
}
