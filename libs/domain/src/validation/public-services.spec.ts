import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.js';
import { lintResources } from '../lint/lint-resources.js';
import { istio, managedBy, reported } from '../lint/lint.fixture.js';
import { parseResource } from '../resources/parse-resource.js';
import { brief, clusterDocument, documentOf, gnsDocument } from '../resources/resource.fixture.js';
import type { Resource } from '../resources/types.js';
import { validateResources } from './validate-resources.js';

const LABELS = { app: 'istio-ingress', istio: 'ingressgateway' };

function deployment(at: string, labels: Record<string, string>): KubeObject {
  const [namespace = '', name = ''] = at.split('/');
  const spec = { template: { metadata: { labels }, spec: { containers: [{}] } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

const web: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
};
const named = (name: string, document: Record<string, unknown>) => ({ ...document, metadata: { name } });
const gateway = { namespace: 'istio-ingress', selector: { istio: 'ingressgateway' } };
const publicService = (name: string, spec: object = {}) =>
  named(
    name,
    documentOf('PublicService', {
      ...{ targets: [{ globalNamespace: 'some', service: 'web' }], hosts: ['shop.example.com'], gateways: [gateway] },
      ...spec,
    }),
  );
const tls = { mode: 'SIMPLE', credential: 'c' };

interface Scene {
  documents: Record<string, unknown>[];
  gns?: object;
  clusters?: Record<string, object>;
  objects?: KubeObject[];
}

function worldOf({ documents, gns = {}, clusters = { east: {} }, objects = [] }: Scene) {
  const east = Object.entries(clusters).map(([name, spec]) => named(name, clusterDocument(spec)));
  const resources = [gnsDocument(gns), ...east, ...documents].map((document): Resource => {
    const { resource, issues } = parseResource(document);
    if (resource === undefined) throw new Error(`the document has faults: ${brief(issues).join()}`);
    return resource;
  });
  const ingress = deployment('istio-ingress/ingress', LABELS);
  return { resources, inventories: new Map([['east', reported([web, ingress, ...objects])]]) };
}

function told(scene: Scene): string[] {
  const { resources, inventories } = worldOf(scene);
  return validateResources(resources, { inventories })
    .filter(({ code }) => code.startsWith('ISM093') || code === 'ISM0916' || code === 'ISM0129')
    .map(({ code, path, resource, cluster = '-' }) => `${code} ${resource?.name ?? ''} ${cluster} ${path}`);
}

describe('two public services', () => {
  const both = (a: object, b: object, more: Partial<Scene> = {}) =>
    told({ documents: [publicService('b', b), publicService('a', a)], ...more });

  it('cannot have one host at one port of a gateway: the second by name is told', () => {
    expect(both({}, {})).toEqual(['ISM0931 b east spec.hosts[0]']);
    expect(both({ tls }, { hosts: ['x.example.com', 'shop.example.com'], tls, http: { mode: 'OFF' } })).toEqual([
      'ISM0931 b east spec.hosts[1]',
    ]);
  });

  it('cannot have one host of different global namespaces either', () => {
    const other = named('other', gnsDocument({ domain: 'other.global' }));
    const targets = [{ globalNamespace: 'other', service: 'web' }];
    expect(told({ documents: [other, publicService('a'), publicService('b', { targets })] })).toContain(
      'ISM0931 b east spec.hosts[0]',
    );
  });

  it('meet also where their selectors differ and mean the same pods', () => {
    const gateways = [{ ...gateway, selector: { app: 'istio-ingress' } }];
    expect(both({}, { gateways })).toEqual(['ISM0931 b east spec.hosts[0]']);
    const elsewhere = [{ ...gateway, selector: { app: 'other' } }];
    const objects = [deployment('istio-ingress/other', { app: 'other' })];
    expect(both({}, { gateways: elsewhere }, { objects })).toEqual([]);
  });

  it.each([
    ['with other hosts', { hosts: ['other.example.com'] }],
    ['with a wildcard over the host', { hosts: ['*.example.com'] }],
    ['on another port', { http: { mode: 'SERVE', port: 8080 } }],
  ])('live beside each other %s', (_, spec) => {
    expect(both({}, spec)).toEqual([]);
  });

  it('live beside each other in different clusters', () => {
    const clusters = { east: {}, west: {} };
    const at = (name: string) => ({ gateways: [{ ...gateway, clusters: { names: [name] } }] });
    expect(both(at('east'), at('west'), { clusters })).toEqual([]);
  });

  it('cannot give a port two meanings', () => {
    const plain = { hosts: ['x.example.com'], http: { mode: 'SERVE', port: 443 } };
    expect(both(plain, { tls })).toEqual(['ISM0932 b east spec.tls']);
    expect(both({ tls: { mode: 'PASSTHROUGH' } }, plain)).toEqual(['ISM0932 b east spec.http']);
    expect(both({ tls: { mode: 'PASSTHROUGH' } }, { hosts: ['x.example.com'], tls })).toEqual([]);
  });
});

describe('a public service', () => {
  it('of hosts that are answered inside is refused', () => {
    expect(told({ documents: [publicService('a', { hosts: ['web.shop.global'] })] })).toEqual([
      'ISM0916 a - spec.hosts[0]',
    ]);
  });

  it('names services that are there, also behind paths', () => {
    const paths = [{ type: 'PREFIX', value: '/a', service: 'nobody' }];
    expect(told({ documents: [publicService('a', { paths })] })).toEqual(['ISM0129 a - spec.paths[0].service']);
    const targets = [{ globalNamespace: 'some', service: 'nobody' }];
    expect(told({ documents: [publicService('a', { targets })] })).toEqual(['ISM0129 a - spec.targets[0].service']);
  });

  it('needs a gateway, and hears where others were seen', () => {
    const gateways = [{ ...gateway, namespace: 'edge' }];
    const { resources, inventories } = worldOf({ documents: [publicService('a', { gateways })] });
    const [found] = validateResources(resources, { inventories }).filter(({ code }) => code === 'ISM0933');
    expect(found).toMatchObject({
      message: 'no workload of namespace edge in east has the labels of the selector',
      hint: 'seen: namespace istio-ingress with {istio: ingressgateway}',
    });
  });

  it('says nothing of gateways in clusters that are not known', () => {
    const gateways = [{ ...gateway, clusters: { names: ['west'] } }];
    expect(told({ documents: [publicService('a', { gateways })], clusters: { east: {}, west: {} } })).toEqual([]);
  });

  it('needs a cluster, and one that takes part in the global namespace', () => {
    const at = (names: string[]) => [publicService('a', { gateways: [{ ...gateway, clusters: { globs: names } }] })];
    expect(told({ documents: at(['no*']) })).toEqual(['ISM0933 a - spec.gateways[0].clusters']);
    const gns = { members: [{ clusters: { names: ['east'] }, namespaces: { names: ['shop'] } }] };
    const clusters = { east: {}, edge: {} };
    expect(told({ documents: at(['e*']), gns, clusters })).toEqual(['ISM0933 a edge spec.gateways[0]']);
    const consumers = [{ clusters: { names: ['edge'] }, namespaces: { names: ['istio-ingress'] } }];
    expect(told({ documents: at(['e*']), gns: { ...gns, consumers }, clusters })).toEqual([]);
  });

  it('cannot use a gateway beside an east-west gateway', () => {
    const clusters = { east: { gateways: [{ address: '10.0.0.1', namespace: 'istio-ingress' }] } };
    expect(told({ documents: [publicService('a')], clusters })).toEqual(['ISM0934 a east spec.gateways[0].namespace']);
  });

  it('of several clusters needs weights for records, for each cluster and no other', () => {
    const clusters = { east: {}, west: {} };
    const records = (dns: object | undefined) => told({ documents: [publicService('a', { dns })], clusters });
    const weight = (...names: string[]) => ({ weights: names.map((cluster) => ({ cluster, weight: 1 })) });
    expect(records({})).toEqual(['ISM0936 a - spec.dns']);
    expect(records(weight('east'))).toEqual(['ISM0936 a - spec.dns']);
    expect(records(weight('east', 'west', 'north'))).toEqual(['ISM0936 a - spec.dns.weights']);
    expect(records(weight('east', 'west'))).toEqual([]);
    expect(records(undefined)).toEqual([]);
    expect(told({ documents: [publicService('a', { dns: {} })] })).toEqual([]);
  });
});

describe('access policies around a public service', () => {
  const access = (spec: object) => documentOf('AccessPolicy', { targets: [{ globalNamespace: 'some' }], ...spec });
  const allow = (from: object) => ({ rules: [{ action: 'ALLOW', from: [from] }] });
  const around = (spec: object) => told({ documents: [publicService('a'), access(spec)] });

  it('lock its gateway out by default, and by rules for others', () => {
    expect(around({ default: 'DENY' })).toEqual(['ISM0937 a - spec.targets[0].service']);
    expect(around(allow({ namespaces: ['shop'] }))).toEqual(['ISM0937 a - spec.targets[0].service']);
  });

  it('are told for services behind paths, too', () => {
    const paths = [{ type: 'PREFIX', value: '/a', service: 'web' }];
    expect(told({ documents: [publicService('a', { paths }), access({ default: 'DENY' })] })).toEqual([
      'ISM0937 a - spec.paths[0].service',
      'ISM0937 a - spec.targets[0].service',
    ]);
  });

  it.each([
    ['admit its namespace', { default: 'DENY', ...allow({ namespaces: ['istio-ingress'] }) }],
    ['admit anyone', { default: 'DENY', ...allow({ anyone: true }) }],
    ['admit users', { default: 'DENY', ...allow({ userGroups: ['people'] }) }],
    ['are a rehearsal', { mode: 'AUDIT', default: 'DENY' }],
    ['are open', { default: 'ALLOW' }],
    ['are of another service', { targets: [{ globalNamespace: 'some', service: 'api' }], default: 'DENY' }],
  ])('are quiet when they %s', (_, spec) => {
    expect(around(spec).filter((text) => text.startsWith('ISM093'))).toEqual([]);
  });
});

describe('a Gateway of a user', () => {
  const server = (port: number, protocol: string, host: string) => ({
    port: { number: port, protocol },
    hosts: [host],
  });
  const mine = (spec: object) => istio('Gateway', 'shop/mine', { selector: gateway.selector, ...spec });
  const beside = (object: KubeObject) => told({ documents: [publicService('a', { tls })], objects: [object] });

  it.each([
    ['serves the host, too', { servers: [server(443, 'HTTPS', '*/shop.example.com')] }],
    ['has the port for something else', { servers: [server(443, 'HTTP', 'x.example.com')] }],
    ['answers plain requests for it', { servers: [server(80, 'HTTP', 'shop.example.com')] }],
    ['is for every gateway', { selector: undefined, servers: [server(443, 'TLS', 'shop.example.com')] }],
    [
      'means the same pods',
      { selector: { app: 'istio-ingress' }, servers: [server(443, 'HTTPS', 'shop.example.com')] },
    ],
  ])('is told when it %s', (_, spec) => {
    expect(beside(mine(spec))).toEqual(['ISM0938 shop/mine east spec.servers[0]']);
  });

  it.each([
    ['other hosts', mine({ servers: [server(443, 'HTTPS', 'x.example.com')] })],
    ['a wildcard, which gives way', mine({ servers: [server(443, 'HTTPS', '*.example.com')] })],
    ['another port', mine({ servers: [server(8443, 'HTTPS', 'shop.example.com')] })],
    ['other pods', mine({ selector: { app: 'other' }, servers: [server(443, 'HTTPS', 'shop.example.com')] })],
    ['what is ours', managedBy('isthmus', mine({ servers: [server(443, 'HTTPS', 'shop.example.com')] }))],
  ])('is not told for %s', (_, object) => {
    expect(beside(object)).toEqual([]);
  });

  it('is told also when nobody changed a resource', () => {
    const objects = [mine({ servers: [server(443, 'HTTPS', 'shop.example.com')] })];
    const { resources, inventories } = worldOf({ documents: [publicService('a', { tls })], objects });
    expect(brief(lintResources(resources, inventories))).toContain('ISM0938 spec.servers[0]');
  });
});
