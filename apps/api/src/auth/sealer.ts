import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { forSecretFile, type KeyEncryption, readSecretFile } from '@isthmus/platform';

/** Keeps secrets that must be read again, such as a provider's refresh token. `about` binds them to their row. */
export interface Sealer {
  seal: (text: string, about: string) => string;
  /** Undefined: another key, another row, or altered. */
  open: (sealed: string, about: string) => string | undefined;
}

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under one key of 32 bytes. */
export function createSealer(key: Buffer): Sealer {
  return {
    seal: (text, about) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open: (sealed, about) => {
      const [version, content = ''] = sealed.split('.');
      const bytes = Buffer.from(content, 'base64url');
      if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      decipher.setAuthTag(rest.subarray(0, TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** The key in a file; made, for the owner only, where there is none, and sealed where there are keys to seal with. */
export async function sealerFromFile(file: string, keys?: KeyEncryption): Promise<Sealer> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const made = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (made !== undefined) {
    await made.writeFile(await forSecretFile(file, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, keys));
    await made.sync();
    await made.close();
    await chmod(file, 0o600);
  }
  const key = Buffer.from(((await readSecretFile(file, keys)) ?? '').trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error(`${file} holds no key of ${KEY_BYTES} bytes in base64url`);
  return createSealer(key);
}
