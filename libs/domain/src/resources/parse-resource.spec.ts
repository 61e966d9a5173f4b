import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ITEMS } from './schema/checked.js';
import { RESOURCE_KINDS } from './schema/kinds.js';
import { parseResource } from './parse-resource.js';
import { brief, clusterDocument, documentOf, gnsDocument, sloDocument } from './resource.fixture.js';

const faults = (value: unknown) => brief(parseResource(value).issues);
const hints = (value: unknown) => parseResource(value).issues.map(({ hint }) => hint);

describe('a document is refused', () => {
  it.each([[undefined], [null], [[]], ['text'], [7], [true]])('when it is no mapping: %j', (value) => {
    expect(faults(value)).toEqual(['ISM0002']);
  });

  it('with both apiVersion and kind when both are unknown', () => {
    expect(faults({ apiVersion: 'v1', kind: 'Pod' })).toEqual(['ISM0003 apiVersion', 'ISM0004 kind']);
  });

  it.each([
    ['globalnamespace', 'did you mean GlobalNamespace?'],
    ['GlobalNamespaces', 'did you mean GlobalNamespace?'],
    ['slo-policy', 'did you mean SloPolicy?'],
  ])('with the kind that was probably meant: %s', (kind, hint) => {
    expect(hints({ ...gnsDocument(), kind })).toEqual([hint]);
  });

  it('with all kinds when none is near', () => {
    expect(hints({ ...gnsDocument(), kind: 'Deployment' })[0]).toContain('one of Project, Cluster');
  });

  it('when its version is of another release, and its other faults are told too', () => {
    const value = { ...gnsDocument({ domian: 'x' }), apiVersion: 'isthmus.dev/v9' };
    expect(faults(value)).toEqual(['ISM0003 apiVersion', 'ISM0005 spec.domian']);
  });

  it('when metadata or spec are missing or empty', () => {
    expect(faults({ ...gnsDocument(), metadata: undefined, spec: null })).toEqual(['ISM0006 metadata', 'ISM0007 spec']);
  });

  it('with every fault at once, each at its field', () => {
    const value = gnsDocument({
      domain: 'svc',
      vipCIDR: '10.0.0.1/8',
      members: [{}, { clusters: { names: [] } }],
      foo: 1,
    });
    expect(faults(value)).toEqual([
      'ISM0038 spec.domain',
      'ISM0014 spec.vipCIDR',
      'ISM0021 spec.members[0]',
      'ISM0022 spec.members[1].clusters.names',
      'ISM0005 spec.foo',
    ]);
  });

  it('when it is nested too deeply', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(faults({ ...gnsDocument(), spec: deep })[0]).toMatch(/^ISM0029/);
  });

  it('when it has more than 1 MiB of text, and not when it has less', () => {
    const annotated = (size: number) => documentOf('Project', {}, { annotations: { note: 'x'.repeat(size) } });
    expect(faults(annotated(1024 * 1024))).toEqual(['ISM0032']);
    expect(faults(annotated(200 * 1024))).toEqual([]);
  });

  it('when it names keys with a meaning in programs', () => {
    const value: unknown = JSON.parse('{"__proto__": {"isAdmin": true}, "kind": "Project"}');
    expect(faults(value)).toContain('ISM0034 __proto__');
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });

  it.each(['a\u0000b', 'a\u001b[31m', '\u202eabc', '\ud800'])(
    'when a text holds control characters or half a pair: %j',
    (text) => {
      expect(faults(documentOf('Project', { description: text }))).toEqual(['ISM0034 spec.description']);
    },
  );
});

describe('a field is refused', () => {
  it.each([
    '',
    'Shop',
    'a b',
    ' a',
    'a\n',
    '-a',
    'a-',
    'a.b',
    '../x',
    'a/b',
    'a:b',
    'а',
    'ｓ',
    'a'.repeat(64),
    '{{x}}',
    '%2e',
  ])('as a name: %j', (name) => {
    expect(faults(documentOf('Project', {}, { name }))).toContain('ISM0009 metadata.name');
  });

  it('with the letter that looks like another', () => {
    const [issue] = parseResource(documentOf('Project', {}, { name: 'b\u0430nk' })).issues;
    expect(issue?.message).toBe('the name "b\\u0430nk" holds the character U+0430');
  });

  it('when it is near a known one, with a hint', () => {
    expect(hints(documentOf('Project', {}, { lables: {} }))).toEqual(['did you mean labels?']);
  });

  it('as an organization’s kind with a project', () => {
    expect(faults(documentOf('Project', {}, { project: 'a' }))).toEqual(['ISM0035 metadata.project']);
  });

  it.each([
    [{ 'a b': 'c' }, 'metadata.labels["a b"]'],
    [{ 'Example.com/a': 'c' }, 'metadata.labels["Example.com/a"]'],
    [{ a: '-c' }, 'metadata.labels.a'],
    [{ a: 'c'.repeat(64) }, 'metadata.labels.a'],
    [{ ['a'.repeat(64)]: 'c' }, `metadata.labels.${'a'.repeat(64)}`],
    [{ 'a/b/c': 'c' }, 'metadata.labels["a/b/c"]'],
  ])('as a label: %j', (labels, path) => {
    expect(faults(documentOf('Project', {}, { labels }))).toEqual([`ISM0010 ${path}`]);
  });

  it('as annotations of more than 256 KiB', () => {
    const annotations = { a: 'x'.repeat(256 * 1024) };
    expect(faults(documentOf('Project', {}, { annotations }))).toEqual(['ISM0011 metadata.annotations']);
  });

  it.each([
    ['', 'ISM0012'],
    ['Shop.global', 'ISM0012'],
    ['shop..global', 'ISM0012'],
    ['*.global', 'ISM0012'],
    ['shop.global.', 'ISM0012'],
    ['10.1.2.3', 'ISM0012'],
    [`${'a'.repeat(63)}.`.repeat(3) + 'b', 'ISM0012'],
    ['cluster.local', 'ISM0038'],
    ['x.svc.cluster.local', 'ISM0038'],
    ['local', 'ISM0038'],
    ['localhost', 'ISM0038'],
    ['svc', 'ISM0038'],
    ['shop.local', 'ISM0038'],
  ])('as a domain: %s', (domain, code) => {
    expect(faults(gnsDocument({ domain }))).toEqual([`${code} spec.domain`]);
  });

  it.each([
    ['240.240.0.0/16', 'ISM0037'],
    ['240.0.0.0/8', 'ISM0037'],
    ['243.1.0.0/16', 'ISM0037'],
    ['127.0.0.0/16', 'ISM0037'],
    ['224.0.0.0/8', 'ISM0037'],
    ['10.0.0.0/7', 'ISM0037'],
    ['10.0.0.0/29', 'ISM0037'],
    ['10.0.0.1/16', 'ISM0014'],
    ['10.0.0.0', 'ISM0013'],
    ['10.0.0/8', 'ISM0013'],
    ['010.0.0.0/8', 'ISM0013'],
    ['fd00::/8', 'ISM0013'],
    ['10.0.0.0/33', 'ISM0013'],
  ])('as a VIP range: %s', (vipCIDR, code) => {
    expect(faults(gnsDocument({ vipCIDR }))).toEqual([`${code} spec.vipCIDR`]);
  });

  it.each([
    '{service}',
    '{domain}',
    '{svc}.{domain}',
    '{service}-.{domain}',
    'a b{service}.{domain}',
    '{service}.{domain}.{domain}',
  ])('as a host template: %s', (hostTemplate) => {
    expect(faults(gnsDocument({ hostTemplate }))).toEqual(['ISM0027 spec.hostTemplate']);
  });

  it.each([
    [[], 'ISM0020 spec.members'],
    [[{}], 'ISM0021 spec.members[0]'],
    [[{ clusters: {} }], 'ISM0021 spec.members[0].clusters'],
    [[{ services: { names: [] } }], 'ISM0022 spec.members[0].services.names'],
    [[{ services: { matchLabels: {} } }], 'ISM0021 spec.members[0].services.matchLabels'],
    [[{ services: { globs: ['a/*'] } }], 'ISM0026 spec.members[0].services.globs[0]'],
    [[{ clusters: { groups: ['A'] } }], 'ISM0009 spec.members[0].clusters.groups[0]'],
    [[{ namespaces: { groups: ['a'] } }], 'ISM0005 spec.members[0].namespaces.groups'],
    [
      [{ services: { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] } }],
      'ISM0025 spec.members[0].services.matchExpressions[0].values',
    ],
    [
      [{ services: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }],
      'ISM0025 spec.members[0].services.matchExpressions[0].values',
    ],
    [
      [{ services: { matchExpressions: [{ key: 'a', operator: 'in' }] } }],
      'ISM0008 spec.members[0].services.matchExpressions[0].operator',
    ],
  ])('as members: %j', (members, fault) => {
    expect(faults(gnsDocument({ members }))).toEqual([fault]);
  });

  it('as a list of more than 10,000 elements, and not as one of 10,000', () => {
    const names = Array.from({ length: MAX_ITEMS + 1 }, (_, index) => `n${index}`);
    expect(faults(gnsDocument({ members: [{ services: { names } }] }))).toEqual([
      'ISM0020 spec.members[0].services.names',
    ]);
    expect(faults(gnsDocument({ members: [{ services: { names: names.slice(1) } }] }))).toEqual([]);
  });

  it.each([
    [{ mesh: { kind: 'Istio' } }, 'ISM0008 spec.mesh.kind'],
    [{ mesh: { kind: 'istio', version: 1.3 } }, 'ISM0007 spec.mesh.version'],
    [{ locality: 'us-east-1' }, 'ISM0015 spec.locality'],
    [{ locality: 'a/b/c/d' }, 'ISM0015 spec.locality'],
    [{ locality: 'a//b' }, 'ISM0015 spec.locality'],
    [{ network: 'a/b' }, 'ISM0010 spec.network'],
    [{ trustDomain: 'Cluster.Local' }, 'ISM0012 spec.trustDomain'],
    [{ podCIDRs: ['10.0.0.0/16', '10.0.0.0'] }, 'ISM0013 spec.podCIDRs[1]'],
    [{ gateways: [{ address: 'https://gw.example.com' }] }, 'ISM0017 spec.gateways[0].address'],
    [{ gateways: [{ address: '10.0.0.1:15443' }] }, 'ISM0017 spec.gateways[0].address'],
    [{ gateways: [{ address: '256.0.0.1' }] }, 'ISM0017 spec.gateways[0].address'],
    [{ gateways: [{ address: '10.0.0.1', port: 0 }] }, 'ISM0016 spec.gateways[0].port'],
    [{ gateways: [{ address: '10.0.0.1', port: 65_536 }] }, 'ISM0016 spec.gateways[0].port'],
    [{ gateways: [{ address: '10.0.0.1', port: 1.5 }] }, 'ISM0016 spec.gateways[0].port'],
    [{ gateways: [{ address: '10.0.0.1', port: '80' }] }, 'ISM0007 spec.gateways[0].port'],
    [{ gateways: [{ address: '10.0.0.1', role: 'eastwest' }] }, 'ISM0008 spec.gateways[0].role'],
    [{ gateways: [{ address: '10.0.0.1', selector: {} }] }, 'ISM0021 spec.gateways[0].selector'],
  ])('in a cluster: %j', (spec, fault) => {
    expect(faults(clusterDocument(spec))).toEqual([fault]);
  });

  it.each([
    [{ objective: '1' }, 'ISM0023 spec.objective'],
    [{ objective: '0' }, 'ISM0023 spec.objective'],
    [{ objective: '0.0000001' }, 'ISM0023 spec.objective'],
    [{ objective: '0.000000' }, 'ISM0023 spec.objective'],
    [{ objective: '99.9%' }, 'ISM0023 spec.objective'],
    [{ objective: 0.999 }, 'ISM0007 spec.objective'],
    [{ indicator: { type: 'LATENCY' } }, 'ISM0024 spec.indicator.thresholdMs'],
    [{ indicator: { type: 'AVAILABILITY', thresholdMs: 5 } }, 'ISM0024 spec.indicator.thresholdMs'],
    [{ indicator: { type: 'LATENCY', thresholdMs: 0 } }, 'ISM0016 spec.indicator.thresholdMs'],
    [{ timeWindow: { duration: '28', isRolling: true } }, 'ISM0018 spec.timeWindow.duration'],
    [{ timeWindow: { duration: '59m', isRolling: true } }, 'ISM0018 spec.timeWindow.duration'],
    [{ timeWindow: { duration: '91d', isRolling: true } }, 'ISM0018 spec.timeWindow.duration'],
    [{ timeWindow: { duration: '28d', isRolling: false } }, 'ISM0008 spec.timeWindow.isRolling'],
    [{ targets: [] }, 'ISM0020 spec.targets'],
    [{ targets: [{ globalNamespace: 'a', service: 'a.b.c' }] }, 'ISM0009 spec.targets[0].service'],
  ])('in an objective: %j', (spec, fault) => {
    expect(faults(sloDocument(spec))).toEqual([fault]);
  });

  it.each([
    ['strict', 'did you mean STRICT?'],
    ['Permissive', 'did you mean PERMISSIVE?'],
    ['MUTUAL', 'one of DISABLE, PERMISSIVE, STRICT'],
  ])('as a mode in other letters: %s', (mode, hint) => {
    expect(hints(documentOf('EncryptionPolicy', { targets: [{ globalNamespace: 'a' }], mode }))).toEqual([hint]);
  });
});

describe('a field is accepted', () => {
  it.each(['a', 'a'.repeat(63), '0', 'a--b', '1a'])('as a name: %s', (name) => {
    expect(faults(documentOf('Project', {}, { name }))).toEqual([]);
  });

  it('as a domain of one label, with a warning and a resource', () => {
    const { resource, issues } = parseResource(gnsDocument({ domain: 'shop' }));
    expect(brief(issues)).toEqual(['ISM0039 spec.domain']);
    expect(resource).toBeDefined();
  });

  it.each(['shop.global', 'a.b.c', 'local.shop', 'svc.shop', `${'a'.repeat(62)}.${'b'.repeat(63)}.${'c'.repeat(62)}`])(
    'as a domain: %s',
    (domain) => {
      expect(faults(gnsDocument({ domain }))).toEqual([]);
    },
  );

  it.each(['240.64.0.0/12', '240.0.0.0/9', '240.241.0.0/16', '244.0.0.0/8', '10.0.0.0/28', '100.64.0.0/10'])(
    'as a VIP range: %s',
    (vipCIDR) => {
      expect(faults(gnsDocument({ vipCIDR }))).toEqual([]);
    },
  );

  it.each([
    '{service}.{domain}',
    '{service}.{namespace}.{domain}',
    'x-{service}-y.{domain}',
    '{namespace}-{service}.{domain}',
  ])('as a host template: %s', (hostTemplate) => {
    expect(faults(gnsDocument({ hostTemplate }))).toEqual([]);
  });

  it.each(['10.0.0.1', 'fd00::1', '::', '::ffff:10.0.0.1', 'gw.example.com', 'gw'])(
    'as a gateway address: %s',
    (address) => {
      expect(faults(clusterDocument({ gateways: [{ address }] }))).toEqual([]);
    },
  );

  it('as a gateway role in its alias, which becomes the canonical one; labels of that name stay', () => {
    const { resource } = parseResource({
      ...clusterDocument({ gateways: [{ address: '10.0.0.1', role: 'EastWest' }] }),
      metadata: { name: 'east', labels: { role: 'EastWest' } },
    });
    expect(resource).toMatchObject({
      metadata: { labels: { role: 'EastWest' } },
      spec: { gateways: [{ role: 'EAST_WEST' }] },
    });
  });

  it('as status of the server, which is left out', () => {
    const { resource } = parseResource({ ...gnsDocument(), status: { conditions: [] } });
    expect(resource).toEqual(gnsDocument());
  });

  it('as an element that stands twice, with a warning', () => {
    const spec = { targets: [{ globalNamespace: 'a' }, { globalNamespace: 'a' }], mode: 'STRICT' };
    expect(faults(documentOf('EncryptionPolicy', spec))).toEqual(['ISM0036 spec.targets[1]']);
  });

  it.each(['0.5', '0.999999', '0.000001', '0.10'])('as an objective: %s', (objective) => {
    expect(faults(sloDocument({ objective }))).toEqual([]);
  });

  it.each(['1h', '60m', '28d', '4w', '90d'])('as a window: %s', (duration) => {
    expect(faults(sloDocument({ timeWindow: { duration, isRolling: true } }))).toEqual([]);
  });
});

describe('for any value', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'a', 'metadata', 'spec', 'members'),
  );
  const anything = fc.oneof(
    fc.anything({ key: nasty, withNullPrototype: true }),
    fc.record({
      apiVersion: fc.constant('isthmus.dev/v1alpha1'),
      kind: fc.constantFrom(...RESOURCE_KINDS),
      metadata: fc.anything(),
      spec: fc.anything(),
    }),
    fc.record({ name: fc.string({ unit: 'binary' }) }).map((metadata) => gnsDocument({ ...metadata })),
  );

  it('parsing never throws, and a value without resource has an error with code, message and severity', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { resource, issues } = parseResource(value);
        expect(resource === undefined).toBe(issues.some(({ severity }) => severity === 'ERROR'));
        for (const { code, message, path } of issues) {
          expect(code).toMatch(/^ISM\d{4}$/);
          expect(message).toMatch(/^[\x20-\x7e…’]+$/);
          expect(typeof path).toBe('string');
        }
      }),
    );
  });

  it('a parsed resource parses to itself and shares nothing with the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(gnsDocument(), clusterDocument(), sloDocument()), (value) => {
        const { resource } = parseResource(value);
        expect(parseResource(resource).resource).toEqual(resource);
        expect(resource?.spec).not.toBe(value['spec']);
      }),
    );
  });
});
