import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issue } from '../issues/make-issue.js';
import { serviceManifest } from '../issues/manifest-ref.js';
import type { BundleFile } from './bundle.js';
import { parseBundle } from './parse-bundle.js';
import { formatVipLock } from './vip-lock.js';

const HEAD = 'apiVersion: isthmus.dev/v1alpha1\n';
const project = (name: string) => `${HEAD}kind: Project\nmetadata: { name: ${name} }\nspec: {}\n`;
const cluster = (name: string) =>
  `${HEAD}kind: Cluster\nmetadata: { name: ${name} }\nspec: { mesh: { kind: istio } }\n`;
const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\n`;
const files = (given: Record<string, string>): BundleFile[] =>
  Object.entries(given).map(([path, text]) => ({ path, text }));
const faults = (given: Record<string, string>) =>
  parseBundle(files(given)).issues.map(
    ({ code, source }) => `${source?.file}:${source?.line}:${source?.column} ${code}`,
  );

describe('a file is refused with its line and column', () => {
  it.each([
    ['an open bracket', 'a: [1\nb: 2\n', 'a.yaml:2:1 ISM0001'],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'a.yaml:2:1 ISM0001'],
    ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', 'a.yaml:3:1 ISM0028'],
    ['a key that stands twice in a list in braces', 'a:\n  - { b: 1, "b": 2 }\n', 'a.yaml:2:13 ISM0028'],
    ['a number and a text that are the same key', '1: a\n"1": b\n', 'a.yaml:2:1 ISM0028'],
    ['a tag', 'a: 1\nb: !!js/function x\n', 'a.yaml:2:4 ISM0030'],
    ['a tag that is no type of JSON', 'a: !!binary aGk=\n', 'a.yaml:1:4 ISM0030'],
    ['a tag that makes a set', 'a: !!set { b, c }\n', 'a.yaml:1:4 ISM0030'],
    ['an alias without anchor', 'a: *b\n', 'a.yaml:1:1 ISM0001'],
    ['a text instead of a resource', `${project('a')}---\nhello\n`, 'a.yaml:6:1 ISM0002'],
    ['deep nesting', '['.repeat(20_000), 'ISM0029'],
    ['broken JSON', '{"a": 1,, }', 'a.yaml:1:9 ISM0001'],
  ])('for %s', (_, text, fault) => {
    const [first = ''] = faults({ 'a.yaml': text });
    expect(first.endsWith(fault)).toBe(true);
  });

  it('for aliases that expand to more than memory holds', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`,
    );
    expect(faults({ 'a.yaml': ['l0: &l0 [x]', ...levels].join('\n') })).toEqual(['a.yaml:1:1 ISM0029']);
  });

  it('for a key that stands twice, by its name', () => {
    const { issues } = parseBundle(files({ 'a.yaml': `${project('a')}kind: Cluster\n` }));
    expect(issues.map(({ message }) => message)).toEqual(['the key "kind" stands here a second time']);
  });

  it('for many keys in a time that grows with their number, not with its square', () => {
    const keys = Array.from({ length: 50_000 }, (_, n) => `k${n}: 1\n`).join('');
    const start = performance.now();
    expect(faults({ 'a.yaml': `${keys}k7: 2\n` })).toEqual(['a.yaml:50001:1 ISM0028']);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it.each([
    '/etc/a.yaml',
    '../a.yaml',
    'a/../b.yaml',
    'a//b.yaml',
    'a\\b.yaml',
    'a\nb.yaml',
    './a.yaml',
    'a\u202eb.yaml',
  ])('for its path %j', (path) => {
    expect(parseBundle([{ path, text: project('a') }]).issues.map(({ code }) => code)).toEqual(['ISM0104']);
  });

  it('and the other files are read all the same', () => {
    const bundle = parseBundle(files({ 'a.yaml': '[', 'b.yaml': project('b') }));
    expect(bundle.resources.map(({ resource }) => resource.metadata.name)).toEqual(['b']);
  });
});

describe('issues point at the field', () => {
  const at = (spec: string, path: string) => {
    const text = `${HEAD}kind: GlobalNamespace\nmetadata: { name: shop }\nspec:\n${spec}`;
    const found = parseBundle([{ path: 'a.yaml', text }]).issues.find((one) => one.path === path);
    return `${found?.source?.line}:${found?.source?.column}`;
  };
  it('of a wrong value at the value', () => {
    expect(at('  domain: Shop\n  members: [{}]\n', 'spec.domain')).toBe('5:11');
  });
  it('of an unknown field at its key', () => {
    expect(at('  domain: shop.global\n  memberz: 1\n', 'spec.memberz')).toBe('6:3');
  });
  it('of a missing field at the mapping that lacks it', () => {
    expect(at('  members: [{}]\n', 'spec.domain')).toBe('4:1');
  });
  it('inside of lists and flow mappings', () => {
    expect(
      at(
        '  domain: shop.global\n  members:\n    - { clusters: { names: [A] } }\n',
        'spec.members[0].clusters.names[0]',
      ),
    ).toBe('7:29');
  });
});

describe('documents are sorted by folder and kind', () => {
  it('a resource that stands twice is refused at the second place, naming the first', () => {
    const bundle = parseBundle(files({ 'b.yaml': project('p'), 'a.yaml': `${cluster('p')}---\n${project('p')}` }));
    expect(bundle.issues).toMatchObject([{ code: 'ISM0100', source: { file: 'b.yaml', line: 3 } }]);
    expect(bundle.issues[0]?.message).toContain('a.yaml:6');
    expect(bundle.resources).toHaveLength(2);
  });

  it('the same name in two projects is no repetition', () => {
    const policy = (name: string) =>
      `${HEAD}kind: EncryptionPolicy\nmetadata: { name: p, project: ${name} }\nspec: { targets: [{ globalNamespace: g }], mode: STRICT }\n`;
    expect(faults({ 'a.yaml': `${policy('x')}---\n${policy('y')}` })).toEqual([]);
  });

  it('a cluster whose name is not its folder’s is refused', () => {
    expect(faults({ 'clusters/east/cluster.yaml': cluster('west') })).toEqual([
      'clusters/east/cluster.yaml:3:19 ISM0101',
    ]);
  });

  it('a folder of a cluster without its record is refused, unless the record cannot be read', () => {
    expect(faults({ 'clusters/east/a.yaml': service('a') })).toEqual(['clusters/east/a.yaml:1:1 ISM0102']);
    expect(faults({ 'clusters/east/cluster.yaml': '[', 'clusters/east/a.yaml': service('a') })).toHaveLength(1);
  });

  it('a foreign document outside of clusters is ignored with a warning', () => {
    expect(faults({ 'a.yaml': service('a') })).toEqual(['a.yaml:1:1 ISM0103']);
  });

  it('a document of ours with a typing error in its apiVersion is refused, not ignored', () => {
    const typo = cluster('east').replace('isthmus.dev', 'ishtmus.dev');
    expect(faults({ 'a.yaml': typo })).toEqual(['a.yaml:1:13 ISM0003']);
    expect(faults({ 'clusters/east/cluster.yaml': typo })[0]).toContain('ISM0003');
  });

  it('a Cluster of another API group in the folder of a cluster is a plain manifest', () => {
    const foreign = 'apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: { name: c }\n';
    const bundle = parseBundle(
      files({ 'clusters/east/cluster.yaml': cluster('east'), 'clusters/east/x.yaml': foreign }),
    );
    expect(bundle.issues).toEqual([]);
    expect(bundle.clusters.get('east')).toHaveLength(1);
  });

  it.each([
    'a: 1',
    'kind: Service',
    'apiVersion: v1\nkind: Service',
    'apiVersion: v1\nkind: Service\nmetadata: { name: ../a }',
  ])('a manifest without what names an object is refused: %j', (text) => {
    expect(faults({ 'clusters/east/cluster.yaml': cluster('east'), 'clusters/east/a.yaml': text })).toEqual([
      expect.stringContaining('ISM0033'),
    ]);
  });

  it('a manifest with a name that is a path is refused at its name', () => {
    const given = files({ 'clusters/east/cluster.yaml': cluster('east'), 'clusters/east/a.yaml': service('../a') });
    expect(parseBundle(given).issues).toMatchObject([
      { code: 'ISM0033', message: expect.stringContaining('"../a"') as string, source: { line: 3, column: 19 } },
    ]);
  });

  it('lists give their items, typed lists too; an object that stands twice is refused', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${service('a').replaceAll('\n', '\n    ')}\n  - ${service('a').replaceAll('\n', '\n    ')}`;
    const typed = 'apiVersion: v1\nkind: ServiceList\nitems: [{ metadata: { name: b } }]\n';
    const bundle = parseBundle(
      files({
        'clusters/east/cluster.yaml': cluster('east'),
        'clusters/east/l.yaml': list,
        'clusters/east/t.json': typed,
      }),
    );
    expect(bundle.issues.map(({ code, source }) => `${source?.line} ${code}`)).toEqual(['10 ISM0106']);
    expect(bundle.clusters.get('east')).toMatchObject([
      { metadata: { name: 'a' } },
      { kind: 'Service', metadata: { name: 'b' } },
    ]);
  });

  it('byte order marks, JSON, empty documents, other and hidden files do no harm', () => {
    const bundle = parseBundle(
      files({
        'a.json': `\ufeff${JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind: 'Project', metadata: { name: 'a' }, spec: {} }, null, '\t')}`,
        'b.yaml': `---\n---\n# nothing\n---\n${project('b')}...\n`,
        'README.md': '[',
        '.git/x.yaml': '[',
        'empty.yaml': '',
      }),
    );
    expect(bundle.issues).toEqual([]);
    expect(bundle.resources).toHaveLength(2);
  });

  it('the order of the files changes nothing', () => {
    const given = files({
      'a.yaml': project('a'),
      'b.yaml': project('a'),
      'clusters/east/cluster.yaml': cluster('east'),
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(given, { minLength: given.length }), (shuffled) => {
        const [one, other] = [parseBundle(shuffled), parseBundle(given)];
        expect([one.resources, one.issues]).toEqual([other.resources, other.issues]);
      }),
    );
  });
});

describe('the lock of virtual addresses', () => {
  const lock = (text: string) => parseBundle([{ path: 'vips.lock.yaml', text }]);

  it.each([
    ['kind: VipLock\nvips: {}\n', 1],
    [`${HEAD}kind: VipLock\nvips: []\n`, 1],
    [`${HEAD}kind: VipLock\nvips: { a.b: 1.2.3 }\n`, 3],
    [`${HEAD}kind: VipLock\nvips: { A.b: 1.2.3.4 }\n`, 3],
    [`${HEAD}kind: VipLock\nvips:\n  a.b: 1.2.3.4\n  c.d: 1.2.3.4\n`, 5],
  ])('is refused where it is not what render wrote: %j', (text, line) => {
    expect(lock(text).issues).toMatchObject([{ code: 'ISM0108', source: { file: 'vips.lock.yaml', line } }]);
  });

  it('reads what it wrote, with the same bytes for the same rows in any order', () => {
    const rows = [
      { host: 'web.shop.global', address: '240.64.0.1' },
      { host: 'db.shop.global', address: '240.64.0.2' },
    ];
    expect(formatVipLock(rows)).toBe(formatVipLock([...rows].reverse()));
    expect(lock(formatVipLock(rows)).vipLock).toEqual([...rows].reverse());
    expect(parseBundle([]).vipLock).toBeUndefined();
  });
});

it('an issue that the compiler found is given the place of its resource or manifest', () => {
  const bundle = parseBundle(
    files({
      'p.yaml': project('p'),
      'clusters/east/cluster.yaml': `# east\n${cluster('east')}`,
      'clusters/east/a.yaml': service('a'),
    }),
  );
  const place = (fields: object) => {
    const { source } = bundle.locate(issue('ISM0111', { message: 'm', ...fields }));
    return source && `${source.file}:${source.line}`;
  };
  expect(place({ resource: { kind: 'Project', name: 'none' } })).toBeUndefined();
  expect(place({ resource: { kind: 'Project', name: 'p' }, path: 'metadata.name' })).toBe('p.yaml:3');
  expect(place({ resource: { kind: 'Service', name: 'shop/a' }, cluster: 'east' })).toBe('clusters/east/a.yaml:1');
  expect(place({ cluster: 'east', path: 'spec.mesh.kind' })).toBe('clusters/east/cluster.yaml:5');
  const manifest = serviceManifest({ cluster: 'east', namespace: 'shop', service: 'a' }, 'metadata.name');
  expect(place({ resource: { kind: 'Project', name: 'p' }, manifest })).toBe('clusters/east/a.yaml:3');
  expect(place({ resource: { kind: 'Project', name: 'p' }, manifest: { ...manifest, cluster: 'west' } })).toBe(
    'p.yaml:1',
  );
});

it('no text makes parsing throw, and every issue has code, message and place', () => {
  const piece = fc.constantFrom(
    'a: 1\n',
    '- ',
    '  ',
    '{',
    '[',
    '}',
    ']',
    '&a ',
    '*a ',
    '!!x ',
    '---\n',
    '"',
    "'",
    '|\n',
    ': ',
    '<<: ',
    '\t',
    HEAD,
    'kind: List\nitems: ',
    'vips: ',
    '? ',
    '%YAML 9\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  const path = fc.constantFrom('a.yaml', 'clusters/e/cluster.yaml', 'clusters/e/a.json', 'vips.lock.yaml');
  fc.assert(
    fc.property(fc.array(fc.record({ path, text }), { maxLength: 3 }), (given) => {
      for (const { code, message, source } of parseBundle(given).issues) {
        expect(code).toMatch(/^ISM\d{4}$/);
        expect(message).toMatch(/^[\x20-\x7e…’]+$/);
        expect(source?.line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});
