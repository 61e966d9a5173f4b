import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventoryFromManifests } from '../inventory/from-manifests.js';
import type { KubeObject } from '../kube-object.js';
import { istio, lint, managedBy } from '../lint/lint.fixture.js';
import { gatherMeshConfig, MAX_CONFIG_CHARACTERS, MAX_OBJECTS } from './gather.js';
import { readMeshConfig } from './read-object.js';
import { MESH_CONFIG_KINDS } from './types.js';

const read = (kind: string, spec: object) => {
  const { kind: _kind, name: _name, ...said } = readMeshConfig(istio(kind, 'shop/mine', spec)) ?? { kind, name: '' };
  return said;
};

describe("a user's object", () => {
  it.each([
    ['is managed by Isthmus', managedBy('isthmus', istio('Gateway', 'a/b', {}))],
    ['is of another kind', istio('EnvoyFilter', 'a/b', {})],
    ['is of another API group', { ...istio('Gateway', 'a/b', {}), apiVersion: 'gateway.networking.k8s.io/v1' }],
    ['begins like the API group', { ...istio('Gateway', 'a/b', {}), apiVersion: 'networking.istio.io.evil/v1' }],
    ['has a name that no cluster takes', istio('Gateway', `a/${'b'.repeat(254)}`, {})],
    ['is attached to a waypoint', istio('AuthorizationPolicy', 'a/b', { targetRefs: [] })],
    ['selects by what is no label', istio('Gateway', 'a/b', { selector: { 'a b': 'c' } })],
    ['selects by what is no mapping', istio('PeerAuthentication', 'a/b', { selector: { matchLabels: ['a'] } })],
  ])('is not told when it %s', (_, object) => {
    expect(readMeshConfig(object)).toBeUndefined();
  });

  it.each(MESH_CONFIG_KINDS)('of kind %s without a spec says nothing but its name', (kind) => {
    const action = kind === 'AuthorizationPolicy' ? { action: 'ALLOW' } : {};
    expect(readMeshConfig({ ...istio(kind, 'shop/mine', {}), spec: undefined })).toEqual({
      kind,
      name: 'mine',
      ...action,
    });
  });

  it.each(MESH_CONFIG_KINDS)('of kind %s is read whatever stands in it', (kind) => {
    const key = fc.constantFrom(
      'hosts',
      'host',
      'egress',
      'servers',
      'port',
      'rules',
      'from',
      'source',
      'selector',
      'mtls',
    );
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.constant(null), fc.boolean()),
      tree: fc.oneof(
        { maxDepth: 4 },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string()), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (spec) => {
        const object = { ...istio(kind, 'shop/mine', {}), spec };
        expect(JSON.parse(JSON.stringify(readMeshConfig(object) ?? null))).toEqual(readMeshConfig(object) ?? null);
        expect(inventoryFromManifests([object]).issues).toEqual([]);
      }),
    );
  });

  it('says that it is cut where a list or a text is too long to be told', () => {
    const hosts = Array.from({ length: 65 }, (_, index) => `h${index}.example`);
    expect(read('VirtualService', { hosts })).toEqual({ hosts: hosts.slice(0, 64), cut: true });
    expect(read('VirtualService', { hosts: hosts.slice(0, 64) })).not.toHaveProperty('cut');
    expect(read('VirtualService', { hosts: ['a'.repeat(513), 'b'] })).toEqual({ hosts: ['b'], cut: true });
    expect(read('VirtualService', { hosts: ['a'.repeat(512)] })).not.toHaveProperty('cut');
  });

  it('says of a DestinationRule the TLS mode that is none of the mesh, wherever it stands', () => {
    const tls = (mode: string) => ({ trafficPolicy: { tls: { mode } } });
    expect(read('DestinationRule', { host: 'a', ...tls('ISTIO_MUTUAL') })).toEqual({
      hosts: ['a'],
      tls: 'ISTIO_MUTUAL',
    });
    expect(read('DestinationRule', { ...tls('ISTIO_MUTUAL'), subsets: [{ name: 'v1', ...tls('SIMPLE') }] })).toEqual({
      subsets: ['v1'],
      tls: 'SIMPLE',
    });
  });

  it('says of a PeerAuthentication its modes, those of ports too, and nothing of UNSET', () => {
    expect(
      read('PeerAuthentication', {
        selector: { matchLabels: { app: 'a' } },
        mtls: { mode: 'UNSET' },
        portLevelMtls: { 80: { mode: 'DISABLE' }, 81: { mode: 'UNSET' }, 0: { mode: 'STRICT' }, x: { mode: 'STRICT' } },
      }),
    ).toEqual({ selector: { app: 'a' }, portMtls: [{ port: 80, mode: 'DISABLE' }] });
  });

  it('says of an AuthorizationPolicy who is named, at which ports, and whether it looks at requests', () => {
    const rules = [
      {
        from: [{ source: { principals: ['p'], notNamespaces: ['n'] } }, { source: { namespaces: ['n'] } }],
        to: [{ operation: { ports: ['80', 'x'], methods: ['GET'] } }],
      },
      { to: [{ operation: { ports: ['80'] } }, { operation: { paths: ['/'] } }] },
      {},
    ];
    expect(read('AuthorizationPolicy', { action: 'DENY', rules })).toEqual({
      action: 'DENY',
      rules: [
        { from: [{ principals: ['p'], other: true }, { namespaces: ['n'] }], ports: [80], l7: true },
        { l7: true },
        {},
      ],
    });
  });
});

describe('the objects of a namespace', () => {
  const object = (name: string, hosts: string[] = []) => ({ kind: 'VirtualService', name, hosts });

  it('are none rather than an empty list', () => {
    expect(gatherMeshConfig([])).toBeUndefined();
  });

  it('are the same whatever their order, up to a number of them', () => {
    const names = Array.from({ length: MAX_OBJECTS + 3 }, (_, index) => object(`v${index}`));
    const whole = gatherMeshConfig(names);
    expect(whole).toMatchObject({ left: 3 });
    expect(whole?.objects).toHaveLength(MAX_OBJECTS);
    expect(gatherMeshConfig([...names].reverse())).toEqual(whole);
    expect(gatherMeshConfig(names.slice(3))).not.toHaveProperty('left');
  });

  it('are told up to a size', () => {
    const large = Array.from({ length: 60 }, (_, index) => object(`v${index}`, [`${index}`.padStart(16_000, 'x')]));
    const told = gatherMeshConfig(large);
    expect(JSON.stringify(told?.objects).length).toBeLessThanOrEqual(MAX_CONFIG_CHARACTERS + 100);
    expect((told?.objects.length ?? 0) + (told?.left ?? 0)).toBe(60);
  });

  it('say the same of global hosts in any order', () => {
    const objects: KubeObject[] = [
      istio('VirtualService', 'shop/a', { hosts: ['reviews.shop.global', '*.global'] }),
      istio('DestinationRule', 'shop/b', { host: '*.shop.global', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
      istio('Sidecar', 'shop/c', { egress: [{ hosts: ['./*'] }] }),
      istio('PeerAuthentication', 'books/d', { mtls: { mode: 'DISABLE' } }),
      istio('AuthorizationPolicy', 'books/e', {}),
    ];
    const said = lint({ owner: objects, mode: 'STRICT' });
    expect(said.length).toBeGreaterThan(4);
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        expect(lint({ owner: shuffled, mode: 'STRICT' })).toEqual(said);
      }),
      { numRuns: 20 },
    );
  });
});
