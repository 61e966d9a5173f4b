import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { isthmus } from '../terminal.fixture.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/bookinfo', import.meta.url));
let root = '';
let bundle = '';
let out = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'isthmus-offline-'));
  [bundle, out] = [join(root, 'bundle'), join(root, 'out')];
  cpSync(EXAMPLE, bundle, { recursive: true });
  rmSync(join(bundle, 'vips.lock.yaml'), { force: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const listed = () => readdirSync(out, { recursive: true }).map(String).sort();
const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(bundle, path), change(readFileSync(join(bundle, path), 'utf8')));
const render = () => isthmus(`render -f ${bundle} --out ${out}`);

describe('validate', () => {
  it('tells every issue with file, line, column, number, field and hint, and fails', async () => {
    edit('bookinfo.yaml', (text) => text.replace('mode: STRICT', 'mode: strict').replace('domain:', 'domian:'));
    const { code, out: data, err } = await isthmus(`validate -f ${bundle}`);
    expect([code, data]).toEqual([1, '']);
    expect(err).toContain(`${bundle}/bookinfo.yaml:8:3 ISM0005 ERROR spec.domian: "domian" is not a field here`);
    expect(err).toContain('hint: did you mean domain?');
    expect(err).toContain('ISM0008 ERROR spec.mode:');
    expect(err).toMatch(/\n3 errors/);
  });

  it('gives the same as a document on stdout', async () => {
    edit('bookinfo.yaml', (text) => text.replace('mode: STRICT', 'mode: strict'));
    const { code, out: data } = await isthmus(`validate -f ${bundle} -o json`);
    expect(code).toBe(1);
    expect(JSON.parse(data)).toMatchObject({
      issues: [{ code: 'ISM0008', source: { file: `${bundle}/bookinfo.yaml` } }],
    });
    expect((await isthmus(`validate -f ${bundle} -o yaml`)).out).toMatch(/^issues:\n {2}- code: ISM0008\n/);
  });

  it('lets warnings pass, but not with --strict', async () => {
    edit('clusters/east/cluster.yaml', (text) => text.replace(/ {2}podCIDRs.*\n/, ''));
    expect(await isthmus(`validate -f ${bundle}`)).toMatchObject({
      code: 0,
      err: expect.stringContaining('ISM0117') as string,
    });
    expect(await isthmus(`validate -f ${bundle} --strict`)).toMatchObject({ code: 1 });
  });

  it('says nothing of names that may stand in a file that cannot be read', async () => {
    edit('clusters/east/cluster.yaml', () => 'a: [');
    const { err } = await isthmus(`validate -f ${bundle}`);
    expect(err).toContain('ISM0001');
    expect(err).not.toContain('ISM0126');
  });

  it('refuses an empty folder and a path that does not exist', async () => {
    mkdirSync(join(root, 'empty'));
    expect((await isthmus(`validate -f ${join(root, 'empty')}`)).err).toContain('ISM0606');
    expect((await isthmus(`validate -f ${join(root, 'none')}`)).err).toContain('ISM0600');
  });

  it('is content with the example and writes nothing', async () => {
    const { code, err } = await isthmus(`validate -f ${bundle}`);
    expect([code, err]).toEqual([0, 'valid: 1 global namespace, 4 global services, 3 clusters reached\n']);
    expect(existsSync(join(bundle, 'vips.lock.yaml'))).toBe(false);
  });
});

describe('render', () => {
  it('writes nothing at all while there are errors', async () => {
    edit('bookinfo.yaml', (text) => text.replace('domain: bookinfo.global', 'domain: cluster.local'));
    expect((await render()).code).toBe(1);
    expect([existsSync(out), existsSync(join(bundle, 'vips.lock.yaml'))]).toEqual([false, false]);
  });

  it('refuses to replace a file that it did not write, and writes nothing then', async () => {
    await render();
    const file = listed().find((path) => path.startsWith('east/')) ?? '';
    rmSync(join(out, '.isthmus-render.json'));
    writeFileSync(join(out, file), 'mine: true\n');
    const { code, err } = await render();
    expect([code, err]).toEqual([1, expect.stringContaining(`${out}/${file}:1:1 ISM0603`)]);
    expect(readFileSync(join(out, file), 'utf8')).toBe('mine: true\n');
  });

  it.each(['{', '{"version": 1, "files": ["../../etc/passwd.yaml"]}', '{"version": 2, "files": []}'])(
    'refuses a record that it did not write: %s',
    async (record) => {
      mkdirSync(out);
      writeFileSync(join(out, '.isthmus-render.json'), record);
      expect((await render()).err).toContain('ISM0604');
    },
  );

  it('does not write through links in the output', async () => {
    mkdirSync(join(root, 'elsewhere'));
    mkdirSync(out);
    symlinkSync(join(root, 'elsewhere'), join(out, 'east'));
    expect((await render()).err).toContain('ISM0603');
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });

  it.each(['', '/clusters', '/clusters/east'])('refuses to write into what it reads: the bundle%s', async (folder) => {
    expect(await isthmus(`render -f ${bundle} --out ${bundle}${folder}`)).toMatchObject({ code: 64 });
  });

  it('writes one folder a cluster, one object a file, and the lock; again, it changes nothing', async () => {
    expect(await render()).toMatchObject({ code: 0, out: '' });
    const first = listed();
    expect(readdirSync(out).sort()).toEqual(['.isthmus-render.json', 'east', 'onprem', 'west']);
    const written = statSync(join(out, first.at(-1) ?? '')).mtimeMs;
    const lock = readFileSync(join(bundle, 'vips.lock.yaml'), 'utf8');
    expect((await render()).err).toContain(`0 files written, 0 removed, ${first.length - 4} unchanged`);
    expect(statSync(join(out, first.at(-1) ?? '')).mtimeMs).toBe(written);
    expect(readFileSync(join(bundle, 'vips.lock.yaml'), 'utf8')).toBe(lock);
  });

  it('keeps the addresses of the lock, and gives an address that is taken to nobody else', async () => {
    await render();
    edit('vips.lock.yaml', (text) =>
      text.replace(/reviews.bookinfo.global: .*/, 'reviews.bookinfo.global: 240.64.9.9'),
    );
    await render();
    const entry = readFileSync(join(out, 'east/bookinfo.serviceentry.reviews-bookinfo-global-remote.yaml'), 'utf8');
    expect(entry).toContain('240.64.9.9');
  });

  it('removes what it wrote and no longer needs, and leaves foreign files alone', async () => {
    await render();
    writeFileSync(join(out, 'west', 'mine.yaml'), 'mine: true\n');
    edit('bookinfo.yaml', (text) => text.replace('[east, west, onprem]', '[east]').replace(/ {2}consumers:\n.*\n/, ''));
    expect((await render()).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['.isthmus-render.json', 'east', 'west']);
    expect(readdirSync(join(out, 'west'))).toEqual(['mine.yaml']);
  });

  it('gives the same bytes whatever the files are called', async () => {
    await render();
    const before = listed().map((path) => [
      path,
      statSync(join(out, path)).isFile() && readFileSync(join(out, path), 'utf8'),
    ]);
    cpSync(join(bundle, 'bookinfo.yaml'), join(bundle, 'z/last.yaml'), { recursive: true });
    rmSync(join(bundle, 'bookinfo.yaml'));
    expect((await render()).err).toContain('0 files written, 0 removed');
    expect(
      listed().map((path) => [path, statSync(join(out, path)).isFile() && readFileSync(join(out, path), 'utf8')]),
    ).toEqual(before);
  });

  it('tells when the lock or the output cannot be written', async () => {
    writeFileSync(out, 'a file');
    const { code, err } = await render();
    expect([code, err]).toEqual([1, expect.stringMatching(/ISM0605 ERROR .*a file stands where a folder is needed/)]);
    expect(err).toContain('hint: choose another folder with --out');
  });
});

describe('diff', () => {
  const diff = (more = '') => isthmus(`diff -f ${bundle} --out ${out}${more}`);

  it('fails over issues, and does not understand a foreign record', async () => {
    mkdirSync(out);
    writeFileSync(join(out, '.isthmus-render.json'), '[]');
    expect((await diff()).err).toContain('ISM0604');
    edit('bookinfo.yaml', () => '[');
    expect((await diff(' --detailed-exitcode')).code).toBe(1);
  });

  it('is empty after render; otherwise it shows files, and ends with 2 where asked', async () => {
    await render();
    expect(await diff(' --detailed-exitcode')).toEqual({ code: 0, out: '', err: 'no changes\n' });
    edit('bookinfo.yaml', (text) => text.replace('mode: STRICT', 'mode: PERMISSIVE'));
    const changed = await diff(' --detailed-exitcode');
    expect(changed.code).toBe(2);
    expect(changed.out).toContain('-    mode: STRICT\n+    mode: PERMISSIVE\n');
    expect((await diff()).code).toBe(0);
  });

  it('shows new and vanished files against nothing', async () => {
    expect((await diff()).out).toMatch(/^--- \/dev\/null\n\+\+\+ .*out\/east\//);
  });

  it('colours a terminal only', async () => {
    const plain = await diff();
    const coloured = await isthmus(`diff -f ${bundle} --out ${out}`, { isOutTty: true });
    expect(coloured.out.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.out);
    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[32m');
  });
});

describe('usage', () => {
  it.each([
    ['vaildate', 'Did you mean validate?'],
    ['validate', "required option '-f, --filename <path>' not specified"],
    ['validate -f x --outptu json', "unknown option '--outptu'"],
    ['validate -f x -o xml', 'Allowed choices are json, yaml'],
    ['render -f x', "required option '--out <folder>'"],
  ])('is told on stderr with exit code 64: %s', async (args, text) => {
    const { code, out: data, err } = await isthmus(args);
    expect([code, data]).toEqual([64, '']);
    expect(err).toContain(text);
  });

  it.each(['-V', '--version'])('answers the version to %s', async (option) => {
    expect(await isthmus(option)).toEqual({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      err: '',
    });
  });

  it('asked for is data', async () => {
    const { code, out: data, err } = await isthmus('render --help');
    expect([code, err]).toEqual([0, '']);
    expect(data).toContain('Examples:');
  });
});

describe('an output folder', () => {
  it('in which another render is at work is left alone; a dead one’s lock is taken over', async () => {
    await render();
    const lock = join(out, '.isthmus-render.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    expect((await render()).err).toContain(`ISM0619 ERROR process ${process.pid} on ${hostname()} is writing`);
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: 'elsewhere.example.com' }));
    expect((await render()).err).toContain('ISM0619');
    writeFileSync(lock, '');
    expect((await render()).err).toContain('ISM0619 ERROR somebody is writing');
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    expect((await render()).code).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it('is written by one of two renders at once, whole, and the other is told', async () => {
    const outcomes = await Promise.all([render(), render()]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(outcomes.find(({ code }) => code === 1)?.err).toMatch(/ISM0619|ISM0620/);
    expect((await render()).err).toContain('0 files written, 0 removed');
  });

  it('that a killed render left half-written is completed, and cleaned of its temporary files', async () => {
    await render();
    const [first = '', second = ''] = listed().filter((path) => path.startsWith('east/'));
    const text = readFileSync(join(out, first), 'utf8');
    writeFileSync(join(out, first), text.slice(0, 20));
    rmSync(join(out, second));
    writeFileSync(join(out, `east/.${first.slice('east/'.length)}.tmp`), 'half');
    writeFileSync(join(out, `east/.${second.slice('east/'.length)}.tmp`), 'half');
    expect((await render()).err).toContain('2 files written, 0 removed');
    expect(readFileSync(join(out, first), 'utf8')).toBe(text);
    expect(listed().filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the lock of addresses', () => {
  it.each([
    ['is no lock', 'hello\n', 'ISM0108'],
    ['is broken', 'vips: [', 'ISM0001'],
    ['holds an address twice', 'a.bookinfo.global: 240.64.0.1\n  b.bookinfo.global: 240.64.0.1', 'ISM0108'],
    ['holds no address', 'a.bookinfo.global: here', 'ISM0108'],
    ['holds a host twice', 'a.bookinfo.global: 240.64.0.1\n  a.bookinfo.global: 240.64.0.2', 'ISM0028'],
    [
      'has marks of a merge',
      'a.bookinfo.global: 240.64.0.1\n<<<<<<< ours\n  b.bookinfo.global: 240.64.0.2\n',
      'ISM0001',
    ],
  ])('that %s stops rendering, with its line, and stays as it is', async (_, text, code) => {
    const isWhole = /^(hello|vips)/.test(text);
    const lock = isWhole ? text : `apiVersion: isthmus.dev/v1alpha1\nkind: VipLock\nvips:\n  ${text}\n`;
    writeFileSync(join(bundle, 'vips.lock.yaml'), lock);
    const { code: exit, err } = await render();
    expect([exit, err]).toEqual([1, expect.stringMatching(new RegExp(`vips.lock.yaml:\\d+:\\d+ ${code} ERROR`))]);
    expect([readFileSync(join(bundle, 'vips.lock.yaml'), 'utf8'), existsSync(out)]).toEqual([lock, false]);
  });

  it('that cannot be written stops rendering before anything is written out', async () => {
    mkdirSync(join(bundle, 'vips.lock.yaml'));
    const { code, err } = await render();
    expect([code, err]).toEqual([1, expect.stringContaining('vips.lock.yaml:1:1 ISM0605 ERROR')]);
    expect(err).toContain('a folder stands where the file is needed');
    expect(listed()).toEqual([]);
  });
});

describe('a bundle from stdin', () => {
  const stdin = readFileSync(join(EXAMPLE, 'bookinfo.yaml'), 'utf8');

  it('is refused by what needs a folder, with what takes it', async () => {
    for (const args of [
      `render -f - --out ${out}`,
      `diff -f - --out ${out}`,
      `render -f ${bundle}/bookinfo.yaml --out ${out}`,
    ]) {
      const { code, err } = await isthmus(args, { stdin });
      expect([code, err]).toEqual([64, expect.stringContaining('needs a folder with -f')]);
    }
    expect(existsSync(out)).toBe(false);
  });

  it('is validated, with places in <stdin>', async () => {
    const { code, err } = await isthmus('validate -f -', { stdin: stdin.replace('domain:', 'domian:') });
    expect([code, err]).toEqual([1, expect.stringContaining('<stdin>:8:3 ISM0005 ERROR spec.domian')]);
    const group = 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: {name: a}\nspec: {}\n';
    expect(await isthmus('validate -f -', { stdin: group })).toMatchObject({ code: 0 });
    expect((await isthmus('validate -f -', { stdin: '' })).err).toContain('<stdin>:1:1 ISM0606');
  });
});

describe('rendering says the same', () => {
  const contents = () =>
    listed()
      .filter((path) => statSync(join(out, path)).isFile())
      .map((path) => [path, readFileSync(join(out, path), 'utf8')]);

  it.each<[string, (text: string) => string]>([
    ['with line breaks of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (text) => `\ufeff${text}`],
    ['with empty documents and comments', (text) => `---\n# nothing\n---\n${text}---\n`],
    ['with documents and fields in another order', reordered],
    ['as JSON', (text) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: parsed(text) })],
  ])('%s', async (title, change) => {
    await render();
    const before = contents();
    const manifests = readdirSync(bundle, { recursive: true })
      .map(String)
      .filter((path) => /(shop|istio-system)\.yaml$/.test(path));
    for (const path of manifests) edit(path, change);
    if (title !== 'as JSON') edit('bookinfo.yaml', change);
    expect((await render()).err).toContain('0 files written, 0 removed');
    expect(contents()).toEqual(before);
  });
});

const parsed = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as unknown);

function reordered(text: string): string {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, field]) => [key, turned(field)]),
    );
  };
  return parsed(text)
    .reverse()
    .map((one) => stringify(turned(one)))
    .join('---\n');
}

describe('progress', () => {
  it('is one line on a terminal after a second, and nothing elsewhere', async () => {
    let seconds = 0;
    const now = () => new Date(1_000 * (seconds += 1));
    const shown = await isthmus(`validate -f ${bundle}`, { isErrTty: true, now });
    expect(shown.err).toContain('\r\u001b[2Krendering east');
    expect(shown.err.split('\r\u001b[2K').at(-1)).toMatch(/^valid: /);
    expect((await isthmus(`validate -f ${bundle}`, { now })).err).not.toContain('\r');
  });
});
