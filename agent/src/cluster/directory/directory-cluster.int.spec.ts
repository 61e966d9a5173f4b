import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderYaml } from '@isthmus/meshes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterPort } from '../cluster-port.js';
import { clusterPortContract, foreign, ours } from '../contract.fixture.js';
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

describe('watching', () => {
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
    const { inventory } = await under.port.readInventory();
    return inventory.namespaces.flatMap(({ name, services }) => services.map((found) => `${name}/${found.name}`));
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
