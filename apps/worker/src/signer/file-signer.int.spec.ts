import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localKeyEncryption } from '@isthmus/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSigner, type KeyFiles } from './file-signer.js';

describe('the signing key in a file', () => {
  let folder: string;
  let files: KeyFiles;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-signer-'));
    files = { privateKeyFile: join(folder, 'keys', 'key.pem'), publicKeysFile: join(folder, 'keys', 'keys.pub.pem') };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is refused if it is of another kind, or no key at all', async () => {
    await fileSigner(files);
    await writeFile(
      files.privateKeyFile,
      generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    await expect(fileSigner(files)).rejects.toThrow(/not Ed25519/);
    await writeFile(files.privateKeyFile, 'nonsense');
    await expect(fileSigner(files)).rejects.toThrow();
  });

  it('is made once, whoever starts first, and readable for its owner only', async () => {
    const signers = await Promise.all(Array.from({ length: 5 }, () => fileSigner(files)));
    expect(new Set(signers.map(({ publicKeyPem }) => publicKeyPem)).size).toBe(1);
    expect((await stat(files.privateKeyFile)).mode & 0o777).toBe(0o600);
  });

  it('is sealed on disk where there are keys, and no new one is made in the place of one that cannot be opened', async () => {
    const keys = (id: string) => localKeyEncryption([{ id, key: Buffer.alloc(32, id) }]);
    const made = await fileSigner({ ...files, keys: keys('a') });
    expect(await readFile(files.privateKeyFile, 'utf8')).toMatch(/^isthmus-sealed\/v1 a /);
    expect((await fileSigner({ ...files, keys: keys('a') })).publicKeyPem).toBe(made.publicKeyPem);
    for (const wrong of [undefined, keys('b')])
      await expect(fileSigner({ ...files, keys: wrong })).rejects.toThrow('ISM0571');
  });

  it('signs what its public key verifies', async () => {
    const signer = await fileSigner(files);
    const key = createPublicKey(await readFile(files.publicKeysFile, 'utf8'));
    const signature = Buffer.from(signer.sign('text ü'), 'base64');
    expect(verify(null, Buffer.from('text ü'), key, signature)).toBe(true);
    expect(verify(null, Buffer.from('text u'), key, signature)).toBe(false);
  });

  it('leaves public keys in place that were published before', async () => {
    const first = await fileSigner(files);
    await rm(files.privateKeyFile);
    const second = await fileSigner(files);
    const published = await readFile(files.publicKeysFile, 'utf8');
    expect(published).toBe(first.publicKeyPem + second.publicKeyPem);
  });
});
