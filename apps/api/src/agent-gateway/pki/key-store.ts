import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Home of keys and certificates in PEM. Names are fixed words of this code, never input. */
export interface KeyStore {
  load(name: string): Promise<string | undefined>;
  /** Stores the text unless the name is taken, and answers what is stored: of two processes that start together one wins. */
  saveFirst(name: string, pem: string): Promise<string>;
}

/** Keys as files of mode 0600 in a folder of mode 0700. */
export function fileKeyStore(folder: string): KeyStore {
  const load = async (name: string): Promise<string | undefined> => {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(missingAsUndefined);
    if (text === undefined) return undefined;
    if (((await stat(path)).mode & 0o077) !== 0)
      throw new Error(`${path} can be read by other users; its mode must be 0600`);
    return text;
  };
  return {
    load,
    async saveFirst(name, pem) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await createOnce(join(folder, name), pem);
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

function missingAsUndefined(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
