import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '@isthmus/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readToken } from './token-file.js';

describe('the file with the token', () => {
  let folder: string;
  const abort = new AbortController();
  const wait = { mayComeLater: true, signal: abort.signal, log: silentLogger() };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'isthmus-token-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is waited for where it may come later', async () => {
    const file = path.join(folder, 'token');
    const reading = readToken(file, wait);
    setTimeout(() => writeFileSync(file, 'isthe_x\n'), 50);
    expect(await reading).toBe('isthe_x');
  });

  it('is a fault where it must be there, and where it cannot be read', async () => {
    await expect(readToken(path.join(folder, 'none'), { ...wait, mayComeLater: false })).rejects.toThrow('ENOENT');
    await expect(readToken(folder, wait)).rejects.toThrow('EISDIR');
  });

  it('is not waited for any more once the agent stops', async () => {
    const stop = new AbortController();
    const reading = readToken(path.join(folder, 'none'), { ...wait, signal: stop.signal });
    stop.abort();
    expect(await reading).toBeUndefined();
  });
});
