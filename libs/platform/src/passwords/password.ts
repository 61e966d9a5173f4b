import { randomInt, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Shorter ones can be guessed, in characters. */
export const LEAST_PASSWORD = 15;

/** scrypt takes 2^17 blocks of 8 × 128 bytes in one lane: 128 MiB a password, as OWASP asks for. */
const LOG_COST = 17;
const SALT_BYTES = 16;
const HALF_BYTES = 32;
const RECORD = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

export interface HashedPassword {
  /** What is stored: parameters, salt and one half of what scrypt makes. */
  record: string;
  /** The other half, 32 bytes: opens what is sealed under the password. It is stored nowhere. */
  key: Buffer;
}

/** Hashes a password under a salt of its own. `logCost` is the binary logarithm of scrypt's N. */
export async function hashPassword(password: string, logCost = LOG_COST): Promise<HashedPassword> {
  const salt = randomBytes(SALT_BYTES);
  const { half, key } = await derive(password, salt, logCost);
  return { record: `$scrypt$ln=${logCost},r=8,p=1$${salt.toString('base64url')}$${half.toString('base64url')}`, key };
}

/** The key of a password if it is that of the record; undefined if it is not. Both take the same work. */
export async function openPassword(password: string, record: string): Promise<Buffer | undefined> {
  const [, logCost, salt = '', stored = ''] = RECORD.exec(record) ?? [];
  if (logCost === undefined) throw new Error('a password is stored in a form that this release does not know');
  const { half, key } = await derive(password, Buffer.from(salt, 'base64url'), Number(logCost));
  return timingSafeEqual(half, Buffer.from(stored, 'base64url')) ? key : undefined;
}

function derive(password: string, salt: Buffer, logCost: number): Promise<{ half: Buffer; key: Buffer }> {
  const options = { N: 2 ** logCost, r: 8, p: 1, maxmem: 2 * 128 * 8 * 2 ** logCost };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 2 * HALF_BYTES, options, (error, bytes) => {
      if (error !== null) return reject(error);
      resolve({ half: bytes.subarray(0, HALF_BYTES), key: bytes.subarray(HALF_BYTES) });
    });
  });
}

/** Without what is mistaken for something else when it is read from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP = 5;

/** A password of 123 random bits, in groups that can be typed from paper. */
export function newPassword(): string {
  const group = () => Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
