import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localKeyEncryption, resealFile } from '@isthmus/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealerFromFile } from './sealer.js';

describe('the key that seals tokens of identity providers', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-sealer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is sealed on disk where there are keys, and what it sealed opens after these were rotated', async () => {
    const keys = (...ids: string[]) => localKeyEncryption(ids.map((id) => ({ id, key: Buffer.alloc(32, id) })));
    const file = join(folder, 'sign-in.key');
    const sealed = (await sealerFromFile(file, keys('a'))).seal('planted', 'grant 1');
    expect(await readFile(file, 'utf8')).toMatch(/^isthmus-sealed\/v1 a /);
    await expect(sealerFromFile(file, keys('b'))).rejects.toThrow('ISM0571');
    await expect(sealerFromFile(file)).rejects.toThrow('ISM0571');
    await resealFile(file, keys('b', 'a'));
    const rotated = await sealerFromFile(file, keys('b'));
    expect([rotated.open(sealed, 'grant 1'), rotated.open(sealed, 'grant 2')]).toEqual(['planted', undefined]);
  });
});
