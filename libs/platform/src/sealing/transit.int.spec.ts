import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeys } from './read-keys.js';
import { forSecretFile, readSecretFile, resealFile } from './secret-file.js';
import { FakeTransit } from './transit.fixture.js';

const LOCAL = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

describe('keys of a transit engine', () => {
  let fake: FakeTransit;
  let folder: string;
  let secret: string;
  beforeEach(async () => {
    fake = await FakeTransit.start();
    folder = await mkdtemp(join(tmpdir(), 'isthmus-transit-'));
    secret = join(folder, 'key.pem');
    await writeFile(join(folder, 'token'), 'planted-token\n');
  });
  afterEach(() => fake.close());

  /** What the file of the service says, beside what it must. */
  const service = async (more: object = {}): Promise<string> => {
    const file = join(folder, 'service.json');
    const settings = { url: fake.url, key: 'isthmus', tokenFile: join(folder, 'token'), timeoutMs: 300, ...more };
    await writeFile(file, JSON.stringify(settings));
    return file;
  };
  const keysOf = async (more: object = {}, text?: string) => readKeys({ service: await service(more), text });
  const write = async (text: string): Promise<void> => {
    await writeFile(secret, text);
    await chmod(secret, 0o600);
  };

  it.each([
    [{ url: 'http://vault.example:8200' }, 'url: must be https'],
    [{ url: 'https://user:planted@vault.example' }, 'url: must be https'],
    [{ key: '../sys' }, 'key: must be a name'],
    [{ key: undefined }, 'key: '],
    [{ mount: 'a/b' }, 'mount: must be a name'],
    [{ tokenFile: '' }, 'tokenFile: '],
    [{ timeoutMs: 99 }, 'timeoutMs: '],
    [{ tokn: 'planted' }, 'tokn'],
  ])('are refused where the file says %j', async (more, message) => {
    const refused = await keysOf(more).catch(String);
    expect(refused).toMatch(/ISM0576/);
    expect(refused).toContain(message);
    expect(refused).not.toContain('planted');
    expect(fake.calls).toEqual([]);
  });

  it('are refused where the file is none, or no JSON', async () => {
    await expect(readKeys({ service: join(folder, 'none') })).rejects.toThrow(/ISM0576 .*ENOENT/);
    await writeFile(join(folder, 'text'), 'key: isthmus');
    await expect(readKeys({ service: join(folder, 'text') })).rejects.toThrow(/ISM0576 .*not JSON/);
  });

  it.each([
    ['a false token', () => void (fake.token = 'another'), /403.*token is refused.*permission denied/s],
    ['a sealed service', () => void (fake.isSealed = true), /503.*sealed/],
    ['a service that is silent', () => fake.first.push('silence', 'silence', 'silence'), /did not answer in time/],
    ['answers that are none', () => fake.first.push('garbage', 'garbage', 'garbage'), /answered 200/],
    ['a service that is broken', () => fake.first.push(500, 502, 500), /answered 500/],
  ])('stop the start with their number at %s, and tell no token', async (_what, spoil, message) => {
    spoil();
    const refused = await keysOf().catch(String);
    expect(refused).toMatch(/ISM0576/);
    expect(refused).toMatch(message);
    expect(refused).not.toContain('planted');
  });

  it('stop the start where there is no such key, engine, token file or service', async () => {
    await expect(keysOf({ key: 'other' })).rejects.toThrow(/ISM0576 .*encryption key not found/);
    await expect(keysOf({ mount: 'kv' })).rejects.toThrow(/ISM0576 .*404.*no such engine/);
    await expect(keysOf({ tokenFile: join(folder, 'none') })).rejects.toThrow(
      /token or CA file cannot be read \(ENOENT\)/,
    );
    await expect(keysOf({ url: 'http://127.0.0.1:1' })).rejects.toThrow(/ISM0576 .*ECONNREFUSED/);
    await expect(keysOf({ seals: false })).rejects.toThrow(/ISM0576 .*no other keys/);
  });

  it('are asked again where the service fails over, and by the token that lies there now', async () => {
    fake.first.push(503, 'silence');
    const keys = await keysOf();
    await write(await forSecretFile(secret, 'planted', keys));
    fake.token = 'renewed';
    await expect(readSecretFile(secret, keys)).rejects.toThrow(/ISM0571 .*403/);
    await writeFile(join(folder, 'token'), 'renewed');
    expect(await readSecretFile(secret, keys)).toBe('planted');
  });

  it('seal what they open and nothing else does; a new version opens what the one before sealed, until it may not any more', async () => {
    const keys = (await keysOf()) ?? fail();
    await write(await forSecretFile(secret, 'planted', keys));
    expect(await readFile(secret, 'utf8')).toMatch(/^isthmus-sealed\/v1 transit:transit\/isthmus /);
    await expect(readSecretFile(secret, await readKeys({ text: LOCAL }))).rejects.toThrow(/ISM0571 .*transit\/isthmus/);
    fake.add('other');
    await expect(readSecretFile(secret, await keysOf({ key: 'other' }))).rejects.toThrow(
      /ISM0571 .*sealed with the key/,
    );
    fake.rotate('isthmus');
    expect(await resealFile(secret, keys)).toMatchObject({ outcome: 'sealed' });
    fake.setLeast('isthmus', 2);
    expect(await readSecretFile(secret, keys)).toBe('planted');
    fake.rotate('isthmus');
    fake.setLeast('isthmus', 3);
    await expect(readSecretFile(secret, keys)).rejects.toThrow(/ISM0571 .*too old/);
  });

  it('take over from keys of the machine and give back to them, by rotation', async () => {
    await write(await forSecretFile(secret, 'planted', await readKeys({ text: LOCAL })));
    expect(await resealFile(secret, (await keysOf({}, LOCAL)) ?? fail())).toEqual({ outcome: 'sealed', from: 'k1' });
    expect(await readSecretFile(secret, await keysOf())).toBe('planted');
    const back = (await keysOf({ seals: false }, LOCAL)) ?? fail();
    expect(back.current).toBe('k1');
    expect(await resealFile(secret, back)).toEqual({ outcome: 'sealed', from: 'transit:transit/isthmus' });
    expect(await readSecretFile(secret, await readKeys({ text: LOCAL }))).toBe('planted');
  });

  const fail = (): never => {
    throw new Error('there are keys');
  };
});
