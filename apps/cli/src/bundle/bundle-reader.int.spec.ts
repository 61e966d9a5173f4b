import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBundle } from './bundle-reader.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'isthmus-bundle-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array = 'a: 1\n'): string {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}
const read = async (path = 'bundle') => {
  const { files, issues } = await readBundle(join(root, path));
  return {
    paths: files.map((file) => file.path),
    faults: issues.map(({ code, source }) => `${code} ${source?.file ?? ''}`.trim()),
  };
};

describe('a bundle is refused', () => {
  it('when there is nothing at its path, or no file and no folder', async () => {
    expect(await read('none')).toEqual({ paths: [], faults: ['ISM0600'] });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await read('pipe')).toEqual({ paths: [], faults: ['ISM0600'] });
  });
});

describe('a file is refused', () => {
  it('when it is a link out of the bundle, to nowhere, or a circle; the others are read', async () => {
    put('secret.yaml');
    put('outside/x.yaml');
    put('bundle/a.yaml');
    symlinkSync('../secret.yaml', join(root, 'bundle/file.yaml'));
    symlinkSync('../outside', join(root, 'bundle/folder'));
    symlinkSync(join(root, 'secret.yaml'), join(root, 'bundle/absolute.yaml'));
    symlinkSync('none.yaml', join(root, 'bundle/dangling.yaml'));
    symlinkSync('.', join(root, 'bundle/loop'));
    symlinkSync('self.yaml', join(root, 'bundle/self.yaml'));
    const { paths, faults } = await read();
    expect(paths).toEqual(['a.yaml']);
    expect(faults).toEqual(
      ['absolute.yaml', 'dangling.yaml', 'file.yaml', 'folder', 'loop', 'self.yaml'].map((file) => `ISM0107 ${file}`),
    );
  });

  it('when a sibling folder only begins with the name of the bundle', async () => {
    put('bundle-other/x.yaml');
    put('bundle/a.yaml');
    symlinkSync('../bundle-other/x.yaml', join(root, 'bundle/x.yaml'));
    expect((await read()).faults).toEqual(['ISM0107 x.yaml']);
  });

  it('when it is a pipe, which is not waited for', async () => {
    put('bundle/a.yaml');
    execFileSync('mkfifo', [join(root, 'bundle/pipe.yaml')]);
    expect(await read()).toEqual({ paths: ['a.yaml'], faults: ['ISM0602 pipe.yaml'] });
  });

  it('when it is not UTF-8', async () => {
    put('bundle/latin.yaml', Uint8Array.of(0x61, 0x3a, 0xe4));
    put('bundle/utf16.yaml', Buffer.from('\ufeffa: 1', 'utf16le'));
    expect((await read()).faults).toEqual(['ISM0031 latin.yaml', 'ISM0031 utf16.yaml']);
  });

  it('when it is too large, without reading it', async () => {
    truncateSync(put('bundle/big.yaml'), 32 * 1024 * 1024 + 1);
    expect((await read()).faults).toEqual(['ISM0105 big.yaml']);
  });
});

describe('a bundle is read', () => {
  it('in the order of its paths, without hidden files, other types and the output of render', async () => {
    for (const path of ['b.yaml', 'a/z.yml', 'a/b.json', 'README.md', '.git/c.yaml', '.d.yaml', 'out/east/x.yaml'])
      put(`bundle/${path}`);
    put('bundle/out/.isthmus-render.json', '{}');
    expect(await read()).toEqual({ paths: ['a/b.json', 'a/z.yml', 'b.yaml'], faults: [] });
  });

  it('through links that stay inside, also when the bundle itself is behind a link', async () => {
    put('bundle/clusters/east/a.yaml');
    symlinkSync('east', join(root, 'bundle/clusters/west'));
    symlinkSync('bundle', join(root, 'link'));
    expect(await read('link')).toEqual({ paths: ['clusters/east/a.yaml', 'clusters/west/a.yaml'], faults: [] });
  });

  it('from a single file, whatever it is called, and without its byte order mark', async () => {
    put('some.txt', '\ufeffa: 1');
    const { files, isFolder } = await readBundle(join(root, 'some.txt'));
    expect([files, isFolder]).toEqual([[{ path: 'some.txt', text: 'a: 1' }], false]);
  });
});
