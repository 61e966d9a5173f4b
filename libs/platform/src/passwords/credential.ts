import { decrypt, encrypt } from '../sealing/key-encryption.js';
import { newCodeSecret, stepOfCode } from './one-time-codes.js';
import { hashPassword, openPassword } from './password.js';

/** A password, and the secret of one-time codes sealed under it: who can read the database has neither. */
export interface StoredCredential {
  passwordHash: string;
  /** Undefined: the password is enough. */
  totpSealed: string | undefined;
}

const about = (name: string) => `isthmus one-time codes of ${name}`;

/** What to store of a password; with `codes` also a new secret of one-time codes, whose address is shown this once. */
export async function hashCredential(
  name: string,
  wanted: { password: string; codes: boolean; logCost?: number },
): Promise<StoredCredential & { uri: string | undefined }> {
  const { record, key } = await hashPassword(wanted.password, wanted.logCost);
  if (!wanted.codes) return { passwordHash: record, totpSealed: undefined, uri: undefined };
  const { secret, uri } = await newCodeSecret(name);
  const totpSealed = encrypt(key, Buffer.from(secret), about(name)).toString('base64url');
  return { passwordHash: record, totpSealed, uri };
}

/**
 * Whether password and code are those of the stored credential. `step` is that of the code, for the caller to take once and no more;
 * undefined where no code is asked for.
 */
export async function checkCredential(
  name: string,
  given: { password: string; code: string; now: Date },
  stored: StoredCredential,
): Promise<{ ok: true; step: number | undefined } | { ok: false }> {
  const key = await openPassword(given.password, stored.passwordHash);
  if (key === undefined) return { ok: false };
  if (stored.totpSealed === undefined) return { ok: true, step: undefined };
  const secret = decrypt(key, Buffer.from(stored.totpSealed, 'base64url'), about(name))?.toString();
  const step = secret === undefined ? undefined : await stepOfCode(given.code.replaceAll(' ', ''), secret, given.now);
  return step === undefined ? { ok: false } : { ok: true, step };
}
