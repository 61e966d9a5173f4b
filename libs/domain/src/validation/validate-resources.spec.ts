import { describe, expect, it } from 'vitest';
import { inventoryOf, namespaceNamed, serviceNamed } from '../inventory/inventory.fixture.js';
import type { ClusterInventory } from '../inventory/types.js';
import { parseResource } from '../resources/parse-resource.js';
import { documentOf } from '../resources/resource.fixture.js';
import type { Resource } from '../resources/types.js';
import { validateResources } from './validate-resources.js';

function resource(kind: string, spec: object, metadata: object): Resource {
  const { resource: parsed, issues } = parseResource(documentOf(kind, spec, metadata));
  if (parsed === undefined) throw new Error(JSON.stringify(issues));
  return parsed;
}

const NETWORKS = { podCIDRs: ['10.1.0.0/16'], serviceCIDRs: ['10.2.0.0/16'] };
const gateways = [{ address: '10.0.0.1' }];
const cluster = (name: string, spec: object = {}, labels: object = {}) =>
  resource('Cluster', { mesh: { kind: 'istio' }, gateways, ...NETWORKS, ...spec }, { name, labels });
const gns = (name: string, spec: object = {}, metadata: object = {}) =>
  resource(
    'GlobalNamespace',
    { domain: `${name}.global`, members: [{ namespaces: { names: ['shop'] } }], ...spec },
    { name, ...metadata },
  );
const encryption = (name: string, mode: string, globalNamespace: string) =>
  resource('EncryptionPolicy', { targets: [{ globalNamespace }], mode }, { name });
const objective = (target: object) =>
  resource(
    'SloPolicy',
    {
      targets: [{ globalNamespace: 'shop', ...target }],
      indicator: { type: 'AVAILABILITY' },
      objective: '0.9',
      timeWindow: { duration: '7d', isRolling: true },
    },
    { name: 'slo' },
  );

const shop = inventoryOf(namespaceNamed('shop', [serviceNamed('web')]));
const clients = inventoryOf(namespaceNamed('shop'));
const idle = inventoryOf(namespaceNamed('other'));
const check = (resources: Resource[], inventories: Record<string, ClusterInventory> = {}) =>
  validateResources(resources, { inventories: new Map(Object.entries(inventories)) });
const faults = (...given: Parameters<typeof check>) =>
  check(...given).map(({ code, path, resource: ref }) => `${code} ${ref?.kind}/${ref?.name} ${path}`);

describe('domains', () => {
  it.each([
    ['a.global', 'a.global', 'two'],
    ['a.global', 'b.a.global', 'two'],
    ['d.c.b.a.global', 'a.global', 'one'],
  ])('that overlap are refused, equal or one under the other: %s and %s', (first, second, name) => {
    const issues = faults([gns('one', { domain: first }), gns('two', { domain: second }, { project: 'default' })]);
    expect(issues).toEqual([`ISM0110 GlobalNamespace/${name} spec.domain`]);
  });

  it('that only look alike are fine', () => {
    const domains = ['shop.global', 'myshop.global', 'global.shop', 'shop.global2'];
    expect(faults(domains.map((domain, index) => gns(`g${index}`, { domain })))).toEqual([]);
  });
});

describe('names must exist', () => {
  it('of a project', () => {
    const issues = check([resource('Project', {}, { name: 'payments' }), gns('shop', {}, { project: 'paymnets' })]);
    expect(issues).toMatchObject([{ code: 'ISM0128', path: 'metadata.project', hint: 'did you mean payments?' }]);
    expect(faults([resource('Project', {}, { name: 'payments' }), gns('shop', {}, { project: 'payments' })])).toEqual(
      [],
    );
  });

  it('of a target, in the project of the policy', () => {
    const issues = check([gns('bookinfo'), encryption('strict', 'STRICT', 'bookinf0')]);
    expect(issues).toMatchObject([
      { code: 'ISM0111', path: 'spec.targets[0].globalNamespace', hint: 'did you mean bookinfo?' },
    ]);
    const other = [
      resource('Project', {}, { name: 'p' }),
      gns('shop'),
      resource(
        'EncryptionPolicy',
        { targets: [{ globalNamespace: 'shop' }], mode: 'STRICT' },
        { name: 'e', project: 'p' },
      ),
    ];
    expect(faults(other)).toEqual(['ISM0111 EncryptionPolicy/e spec.targets[0].globalNamespace']);
  });

  it('of clusters and groups in rules and groups', () => {
    const spec = { members: [{ clusters: { names: ['esat'] } }], exclude: [{ clusters: { groups: ['eu'] } }] };
    expect(faults([cluster('east'), gns('shop', spec)])).toEqual([
      'ISM0127 GlobalNamespace/shop spec.exclude[0].clusters.groups[0]',
      'ISM0126 GlobalNamespace/shop spec.members[0].clusters.names[0]',
    ]);
    expect(
      faults([cluster('east'), resource('ClusterGroup', { clusters: { names: ['east', 'x'] } }, { name: 'eu' })]),
    ).toEqual(['ISM0126 ClusterGroup/eu spec.clusters.names[1]']);
  });

  it('of the service of an objective, where members are known', () => {
    const issues = check([cluster('east'), gns('shop'), objective({ service: 'wbe' })], { east: shop });
    expect(issues).toMatchObject([{ code: 'ISM0129', severity: 'WARNING', hint: 'did you mean web?' }]);
    expect(faults([cluster('east'), gns('shop'), objective({ service: 'web.shop' })], { east: shop })).toEqual([]);
    expect(faults([cluster('east'), gns('shop'), objective({ service: 'wbe' })])).toEqual([]);
  });
});

describe('rules', () => {
  it('that select nothing get a warning, but not while nothing is known', () => {
    const spec = { members: [{ namespaces: { names: ['shop'] } }, { services: { names: ['none'] } }] };
    expect(faults([cluster('east'), gns('shop', spec)], { east: shop })).toEqual([
      'ISM0125 GlobalNamespace/shop spec.members[1]',
    ]);
    expect(faults([cluster('east'), gns('shop', spec)])).toEqual([]);
  });

  it('of groups without clusters get a warning', () => {
    expect(
      faults([cluster('east'), resource('ClusterGroup', { clusters: { matchLabels: { a: 'b' } } }, { name: 'eu' })]),
    ).toEqual(['ISM0132 ClusterGroup/eu spec.clusters']);
  });
});

describe('claims', () => {
  it('two encryption policies on one global namespace: the strictest wins, the other is told', () => {
    const policies = [
      encryption('b', 'PERMISSIVE', 'shop'),
      encryption('a', 'DISABLE', 'shop'),
      encryption('c', 'STRICT', 'shop'),
    ];
    expect(faults([gns('shop'), ...policies])).toEqual([
      'ISM0112 EncryptionPolicy/a spec.targets[0]',
      'ISM0112 EncryptionPolicy/b spec.targets[0]',
    ]);
  });

  it('one host from two namespaces of a cluster is refused, with the template as the way out', () => {
    const both = inventoryOf(
      namespaceNamed('shop', [serviceNamed('web')]),
      namespaceNamed('bank', [serviceNamed('web')]),
    );
    const members = [{ namespaces: { names: ['shop', 'bank'] } }];
    const [issue] = check([cluster('east'), gns('shop', { members })], { east: both });
    expect(issue).toMatchObject({
      code: 'ISM0113',
      cluster: 'east',
      hint: expect.stringContaining('{namespace}') as string,
    });
    const templated = gns('shop', { members, hostTemplate: '{service}.{namespace}.{domain}' });
    expect(faults([cluster('east'), templated], { east: both })).toEqual([]);
  });

  it('one host from two clusters is one service', () => {
    expect(faults([cluster('east'), cluster('west'), gns('shop')], { east: shop, west: shop })).toEqual([]);
  });

  it('one service in two global namespaces is refused at the second by name', () => {
    expect(faults([cluster('east'), gns('b'), gns('a')], { east: shop })).toEqual([
      'ISM0114 GlobalNamespace/b spec.members',
    ]);
  });
});

describe('an owner that others call', () => {
  const two = (east: object = {}, west: object = {}) => [cluster('east', east), cluster('west', west), gns('shop')];
  const NO_GATEWAY = 'ISM0115 Cluster/east spec.gateways';

  it('needs a gateway', () => {
    expect(faults(two({ gateways: [] }), { east: shop, west: clients })).toEqual([NO_GATEWAY]);
    expect(faults(two({ gateways: [] }), { east: shop })).toEqual([NO_GATEWAY]);
  });

  it('needs none that is declared if one was found, and none at all if nobody else calls', () => {
    const gateway = { namespace: 'istio-system', service: 'ew', addresses: ['10.0.0.1'], port: 15443, selector: {} };
    expect(faults(two({ gateways: [] }), { east: { ...shop, gateways: [gateway] }, west: clients })).toEqual([]);
    expect(faults(two({ gateways: [] }), { east: shop, west: idle })).toEqual([]);
  });

  it('cannot be reached in plaintext', () => {
    const issues = faults([...two(), encryption('off', 'DISABLE', 'shop')], { east: shop, west: clients });
    expect(issues).toEqual(['ISM0118 EncryptionPolicy/off spec.mode']);
    expect(faults([...two(), encryption('off', 'DISABLE', 'shop')], { east: shop, west: idle })).toEqual([]);
  });

  it('refuses callers of another trust domain, unless its mesh accepts them', () => {
    const [issue] = check(two({ trustDomain: 'a' }, { trustDomain: 'b' }), { east: shop, west: clients });
    expect(issue).toMatchObject({
      code: 'ISM0120',
      cluster: 'east',
      hint: expect.stringContaining('trustDomains: [b]') as string,
    });
    const accepting = { ...shop, mesh: { acceptedTrustDomains: ['a', 'b'] } };
    expect(faults(two({ trustDomain: 'a' }, { trustDomain: 'b' }), { east: accepting, west: clients })).toEqual([]);
  });
});

describe('networks', () => {
  it.each(['podCIDRs', 'serviceCIDRs'])('of %s that overlap the VIP range are refused', (field) => {
    const [issue] = check([cluster('east', { [field]: ['240.70.0.0/16'] }), gns('shop')]);
    expect(issue).toMatchObject({ code: 'ISM0116', path: 'spec.vipCIDR', cluster: 'east' });
  });

  it('beside the VIP range are fine, unknown ones a warning, clusters outside of the rules are not asked', () => {
    expect(faults([cluster('east', { podCIDRs: ['240.80.0.0/16'] }), gns('shop')])).toEqual([]);
    expect(faults([cluster('east', { podCIDRs: undefined }), gns('shop')])).toEqual([
      'ISM0117 Cluster/east spec.podCIDRs',
    ]);
    const spec = { members: [{ clusters: { names: ['east'] } }] };
    expect(faults([cluster('east'), cluster('west', { podCIDRs: ['240.64.0.0/12'] }), gns('shop', spec)])).toEqual([]);
  });
});

describe('VIP ranges', () => {
  it.each(['8.8.8.0/24', '9.0.0.0/8', '172.0.0.0/8', '100.0.0.0/9', '192.0.0.0/16'])(
    'that are routed on the internet are warned of: %s',
    (vipCIDR) => {
      expect(check([gns('shop', { vipCIDR })])).toMatchObject([
        { code: 'ISM0133', severity: 'WARNING', path: 'spec.vipCIDR', resource: { name: 'shop' } },
      ]);
    },
  );

  it.each([
    '10.0.0.0/8',
    '172.16.0.0/12',
    '172.31.255.0/24',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '198.18.0.0/15',
    '241.0.0.0/8',
    '240.64.0.0/12',
  ])('that are not are fine: %s', (vipCIDR) => expect(faults([gns('shop', { vipCIDR })])).toEqual([]));

  it('are not judged where none is given', () => expect(faults([gns('shop')])).toEqual([]));
});

describe('meshes', () => {
  it('without renderer are refused where a global namespace reaches, and only there', () => {
    const linkerd = cluster('east', { mesh: { kind: 'linkerd' } });
    expect(faults([linkerd, gns('shop')])).toEqual(['ISM0119 Cluster/east spec.mesh.kind']);
    expect(faults([cluster('east', { mesh: { kind: 'istio', mode: 'ambient' } }), gns('shop')])).toEqual([
      'ISM0119 Cluster/east spec.mesh.mode',
    ]);
    expect(faults([linkerd])).toEqual([]);
  });

  it('that differ from the record get a warning; a version fits by as many parts as the record names', () => {
    const found = (mesh: ClusterInventory['mesh']) => ({ east: { ...idle, mesh } });
    const record = cluster('east', { mesh: { kind: 'istio', version: '1.30' } });
    expect(faults([record], found({ kind: 'istio', version: '1.30.4' }))).toEqual([]);
    expect(faults([record], found({ version: '1.29.1', trustDomain: 'x' }))).toEqual([
      'ISM0130 Cluster/east spec.mesh.version',
      'ISM0130 Cluster/east spec.trustDomain',
    ]);
  });
});

it('10,000 services, 1,000 global namespaces and their policies are checked without a fault', () => {
  const namespaces = Array.from({ length: 1000 }, (_, n) =>
    namespaceNamed(
      `n${n}`,
      Array.from({ length: 10 }, (__, index) => serviceNamed(`s${index}`)),
    ),
  );
  const all = Array.from({ length: 1000 }, (_, n) => gns(`g${n}`, { members: [{ namespaces: { names: [`n${n}`] } }] }));
  const policies = all.map(({ metadata }) => encryption(metadata.name, 'STRICT', metadata.name));
  expect(
    faults([cluster('east'), cluster('west'), ...all, ...policies], { east: inventoryOf(...namespaces), west: idle }),
  ).toEqual([]);
});
