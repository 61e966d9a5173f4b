import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderYaml } from '@isthmus/meshes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '@isthmus/platform';
import { createLeads } from '../../apply/leads.js';
import { createLingers } from '../../apply/lingers.js';
import { createMoves } from '../../apply/moves.js';
import { runRound } from '../../apply/run-round.js';
import type { ClusterPort, ClusterRecord } from '../cluster-port.js';
import { clusterPortContract, foreign, ours } from '../contract.fixture.js';
import { unpacked } from '../unpacked.fixture.js';
import { referenceOf } from '../cluster-port.js';
import { openDirectoryCluster } from './directory-cluster.js';
import { objectPath } from './object-path.js';

const folders: string[] = [];

async function open(): Promise<{ port: ClusterPort; base: string; out: string; manifests: string }> {
  const base = await mkdtemp(join(tmpdir(), 'isthmus-directory-'));
  folders.push(base);
  const [out, manifests] = [join(base, 'out'), join(base, 'manifests')];
  await mkdir(manifests);
  const port = await openDirectoryCluster({ manifests, out, toYaml: (object) => renderYaml([object]) });
  return { port, base, out, manifests };
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

clusterPortContract('a directory', async () => {
  const { port, out } = await open();
  return {
    port,
    putForeign: async (object) => {
      const place = objectPath(referenceOf(object));
      if (!place.ok) throw new Error(place.reason);
      await mkdir(join(out, place.folder), { recursive: true });
      await writeFile(join(out, place.folder, place.file), renderYaml([object]));
    },
  };
});

describe('the output folder', () => {
  let under: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    under = await open();
  });

  it.each([
    '../evil',
    '..',
    '.',
    '/etc/passwd',
    'a/b',
    'a\\b',
    '',
    'a\n',
    'A',
    'a..b',
    '-a',
    'a'.repeat(254),
    'a\u0000b',
    'ａ',
    '.hidden',
  ])('refuses the name %j, as name and as namespace', async (name) => {
    const named = { ...ours('a'), metadata: { ...ours('a').metadata, name } };
    const spaced = { ...ours('a'), metadata: { ...ours('a').metadata, namespace: name } };
    expect(await under.port.apply(named)).toMatchObject({ outcome: 'refused' });
    expect(await under.port.apply(spaced)).toMatchObject({ outcome: 'refused' });
    expect(await readdir(under.base)).toEqual(['manifests', 'out']);
  });

  it('refuses a kind or group that is no word', async () => {
    expect(await under.port.apply({ ...ours('a'), kind: '../x' })).toMatchObject({ outcome: 'refused' });
    expect(await under.port.apply({ ...ours('a'), apiVersion: '../v1' })).toMatchObject({ outcome: 'refused' });
  });

  it('does not write through a symbolic link in the place of a namespace folder', async () => {
    await mkdir(join(under.base, 'elsewhere'));
    await symlink(join(under.base, 'elsewhere'), join(under.out, 'shop'));
    expect(await under.port.apply(ours('a'))).toMatchObject({ outcome: 'refused' });
    expect(await readdir(join(under.base, 'elsewhere'))).toEqual([]);
  });

  it('does not write through or remove a symbolic link in the place of a file', async () => {
    await writeFile(join(under.base, 'secret'), 'untouched');
    await under.port.apply(ours('a'));
    const [file] = await readdir(join(under.out, 'shop'));
    await rm(join(under.out, 'shop', file ?? ''));
    await symlink(join(under.base, 'secret'), join(under.out, 'shop', file ?? ''));
    expect(await under.port.apply(ours('a'))).toMatchObject({ outcome: 'refused' });
    expect(await under.port.remove(referenceOf(ours('a')))).toMatchObject({ outcome: 'refused' });
    expect(await readFile(join(under.base, 'secret'), 'utf8')).toBe('untouched');
  });

  it('treats a file of a user as foreign even if it is no YAML at all', async () => {
    await under.port.apply(ours('a'));
    const [file] = await readdir(join(under.out, 'shop'));
    await writeFile(join(under.out, 'shop', file ?? ''), '\u0000not yaml: [');
    expect(await under.port.observe(referenceOf(ours('a')))).toEqual({ state: 'foreign' });
  });

  it('knows a file of ours that was cut short, so that it can be healed', async () => {
    await under.port.apply(ours('a', { hosts: ['reviews'] }));
    const [file] = await readdir(join(under.out, 'shop'));
    const path = join(under.out, 'shop', file ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -12) + '\n  [');
    expect((await under.port.observe(referenceOf(ours('a')))).state).toBe('ours');
  });

  it('removes an emptied folder and leaves one that holds a file of a user', async () => {
    await under.port.apply(ours('a'));
    await writeFile(join(under.out, 'shop', 'notes.txt'), 'mine');
    await under.port.remove(referenceOf(ours('a')));
    expect(await readdir(join(under.out, 'shop'))).toEqual(['notes.txt']);
    await rm(join(under.out, 'shop', 'notes.txt'));
    await under.port.apply(ours('a'));
    await under.port.remove(referenceOf(ours('a')));
    expect((await readdir(under.out)).filter((name) => name === 'shop')).toEqual([]);
  });

  it('refuses to guess when the record is damaged', async () => {
    await mkdir(join(under.out, '.isthmus'), { recursive: true });
    await writeFile(join(under.out, '.isthmus', 'record.json'), '{"version":1');
    await expect(under.port.loadRecord()).rejects.toThrow('damaged');
  });
});

describe('after a loss of power', () => {
  const record = (...names: string[]): ClusterRecord => ({
    fences: [],
    owned: names.map((name) => ({ ...referenceOf(ours(name)), gns: 'g', side: 'owner', order: 0, hash: 'h' })),
  });
  const again = async (under: Awaited<ReturnType<typeof open>>): Promise<ClusterPort> =>
    openDirectoryCluster({ manifests: under.manifests, out: under.out, toYaml: (object) => renderYaml([object]) });
  const state = (under: Awaited<ReturnType<typeof open>>): string => join(under.out, '.isthmus');
  const logOf = async (under: Awaited<ReturnType<typeof open>>): Promise<string> =>
    join(state(under), (await readdir(state(under))).find((name) => name.endsWith('.log')) ?? '');

  it.each([
    ['empty', ''],
    ['nothing but NUL bytes', '\0'.repeat(300)],
  ])('heals a recorded file that is %s, and leaves one that the record does not name', async (_, left) => {
    const under = await open();
    const object = ours('a', { n: 1 });
    const round = (recorded: ClusterRecord) =>
      runRound({
        ...{ cluster: under.port, record: recorded, fences: [], mode: 'sync' },
        wishes: [
          {
            gns: 'g',
            kind: 'render',
            objects: [{ side: 'owner', order: 0, object }],
            keepHosts: new Set(),
            planned: false,
          },
        ],
        gate: { approve: () => undefined, judge: ({ removals }) => ({ go: [...removals], held: [] }) },
        moves: createMoves(systemClock, 0),
        lingers: createLingers(systemClock, 0),
        leads: createLeads(systemClock, 0),
      });
    const { record: made } = await round(await under.port.loadRecord());
    const [file = ''] = await readdir(join(under.out, 'shop'));
    const path = join(under.out, 'shop', file);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, left);
    under.port = await again(under);
    expect((await round({ fences: [], owned: [] })).results[0]?.issues).toMatchObject([{ code: 'ISM0430' }]);
    expect(await readFile(path, 'utf8')).toBe(left);
    await round(made);
    expect(await readFile(path, 'utf8')).toBe(whole);
  });

  it('reads the record as it was last saved, however many saves came before', async () => {
    const under = await open();
    await under.port.loadRecord();
    for (const names of [['a'], ['a', 'b'], ['b'], ['b', 'c']]) await under.port.saveRecord(record(...names));
    expect((await (await again(under)).loadRecord()).owned.map(({ name }) => name)).toEqual(['b', 'c']);
    await under.port.saveRecord({
      ...record('b'),
      fences: [{ gns: 'g', line: 'policy', epoch: 1, seq: 2, root: 'r' }],
    });
    expect(await (await again(under)).loadRecord()).toMatchObject({ fences: [{ seq: 2 }], owned: [{ name: 'b' }] });
  });

  it('forgets a save that was cut short, and no other', async () => {
    const under = await open();
    await under.port.saveRecord(record('a'));
    await under.port.saveRecord(record('a', 'b'));
    await under.port.saveRecord(record('a', 'b', 'c'));
    const log = await logOf(under);
    const text = await readFile(log, 'utf8');
    for (const cut of [1, 20, text.split('\n')[1]?.length ?? 0]) {
      await writeFile(log, text.slice(0, -cut));
      const port = await again(under);
      expect((await port.loadRecord()).owned.map(({ name }) => name)).toEqual(['a', 'b']);
    }
    const port = await again(under);
    await port.loadRecord();
    await port.saveRecord(record('a', 'd'));
    expect((await (await again(under)).loadRecord()).owned.map(({ name }) => name)).toEqual(['a', 'd']);
  });

  it('refuses to guess when a save in the middle is damaged, or the log is gone', async () => {
    const under = await open();
    for (const names of [['a'], ['a', 'b'], ['b']]) await under.port.saveRecord(record(...names));
    const log = await logOf(under);
    await writeFile(log, (await readFile(log, 'utf8')).replace('"name":"b"', '"name":"x"'));
    await expect((await again(under)).loadRecord()).rejects.toThrow('damaged');
    await rm(log);
    await expect((await again(under)).loadRecord()).rejects.toThrow('damaged');
  });

  it('ends a long log in a new snapshot, and keeps no other', async () => {
    const under = await open();
    const long = 'x'.repeat(200);
    for (let save = 0; save < 400; save += 1) await under.port.saveRecord(record(`${long}${String(save % 3)}`));
    const files = await readdir(state(under));
    expect(files.filter((name) => name.endsWith('.log'))).toHaveLength(1);
    expect((await readFile(await logOf(under), 'utf8')).length).toBeLessThan(64 * 1024);
    expect((await (await again(under)).loadRecord()).owned.map(({ name }) => name)).toEqual([`${long}0`]);
  });

  it('sweeps away what a killed process had begun to write, once it holds the folder, and no file of a user', async () => {
    const under = await open();
    await under.port.apply(ours('a'));
    const [file = ''] = await readdir(join(under.out, 'shop'));
    const draft = `.${file}.0123456789ab.tmp`;
    await writeFile(join(under.out, 'shop', draft), 'half');
    await writeFile(join(under.out, 'shop', '.notes.tmp'), 'mine');
    const hold = await under.port.hold?.();
    expect((await readdir(join(under.out, 'shop'))).sort()).toEqual(['.notes.tmp', file].sort());
    if (hold?.outcome === 'held') await hold.release();
  });
});

describe('watching', () => {
  it('says nothing of what it writes and removes itself', async () => {
    const { port, out } = await open();
    await port.apply(ours('a'));
    const hints: unknown[] = [];
    const stop = port.watch((hint) => hints.push(hint));
    await new Promise((resolve) => setTimeout(resolve, 100));
    hints.length = 0;
    await port.apply(ours('a', { n: 1 }));
    await port.apply(ours('b'));
    await port.remove(referenceOf(ours('b')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(hints).toEqual([]);
    const [file = ''] = (await readdir(join(out, 'shop'))).filter((name) => name.endsWith('.yaml'));
    await writeFile(join(out, 'shop', file), 'changed');
    await vi.waitFor(() => expect(hints).not.toEqual([]), { timeout: 5000 });
    stop();
  });

  it('hears of manifests in folders that came later, and not of its own output among them', async () => {
    const base = await mkdtemp(join(tmpdir(), 'isthmus-directory-'));
    folders.push(base);
    const port = await openDirectoryCluster({
      ...{ manifests: base, out: join(base, 'out') },
      toYaml: (object) => renderYaml([object]),
    });
    const hints: unknown[] = [];
    const stop = port.watch((hint) => hints.push(hint));
    await new Promise((resolve) => setTimeout(resolve, 100));
    hints.length = 0;
    await port.apply(ours('a'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(hints).toEqual([]);
    await mkdir(join(base, 'team', 'deep'), { recursive: true });
    await vi.waitFor(() => expect(hints).toContainEqual({ what: 'inventory' }), { timeout: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    hints.length = 0;
    await writeFile(join(base, 'team', 'deep', 'x.yaml'), 'a: 1');
    await vi.waitFor(() => expect(hints).toContainEqual({ what: 'inventory' }), { timeout: 5000 });
    stop();
  });

  it('names the object whose file somebody changed or removed, and not what is none of ours', async () => {
    const { port, out, manifests } = await open();
    await port.apply(ours('a'));
    const hints: unknown[] = [];
    const stop = port.watch((hint) => hints.push(hint));
    await writeFile(join(out, 'shop', 'notes.txt'), 'mine');
    const [file = ''] = (await readdir(join(out, 'shop'))).filter((name) => name.endsWith('.yaml'));
    await writeFile(join(out, 'shop', file), 'changed');
    await vi.waitFor(() => expect(hints.length).toBeGreaterThan(0), { timeout: 5000 });
    const key = 'networking.istio.io/v1/ServiceEntry/shop/a';
    expect(new Set(hints.map((hint) => JSON.stringify(hint)))).toEqual(
      new Set([JSON.stringify({ what: 'object', key })]),
    );
    hints.length = 0;
    await writeFile(join(manifests, 'new.yaml'), 'a: 1');
    await vi.waitFor(() => expect(hints).toContainEqual({ what: 'inventory' }), { timeout: 5000 });
    hints.length = 0;
    await rename(join(out, 'shop'), join(out, 'elsewhere'));
    await vi.waitFor(() => expect(hints).toContainEqual({ what: 'object', key }), { timeout: 5000 });
    stop();
  });
});

describe('the manifests folder', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: reviews, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
  let under: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    under = await open();
    await writeFile(join(under.manifests, 'shop.yaml'), service);
  });
  const names = async (): Promise<string[]> => {
    const reading = await under.port.readInventory();
    const services = reading.inventory.namespaces.map(({ name }) => unpacked(reading, name)?.services ?? []);
    return reading.inventory.namespaces.flatMap(({ name }, index) =>
      (services[index] ?? []).map((found) => `${name}/${found.name}`),
    );
  };

  it.each([
    ['malformed YAML', 'a: [\n'],
    ['a document that is no object', 'just text\n'],
    ['a duplicate key', 'kind: Service\nkind: Service\n'],
    [
      'an alias bomb',
      `a: &a [x]\n${Array.from({ length: 12 }, (_, i) => `b${String(i)}: &b${String(i)} [${'*a,'.repeat(50)}*a]`).join('\n')}\n`,
    ],
  ])('is incomplete with %s in it, and still shows the rest', async (_, text) => {
    await writeFile(join(under.manifests, 'broken.yaml'), text);
    const reading = await under.port.readInventory();
    expect(reading.complete).toBe(false);
    expect(reading.issues.map(({ code }) => code)).toContain('ISM0411');
    expect(await names()).toEqual(['shop/reviews']);
  });

  it('says where a document of a file of many is malformed', async () => {
    await writeFile(join(under.manifests, 'many.yaml'), `${service}---\nkind: A\nkind: B\n---\n${service}`);
    const { issues } = await under.port.readInventory();
    expect(issues).toMatchObject([{ message: expect.stringMatching(/^many\.yaml: .* at line 7, column 1$/) }]);
  });

  it('is incomplete when it is missing, when bytes are no UTF-8, and when a link leads out of it', async () => {
    await symlink('/etc', join(under.manifests, 'etc'));
    expect(await under.port.readInventory()).toMatchObject({ complete: false, issues: [{ code: 'ISM0410' }] });
    await rm(join(under.manifests, 'etc'));
    await writeFile(join(under.manifests, 'latin.yaml'), Buffer.from([0xff, 0xfe, 0xfd]));
    expect(await under.port.readInventory()).toMatchObject({ complete: false });
    await rm(under.manifests, { recursive: true });
    expect(await under.port.readInventory()).toMatchObject({ complete: false, inventory: { namespaces: [] } });
  });

  it('is incomplete while a link in it leads nowhere', async () => {
    await symlink('missing.yaml', join(under.manifests, 'broken.yaml'));
    expect(await under.port.readInventory()).toMatchObject({ complete: false });
  });

  it('follows links inside itself, as mounted volumes have them, and skips hidden files', async () => {
    await mkdir(join(under.manifests, '..data'));
    await writeFile(join(under.manifests, '..data', 'more.yaml'), service.replaceAll('reviews', 'ratings'));
    await symlink('..data/more.yaml', join(under.manifests, 'more.yaml'));
    expect(await under.port.readInventory()).toMatchObject({ complete: true });
    expect(await names()).toEqual(['shop/ratings', 'shop/reviews']);
  });

  it('does not end in a link to a folder around it', async () => {
    await symlink('.', join(under.manifests, 'self'));
    expect((await under.port.readInventory()).complete).toBe(false);
  });

  it('sees a file that was written over, made shorter, or removed', async () => {
    expect(await names()).toEqual(['shop/reviews']);
    await writeFile(join(under.manifests, 'shop.yaml'), service.replaceAll('reviews', 'ratings'));
    expect(await names()).toEqual(['shop/ratings']);
    await writeFile(join(under.manifests, 'more.yaml'), service);
    expect(await names()).toEqual(['shop/ratings', 'shop/reviews']);
    await rm(join(under.manifests, 'shop.yaml'));
    expect(await names()).toEqual(['shop/reviews']);
  });

  it('flattens lists and reads JSON', async () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        foreign('x'),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'ratings', namespace: 'shop' },
          spec: { ports: [{ port: 80 }] },
        },
      ],
    };
    await writeFile(join(under.manifests, 'list.json'), JSON.stringify(list));
    expect(await names()).toEqual(['shop/ratings', 'shop/reviews']);
  });
});
