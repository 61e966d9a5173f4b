import type { GnsView, HostEntry, HostView, KubeMetadata, LocalFacts, NameValue } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, sortedJson } from '../../content-hash.js';
import { mergeResults } from '../../render-result.js';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { goldenCases } from './golden-cases.fixture.js';
import { istioRenderer } from './istio-renderer.js';

/** What YAML is written from: the same text, the same bytes. */
const bytes = ({ objects, issues }: RenderResult): string => sortedJson([objects.map(({ object }) => object), issues]);

const rendered = goldenCases().flatMap(({ name, view, locals }) => locals.map((local) => ({ name, view, local })));
const anyCase = fc.constantFrom(...rendered);

/** The same value with every list in another order. Lists of the view are sets. */
function shuffled(view: GnsView, local: LocalFacts, seed: number): { view: GnsView; local: LocalFacts } {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648);
  const mix = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const keyed = value.map((item) => ({ key: next(), item: mix(item) }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    }
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([key, field]) => ({ order: next(), key, field: mix(field) }));
    return Object.fromEntries(fields.sort((a, b) => a.order - b.order).map(({ key, field }) => [key, field]));
  };
  return mix({ view, local }) as { view: GnsView; local: LocalFacts };
}

const port = fc.record({ number: fc.constantFrom(80, 81, 9000), targetPort: fc.constantFrom(80, 8080) });
const member = (host: string) =>
  fc.record({
    kind: fc.constant('member' as const),
    host: fc.constant(host),
    cluster: fc.constantFrom('east', 'west', 'onprem'),
    namespace: fc.constantFrom('blue', 'green'),
    service: fc.constantFrom('s'),
    state: fc.constantFrom('wanted' as const, 'served' as const, 'draining' as const),
    selector: fc.constantFrom<NameValue[]>([{ name: 'app', value: 's' }], []),
    serviceAccounts: fc.constantFrom<string[] | undefined>(['s'], ['s', 't'], undefined),
    ports: fc.uniqueArray(port, { selector: ({ number }) => number, maxLength: 3 }),
  });
const hostView = (name: string): fc.Arbitrary<HostView> =>
  fc.record({
    host: fc.constant<HostEntry>({
      kind: 'host',
      host: `${name}.x.global`,
      service: name,
      vip: '240.64.0.1',
      ports: [80, 81].map((number) => ({ number, name: `http-${number}`, protocol: 'HTTP' as const })),
    }),
    members: fc.array(member(`${name}.x.global`), { maxLength: 4 }),
  });

const viewOf = (hosts: HostView[], mode: 'STRICT' | 'PERMISSIVE'): GnsView => ({
  gns: {
    kind: 'gns',
    project: 'p',
    name: 'x',
    domain: 'x.global',
    consumers: [{ clusters: ['east', 'west'], namespaces: { names: ['shop'] } }],
  },
  encryption: { kind: 'encryption', mode },
  slos: [],
  clusters: ['east', 'west', 'onprem'].map((name, index) => ({
    kind: 'cluster' as const,
    name,
    mesh: 'istio' as const,
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    gateways: [
      {
        address: `10.0.0.${index}`,
        port: 15443,
        namespace: 'istio-system',
        selector: [{ name: 'istio', value: 'eastwestgateway' }],
      },
    ],
  })),
  hosts,
});
const local: LocalFacts = {
  cluster: 'east',
  namespaces: [{ name: 'shop', labels: {} }],
  agentNamespace: 'isthmus-system',
};

interface Entry {
  metadata: KubeMetadata;
  spec: {
    addresses: string[];
    exportTo: string[];
    resolution: string;
    subjectAltNames?: string[];
    workloadSelector?: object;
    ports: { number: number }[];
    endpoints?: object[];
  };
}

const sharedFields = ({ addresses, exportTo, resolution, subjectAltNames }: Entry['spec']) => ({
  addresses,
  exportTo,
  resolution,
  subjectAltNames,
});

const portsOf = (entries: Entry[]) =>
  [...new Set(entries.flatMap(({ spec }) => spec.ports.map(({ number }) => number)))].sort((a, b) => a - b);

/** Client service entries by host. */
function clientEntries(one: { view: GnsView; local: LocalFacts }): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const { side, host = '', object } of istioRenderer.render(one.view, one.local).objects) {
    if (side !== 'client' || object.kind !== 'ServiceEntry') continue;
    found.set(host, [...(found.get(host) ?? []), object as unknown as Entry]);
  }
  return found;
}

describe('the Istio renderer', { timeout: 30_000 }, () => {
  it('gives the same bytes whatever the order of its input', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (one, seed) => {
        const other = shuffled(one.view, one.local, seed);
        expect(bytes(istioRenderer.render(other.view, other.local))).toBe(
          bytes(istioRenderer.render(one.view, one.local)),
        );
      }),
    );
  });

  it('does not change its input', () => {
    for (const one of rendered) {
      const before = JSON.stringify([one.view, one.local]);
      istioRenderer.render(one.view, one.local);
      expect(JSON.stringify([one.view, one.local])).toBe(before);
    }
  });

  it('never gives two objects one name, and names them with labels of DNS', () => {
    for (const one of rendered) {
      const { objects } = istioRenderer.render(one.view, one.local);
      const keys = objects.map(
        ({ object: { kind, metadata } }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
      );
      expect(new Set(keys).size).toBe(keys.length);
      for (const { object } of objects) expect(object.metadata.name).toMatch(/^[a-z0-9][-a-z0-9]{0,61}[a-z0-9]$/);
    }
  });

  it('never gives objects of two global namespaces one name, though they share namespaces and services', () => {
    const key = ({ object: { kind, metadata } }: RenderedObject) =>
      `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    for (const one of rendered) {
      const keys = ['bookinfo.global', 'bookinfo-global.x', 'global.bookinfo'].flatMap((domain) => {
        const text = JSON.stringify(one.view).replaceAll('bookinfo.global', domain);
        return istioRenderer.render(JSON.parse(text) as GnsView, one.local).objects.map(key);
      });
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('writes into each object the hash of its own content', () => {
    for (const one of rendered) {
      for (const { object } of istioRenderer.render(one.view, one.local).objects) {
        expect(object.metadata.annotations?.['isthmus.dev/content-hash']).toBe(contentHash(object));
      }
    }
  });

  it('renders all as the union of what is shared and of each host', () => {
    for (const one of rendered) {
      const prepared = istioRenderer.prepare(one.view, one.local);
      const union = mergeResults([prepared.shared(), ...one.view.hosts.map((host) => prepared.host(host))]);
      expect(bytes(union)).toBe(bytes(istioRenderer.render(one.view, one.local)));
    }
  });

  it('needs to render only changed hosts again while the fingerprint stays', () => {
    const hosts = fc.tuple(hostView('a'), hostView('b'), hostView('c'));
    const mode = fc.constantFrom('STRICT' as const, 'PERMISSIVE' as const);
    let kept = 0;
    fc.assert(
      fc.property(hosts, hostView('b'), fc.tuple(mode, mode), ([a, b, c], changed, [before, after]) => {
        const old = istioRenderer.prepare(viewOf([a, b, c], before), local);
        const view = viewOf([a, changed, c], after);
        const now = istioRenderer.prepare(view, local);
        fc.pre(old.fingerprint === now.fingerprint);
        kept++;
        const incremental = mergeResults([old.shared(), old.host(a), now.host(changed), old.host(c)]);
        expect(bytes(incremental)).toBe(bytes(istioRenderer.render(view, local)));
      }),
      { numRuns: 100, maxSkipsPerRun: 1000 },
    );
    expect(kept).toBeGreaterThanOrEqual(100);
  });

  it('never lets a gateway see the view of clients', () => {
    for (const one of rendered) {
      for (const { side, object } of istioRenderer.render(one.view, one.local).objects) {
        const { exportTo } = object.spec as { exportTo?: string[] };
        if (side === 'client') expect(exportTo).not.toContain('istio-system');
        if (object.kind === 'ServiceEntry' && side === 'owner') expect(exportTo).toEqual(['.']);
      }
    }
  });

  it('offers the same address, identities and resolution in all client service entries of a host', () => {
    for (const one of rendered) {
      for (const entries of clientEntries(one).values()) {
        const common = entries.map(({ metadata, spec }) =>
          JSON.stringify([metadata.namespace, metadata.labels, sharedFields(spec)]),
        );
        expect(new Set(common).size).toBe(1);
      }
    }
  });

  it('never trusts just anybody of the mesh: an entry without identities selects local pods and stands alone', () => {
    const check = (one: { view: GnsView; local: LocalFacts }): void => {
      for (const entries of clientEntries(one).values()) {
        const open = entries.filter(({ spec }) => (spec.subjectAltNames ?? []).length === 0);
        expect(open.every(({ spec }) => spec.workloadSelector !== undefined && spec.endpoints === undefined)).toBe(
          true,
        );
        if (open.length > 0) expect(entries).toHaveLength(1);
      }
    };
    rendered.forEach(check);
    const hosts = fc.tuple(hostView('a'), hostView('b'));
    fc.assert(fc.property(hosts, (views) => check({ view: viewOf(views, 'STRICT'), local })));
  });

  it('never puts the view of clients, nor a policy of members, where gateways live', () => {
    for (const one of rendered) {
      const self = one.view.clusters.find(({ name }) => name === one.local.cluster);
      const closed = new Set((self?.gateways ?? []).map(({ namespace }) => namespace));
      for (const { side, object } of istioRenderer.render(one.view, one.local).objects) {
        if (side === 'owner' && object.kind !== 'PeerAuthentication') continue;
        expect(closed.has(object.metadata.namespace ?? '')).toBe(false);
      }
    }
  });

  it('offers the same ports for local pods as for remote gateways, whichever istiod takes them from', () => {
    let compared = 0;
    for (const one of rendered) {
      for (const entries of clientEntries(one).values()) {
        const local = portsOf(entries.filter(({ spec }) => spec.workloadSelector !== undefined));
        const remote = portsOf(entries.filter(({ spec }) => spec.workloadSelector === undefined));
        if (local.length === 0 || remote.length === 0) continue;
        compared++;
        expect(remote).toEqual(local);
      }
    }
    expect(compared).toBeGreaterThan(10);
  });
});
