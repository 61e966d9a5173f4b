import { link, mkdir, open, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { forSecretFile, type KeyEncryption, readSecretFile } from '@isthmus/platform';

/** Home of keys and certificates in PEM. Names are fixed words of this code, never input. */
export interface KeyStore {
  load(name: string): Promise<string | undefined>;
  /** Stores the text unless the name is taken, and answers what is stored: of two processes that start together one wins. */
  saveFirst(name: string, pem: string): Promise<string>;
}

/** Keys as files of mode 0600 in a folder of mode 0700, sealed if there are keys to seal with. */
export function fileKeyStore(folder: string, keys?: KeyEncryption): KeyStore {
  const load = (name: string): Promise<string | undefined> => readSecretFile(join(folder, name), keys);
  return {
    load,
    async saveFirst(name, pem) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, name);
      await createOnce(path, await forSecretFile(path, pem, keys));
      return (await load(name)) ?? pem;
    },
  };
}

/** Keys in memory, for specs and simulations. */
export function memoryKeyStore(): KeyStore {
  const keys = new Map<string, string>();
  return {
    load: (name) => Promise.resolve(keys.get(name)),
    saveFirst: (name, pem) => {
      const stored = keys.get(name) ?? pem;
      keys.set(name, stored);
      return Promise.resolve(stored);
    },
  };
}

/** Complete or not there: written beside and linked into place, which fails if the name is taken. */
async function createOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
