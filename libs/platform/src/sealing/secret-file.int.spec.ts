import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { localKeyEncryption } from './key-encryption.js';
import { forSecretFile, readSecretFile, resealFile } from './secret-file.js';

const keys = (...ids: string[]) =>
  localKeyEncryption(ids.map((id) => ({ id, key: Buffer.alloc(32, id.codePointAt(0)) })));

describe('a secret in a file', () => {
  let path: string;
  const write = async (text: string): Promise<void> => {
    await writeFile(path, text);
    await chmod(path, 0o600);
  };
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'isthmus-secret-')), 'key.pem');
  });

  it('is told from one that cannot be opened, with a number and nothing of the secret', async () => {
    expect(await readSecretFile(path, keys('a'))).toBeUndefined();
    await write(await forSecretFile(path, 'planted', keys('a')));
    await expect(readSecretFile(path, undefined)).rejects.toThrow(/^ISM0571 .*no key was given/);
    await expect(readSecretFile(path, keys('b'))).rejects.toThrow(/^ISM0571 .*sealed with the key a/);
    await chmod(path, 0o640);
    await expect(readSecretFile(path, keys('a'))).rejects.toThrow('0600');
  });

  it('does not open under another name', async () => {
    await write(await forSecretFile(join(path, '..', 'other.pem'), 'planted', keys('a')));
    await expect(readSecretFile(path, keys('a'))).rejects.toThrow('another place');
  });

  it('that lies in the clear is read, and sealed by rotation; the key before is needed only until then', async () => {
    await write('planted');
    expect(await readSecretFile(path, keys('a'))).toBe('planted');
    expect(await resealFile(path, keys('a'))).toEqual({ outcome: 'sealed', from: undefined });
    expect(await readFile(path, 'utf8')).not.toContain('planted');
    await expect(resealFile(path, keys('b'))).rejects.toThrow('ISM0571');
    expect(await readSecretFile(path, keys('b', 'a'))).toBe('planted');
    expect(await resealFile(path, keys('b', 'a'))).toEqual({ outcome: 'sealed', from: 'a' });
    expect(await readSecretFile(path, keys('b'))).toBe('planted');
    expect(await resealFile(join(path, '..', 'none'), keys('b'))).toEqual({ outcome: 'absent' });
  });
});
