import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliEnv } from '../env.js';
import { postgres, startTestApi, type TestApi } from '../online/api.fixture.js';
import { isthmus } from '../terminal.fixture.js';

const gns = (name: string, domain: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: ${name}}
spec: {domain: ${domain}, members: [{namespaces: {names: [shop]}}]}
`;

postgres.suite('the audit log', () => {
  let root = '';
  let api: TestApi;
  let exported = '';
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'isthmus-audit-'));
    api = await startTestApi();
    await apply(gns('shop', 'shop.global'));
    await apply(gns('shop', 'store.global'));
    await api.seal();
    await apply(gns('books', 'books.global'));
    await api.seal();
    exported = join(root, 'audit.jsonl');
    expect((await run(`audit export --out ${exported}`)).code).toBe(0);
    writeFileSync(join(root, 'key.pem'), api.sealKey);
  });
  afterAll(async () => {
    await api?.close();
    rmSync(root, { recursive: true, force: true });
  });

  function run(args: string, token = api.token) {
    const env: Partial<CliEnv> = { server: api.url, token, configFile: join(root, 'none') };
    return isthmus(args, { env: { noColour: true, forceColour: false, editor: 'vi', ...env } as CliEnv });
  }

  async function apply(text: string): Promise<void> {
    const file = join(root, 'one.yaml');
    writeFileSync(file, text);
    expect(await run(`apply -f ${file}`)).toMatchObject({ code: 0 });
  }

  /** The export with lines changed. */
  function changed(change: (lines: string[]) => string[]): string {
    const file = join(root, 'changed.jsonl');
    writeFileSync(file, change(readFileSync(exported, 'utf8').trimEnd().split('\n')).join('\n'));
    return file;
  }
  const linesOf = (kind: string, lines: readonly string[]): number[] =>
    lines.flatMap((line, index) => (line.startsWith(`{"${kind}"`) ? [index] : []));

  describe('verified', () => {
    it('refuses what is no anchor, no key and no export', async () => {
      expect((await run('audit verify --anchor 1:abc')).err).toContain('is not <number>:<hash>');
      expect((await run(`audit verify --key ${root}/none.pem`)).err).toContain('ISM0976');
      const { publicKey } = generateKeyPairSync('x25519');
      writeFileSync(join(root, 'x.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      expect((await run(`audit verify --key ${root}/x.pem`)).err).toContain('holds no Ed25519 public key');
      expect((await run(`audit verify -f ${root}/none.jsonl`)).err).toContain('ISM0975');
      writeFileSync(join(root, 'empty.jsonl'), '');
      expect((await run(`audit verify -f ${root}/empty.jsonl`)).err).toContain('the file is empty');
      expect((await run(`audit verify -f ${root}/one.yaml`)).err).toMatch(/one\.yaml:1:1 ISM0975/);
    });

    it.each<[string, string, (lines: string[]) => string[]]>([
      ['a line is no JSON', 'ISM0975', (lines) => lines.with(2, '{"change":')],
      ['a line is something else', 'ISM0975', (lines) => lines.with(2, '{"other":1}')],
      ['a change comes before the first seal', 'ISM0975', (lines) => lines.toSpliced(1, 1)],
      ['it was cut after a seal', 'ISM0975', (lines) => lines.slice(0, (linesOf('seal', lines)[1] ?? 0) + 1)],
      ['it was cut at its end', 'ISM0975', (lines) => lines.slice(0, -1)],
      ['something follows its end', 'ISM0975', (lines) => [...lines, lines[1] ?? '']],
      ['a change was left out', 'ISM0972', (lines) => lines.toSpliced(linesOf('change', lines)[0] ?? 0, 1)],
      [
        'a change was altered',
        'ISM0972',
        (lines) =>
          lines.map((line) => (line.startsWith('{"change"') ? line.replace('store.global', 'x.global') : line)),
      ],
      [
        'a seal was altered',
        'ISM0973',
        (lines) => lines.map((line) => (line.startsWith('{"seal"') ? line.replace('"rows":', '"rows":1') : line)),
      ],
      [
        'a seal was left out with its changes',
        'ISM0970',
        (lines) => lines.toSpliced(1, (linesOf('seal', lines)[1] ?? 0) - 1),
      ],
    ])('is broken where %s', async (_, code, change) => {
      const outcome = await run(`audit verify -f ${changed(change)} --key ${root}/key.pem`);
      expect([outcome.code, outcome.out]).toEqual([1, '']);
      expect(outcome.err).toContain(code);
    });

    it('is broken where another key signed it, or a noted seal is not in it', async () => {
      const { publicKey } = generateKeyPairSync('ed25519');
      writeFileSync(join(root, 'other.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      expect((await run(`audit verify --key ${root}/other.pem`)).err).toContain('ISM0973');
      expect((await run(`audit verify --anchor 2:${'a'.repeat(64)}`)).err).toContain('ISM0974');
    });

    it('is whole on the server and as it was exported, up to the seal that was noted', async () => {
      const online = await run(`audit verify --key ${root}/key.pem`);
      expect(online.err).toMatch(/^the audit log is whole: \d+ changes in 2 seals\n$/);
      expect(online.out).toMatch(/^2:[0-9a-f]{64}\n$/);
      const offline = await run(`audit verify -f ${exported} --anchor ${online.out.trim()}`);
      expect(offline).toMatchObject({ code: 0, out: online.out });
      expect(offline.err).toContain('trust your own with --key');
    });

    it('says how much is not sealed yet', async () => {
      await apply(gns('later', 'later.global'));
      expect((await run(`audit verify --key ${root}/key.pem`)).err).toContain('; 1 changes are not sealed yet');
      await api.seal();
    });
  });

  describe('exported', () => {
    it('leaves no file where it may not be read, or not be written', async () => {
      const refused = await run(`audit export --out ${root}/none.jsonl`, api.viewerToken);
      expect([refused.code, existsSync(`${root}/none.jsonl`)]).toEqual([1, false]);
      expect(refused.err).toContain('ISM0616');
      expect(await run(`audit export --out ${root}/no/folder.jsonl`)).toMatchObject({ code: 64, out: '' });
    });

    it('replaces no device or pipe', async () => {
      execFileSync('mkfifo', [`${root}/pipe`]);
      const refused = await run(`audit export --out ${root}/pipe`);
      expect([refused.code, refused.err]).toEqual([64, expect.stringContaining('is no regular file') as string]);
      expect(statSync(`${root}/pipe`).isFIFO()).toBe(true);
    });

    it('is one JSON document a line: heading, seals before their changes, what is in none', () => {
      const lines = readFileSync(exported, 'utf8').trimEnd().split('\n');
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'isthmus.audit-export/v1', org: 'default' });
      expect(linesOf('seal', lines)[0]).toBe(1);
      expect(lines.at(-1)).toBe('{"unsealed":0}');
      const changes = linesOf('change', lines).map((index) => JSON.parse(lines[index] ?? '') as object);
      expect(changes).toContainEqual({
        change: expect.objectContaining({
          action: 'applyResources',
          subjectKind: 'GlobalNamespace',
          name: 'books',
        }) as object,
      });
    });
  });

  describe('listed', () => {
    it.each(['--from yesterday', '--limit 0', '--limit 10001', '--limit x'])('refuses %s', async (option) => {
      expect((await run(`audit list ${option}`)).code).toBe(64);
    });

    it('shows the newest changes first, of what was asked for', async () => {
      const { out } = await run('audit list --kind GlobalNamespace --action applyResources');
      const lines = out.trimEnd().split('\n');
      expect(lines[0]).toMatch(/^AT +ACTOR +ACTION +SUBJECT +FROM +SEAL$/);
      expect(lines.slice(1).map((line) => /GlobalNamespace (\S+)/.exec(line)?.[1])).toEqual([
        'later',
        'books',
        'shop',
        'shop',
      ]);
      expect((await run('audit list --kind GlobalNamespace --limit 1')).out.trimEnd().split('\n')).toHaveLength(2);
      expect(await run('audit list --to 2020-01-01T00:00:00Z')).toMatchObject({
        code: 0,
        out: '',
        err: 'no changes\n',
      });
      const all = JSON.parse((await run('audit list -o json --limit 200')).out) as { seal: number | null }[];
      expect(all.every(({ seal }) => typeof seal === 'number')).toBe(true);
    });

    it('shows what each changed', async () => {
      const { out } = await run('audit list --kind GlobalNamespace -o diff');
      expect(out).toMatch(/-.*shop\.global\n\+.*store\.global/);
      expect(out).not.toContain('\u001b');
    });
  });

  describe('of what clusters apply', () => {
    const cluster = (name: string) =>
      `apiVersion: isthmus.dev/v1alpha1\nkind: Cluster\nmetadata: {name: ${name}}\nspec: {mesh: {kind: istio}}\n`;
    const policy = (name: string, request: string) =>
      `apiVersion: isthmus.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: {name: ${name}}\nspec: {targets: [{globalNamespace: books}], timeout: {request: ${request}}}\n`;
    const subjects = (out: string): string[] =>
      out.split('\n').flatMap((line) => /applyResources +(\S+ \S+)/.exec(line)?.[1] ?? []);

    beforeAll(async () => {
      const all = ['east', 'west'];
      for (const name of all) await apply(cluster(name));
      await apply(policy('slow', '1s'));
      await api.rollOut('books', 1, { all, held: all });
      await apply(policy('slow', '2s'));
      await api.rollOut('books', 2, { all, held: ['east'] });
    });

    it.each(['books --revision 0', 'books --revision x', 'books --revision 1 --cluster east', 'books --pending'])(
      'refuses %s',
      async (args) => {
        expect((await run(`audit changes ${args}`)).code).toBe(64);
      },
    );

    it.each([
      ['none', 'there is no GlobalNamespace none'],
      ['team/books', 'there is no GlobalNamespace books in project team'],
      ['shop', 'shop has no revision yet'],
      ['books --revision 7', 'books has no revision 7'],
      ['books --cluster north', 'north takes no part in books'],
    ])('says of %s what is not there', async (args, message) => {
      const { code, out, err } = await run(`audit changes ${args}`);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(message);
    });

    it('refuses those who may not read the log', async () => {
      const { code, err } = await run('audit changes books', api.viewerToken);
      expect(code).toBe(1);
      expect(err).toContain('audit.read');
    });

    it('shows those of a revision, and who holds it', async () => {
      const newest = await run('audit changes books');
      expect(subjects(newest.out)).toEqual(['TrafficPolicy slow']);
      expect(newest.err).toMatch(/^revision 2 is held by\n {2}east, told \S+\n$/);
      const first = await run('audit changes default/books --revision 1 -o diff');
      expect(first.out).toContain('+    request: 1s');
      expect(first.err).toMatch(/^revision 1 is held by\n {2}east \(2\), told \S+\n {2}west, told \S+\n$/);
    });

    it('shows those that a cluster applied, and those that it lacks', async () => {
      const west = subjects((await run('audit changes books --cluster west')).out);
      expect(west).toEqual(['TrafficPolicy slow', 'Cluster west', 'Cluster east', 'GlobalNamespace books']);
      expect(subjects((await run('audit changes books --cluster east')).out)).toEqual(['TrafficPolicy slow', ...west]);
      const { changes } = JSON.parse((await run('audit changes books --cluster west --pending -o json')).out) as {
        changes: { name: string; after: { spec: { timeout: unknown } } }[];
      };
      expect(changes.map(({ after }) => after.spec.timeout)).toEqual([{ request: '2s' }]);
    });
  });
});
