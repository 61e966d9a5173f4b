import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createStore } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from './terminal.fixture.js';

const postgres = await testPostgres();

postgres.suite('the operator’s commands', () => {
  let folder = '';
  let url = '';
  let file = '';
  const empty = (): Promise<string> => postgres.freshDatabase({ empty: true });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-admin-spec-'));
    file = join(folder, 'backup');
    const fresh = await postgres.freshStore({ orgs: ['default', 'other'] });
    url = fresh.url;
    for (const org of ['default', 'other'])
      await fresh.store.mutate(org, { actor: 'user:ada', action: 'putResource' }, (tx) =>
        tx.resources.put({ kind: 'Project', project: '', name: 'shop', spec: {} }),
      );
    await fresh.store.close();
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  describe('rotate-keys', () => {
    const key = (id: string) => `${id}:${Buffer.alloc(32, id).toString('base64')}`;

    it('seals what lies in the clear, and anew what another key sealed, and tells a wrong key by its number', async () => {
      const home = await mkdtemp(join(tmpdir(), 'isthmus-admin-keys-'));
      const pem = join(home, 'gateway', 'gateway-ca.pem');
      await mkdir(join(home, 'gateway'));
      await writeFile(pem, 'planted-secret', { mode: 0o600 });
      const rotate = (keys?: string) =>
        ran(['rotate-keys'], url, { env: { DATA_DIR: home, ...(keys === undefined ? {} : { SECRETS_KEYS: keys }) } });
      expect(await rotate()).toMatchObject({ code: 64, err: expect.stringContaining('needs SECRETS_KEYS') as string });
      expect((await rotate('a')).err).toMatch(/^ISM0573 ERROR .*\n {4}hint: /);
      expect((await rotate(key('a'))).out.toString()).toBe(`${pem}: in the clear → a\n`);
      expect((await rotate(key('b'))).err).toMatch(/^ISM0571 ERROR .*sealed with the key a/);
      expect((await rotate([key('b'), key('a')].join())).out.toString()).toBe(`${pem}: a → b\n`);
      expect((await rotate(key('b'))).code).toBe(0);
      expect(await readFile(pem, 'utf8')).not.toContain('planted');
      expect((await stat(pem)).mode & 0o777).toBe(0o600);
      await rm(home, { recursive: true });
    });
  });

  describe('what is refused', () => {
    it('a server that is not there', async () => {
      const result = await ran(['epoch'], 'postgresql://isthmus@127.0.0.1:1/isthmus');
      expect(result).toMatchObject({ code: 1 });
      expect(result.err).toMatch(/^ISM0650 ERROR .*\n {4}hint: /);
    });

    it('a database that is not there, told without the password', async () => {
      const absent = new URL(url);
      absent.pathname = '/absent';
      const result = await ran(['migrate'], absent.href);
      expect(result.err).toContain('ISM0650');
      expect(result.err).not.toContain(absent.password === '' ? 'password' : absent.password);
    });

    it('backup and epoch of a database without our tables', async () => {
      for (const argv of [['backup', '--out', join(folder, 'none')], ['epoch']]) {
        const result = await ran(argv, await empty());
        expect(result).toMatchObject({ code: 1, out: Buffer.alloc(0) });
        expect(result.err).toContain('ISM0654');
      }
      expect(await readdir(folder)).toEqual([]);
    });

    it('a backup into a folder that is not there', async () => {
      const result = await ran(['backup', '--out', join(folder, 'no', 'file')], url);
      expect(result.err).toContain('ISM0655');
    });

    it('a backup over what is no file, as a device or pipe, which stays', async () => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const result = await ran(['backup', '--out', pipe], url);
      expect([result.code, result.err]).toEqual([1, expect.stringContaining('ISM0655') as string]);
      expect((await stat(pipe)).isFIFO()).toBe(true);
      await rm(pipe);
    });

    it('a restore that nobody confirmed, or that a person declined', async () => {
      await ran(['backup', '--out', file], url);
      const target = await empty();
      for (const given of [{}, { answer: false }]) {
        const result = await ran(['restore', '--in', file], target, given);
        expect(result.code).toBe(64);
        expect(result.err).toContain('--yes');
      }
      expect((await ran(['epoch'], target)).err).toContain('ISM0654');
    });

    it('a restore into the database that is in use, which stays as it is', async () => {
      const result = await ran(['restore', '--in', file, '--yes'], url);
      expect(result.err).toContain('ISM0651');
      expect(JSON.parse((await ran(['epoch'], url)).out.toString())).toMatchObject({ epoch: 1 });
    });

    it('a file of a newer schema, before the database is touched', async () => {
      const lines = gunzipSync(await readFile(file))
        .toString()
        .split('\n');
      const newer = join(folder, 'newer');
      const header = lines[0]?.replace(/"schema":"[^"]*"/, '"schema":"29990101000000_future"') ?? '';
      const content = [header, ...lines.slice(1, -2)];
      const footer = JSON.parse(lines.at(-2) ?? '') as { rows: number; sha256: string };
      const sha256 = createHash('sha256')
        .update(`${content.join('\n')}\n`)
        .digest('hex');
      await writeFile(newer, gzipSync(`${[...content, JSON.stringify({ ...footer, sha256 })].join('\n')}\n`));
      const target = await empty();
      expect((await ran(['restore', '--in', newer, '--yes'], target)).err).toContain('ISM0653');
      expect((await ran(['epoch'], target)).err).toContain('ISM0654');
    });

    it('a file that was cut off, and one that is not there', async () => {
      const torn = join(folder, 'torn');
      const bytes = await readFile(file);
      await writeFile(torn, bytes.subarray(0, bytes.length - 30));
      for (const name of [torn, join(folder, 'absent')])
        expect((await ran(['restore', '--in', name, '--yes'], await empty())).err).toContain('ISM0652');
    });
  });

  it('migrate brings an empty database to the newest schema, and a second time does nothing', async () => {
    const target = await empty();
    const first = JSON.parse((await ran(['migrate'], target)).out.toString()) as { schema: string; applied: string[] };
    expect(first.applied.at(-1)).toBe(first.schema);
    expect(JSON.parse((await ran(['migrate'], target)).out.toString())).toEqual({ schema: first.schema, applied: [] });
  });

  it('a backup replaces the earlier one whole, readable by its owner alone, with nothing left beside it', async () => {
    await writeFile(file, 'earlier', { mode: 0o644 });
    const result = await ran(['backup', '--out', file], url);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.out.toString())).toMatchObject({ file, rows: expect.any(Number) as number });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('a restored database has the same resources, a raised epoch and an audit row that says so', async () => {
    const target = await empty();
    const result = await ran(['restore', '--in', file], target, { answer: true });
    expect(result.code).toBe(0);
    const store = createStore({ connectionString: target });
    expect(await store.system.epoch()).toBe(2);
    for (const org of ['default', 'other'])
      await store.withTenant(org, async (tx) => {
        expect((await tx.resources.all(['Project'])).map(({ name }) => name)).toEqual(['shop']);
        const { items } = await tx.audit.list({ action: 'restore' }, { first: 10 });
        expect(items.map(({ record }) => record)).toMatchObject([{ actor: 'system:admin', name: 'restore' }]);
      });
    await store.close();
  });

  it('goes through pipes: standard output of one is standard input of the other', async () => {
    const backup = await ran(['backup', '--out', '-'], url);
    const target = await empty();
    const result = await ran(['restore', '--in', '-', '--yes'], target, { stdin: backup.out });
    expect(result).toMatchObject({ code: 0 });
    expect(JSON.parse((await ran(['epoch'], target)).out.toString())).toMatchObject({ epoch: 2 });
  });

  it('raises the epoch once it is confirmed, and not before', async () => {
    const target = await empty();
    await ran(['restore', '--in', file, '--yes'], target);
    expect((await ran(['epoch', '--raise'], target)).code).toBe(64);
    expect(JSON.parse((await ran(['epoch'], target)).out.toString())).toMatchObject({ epoch: 2 });
    const raised = await ran(['epoch', '--raise', '--yes'], target);
    expect(JSON.parse(raised.out.toString())).toMatchObject({ epoch: 3 });
  });
});
