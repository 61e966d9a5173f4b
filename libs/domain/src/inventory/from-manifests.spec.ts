import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.js';
import { brief } from '../resources/resource.fixture.js';
import { inventoryFromManifests } from './from-manifests.js';

const object = (kind: string, name: string, rest: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: ['Service', 'Namespace', 'ConfigMap', 'Pod'].includes(kind) ? 'v1' : 'apps/v1',
  kind,
  ...rest,
  metadata: { name, namespace: 'shop', ...(rest['metadata'] as object) },
});
const service = (spec: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  object('Service', 'web', { spec, ...rest });
const inventory = (...objects: KubeObject[]) => inventoryFromManifests(objects).inventory;
const firstService = (one: KubeObject) => inventory(one).namespaces[0]?.services[0];
const firstWorkload = (one: KubeObject) => inventory(one).namespaces[0]?.workloads[0];
const faults = (one: KubeObject) => brief(inventoryFromManifests([one]).issues);

describe('a manifest that is not understood is left out with an issue', () => {
  it.each([
    [service({ ports: [{ port: 0 }] }), 'ISM0140 spec.ports[0].port'],
    [service({ ports: [{ port: '80' }] }), 'ISM0140 spec.ports[0].port'],
    [service({ ports: [{}] }), 'ISM0140 spec.ports[0]'],
    [service({ ports: { a: 1 } }), 'ISM0140 spec.ports'],
    [service({ ports: [{ port: 80, protocol: 'tcp' }] }), 'ISM0140 spec.ports[0].protocol'],
    [service({ ports: [{ port: 80, targetPort: 70_000 }] }), 'ISM0140 spec.ports[0].targetPort'],
    [service({ ports: [{ port: 80, targetPort: 'Not/A/Name' }] }), 'ISM0140 spec.ports[0].targetPort'],
    [service({ type: 'Cluster' }), 'ISM0140 spec.type'],
    [service({ selector: ['app'] }), 'ISM0140 spec.selector'],
    [service({ selector: { app: 1 } }), 'ISM0140 spec.selector.app'],
    [service({ selector: { app: 'a\u0000b' } }), 'ISM0140 spec.selector.app'],
    [service({ selector: { app: 'a/b' } }), 'ISM0140 spec.selector.app'],
    [service({ selector: { '../app': 'a' } }), 'ISM0140 spec.selector["../app"]'],
    [service({}, { metadata: { labels: { tier: 'a\ud800' } } }), 'ISM0140 metadata.labels.tier'],
    [service({}, { metadata: { labels: { tier: 'a'.repeat(64) } } }), 'ISM0140 metadata.labels.tier'],
    [service({ ports: [{ port: 80, name: 'ht\ntp' }] }), 'ISM0140 spec.ports[0].name'],
    [service({ ports: [{ port: 80, appProtocol: 'h2\u0000' }] }), 'ISM0140 spec.ports[0].appProtocol'],
    [object('Service', 'Not A Name'), 'ISM0140 metadata.name'],
    [object('Deployment', 'web', { spec: {} }), 'ISM0140 spec.template'],
    [object('Pod', 'web'), 'ISM0140'],
    [object('ConfigMap', 'istio', { data: { mesh: '{' } }), 'ISM0140 data.mesh'],
    [object('Service', 'web', { metadata: { namespace: 'A/B' } }), 'ISM0140 metadata.namespace'],
  ])('%#', (one, fault) => {
    expect(faults(one)).toEqual([fault]);
  });

  it('as a whole: a service without its wrong port, label or selector would be another service', () => {
    expect(firstService(service({ ports: [{ port: 80 }, { port: 0 }] }))).toBeUndefined();
    expect(firstService(service({ selector: { app: 'web', tier: 'a b' } }))).toBeUndefined();
    const template = { metadata: { labels: { app: 'a b' } }, spec: {} };
    expect(firstWorkload(object('Deployment', 'web', { spec: { template } }))).toBeUndefined();
  });

  it('and a namespace whose labels are wrong is not readable, so what was known of it stays', () => {
    const named = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank', labels: { a: 'b c' } } };
    expect(inventory(named).namespaces).toMatchObject([{ name: 'bank', readable: false }]);
  });

  it('but kinds of other API groups are not judged', () => {
    const foreign = { apiVersion: 'batch.example.com/v1', kind: 'Job', metadata: { name: 'web', namespace: 'shop' } };
    expect(inventoryFromManifests([foreign])).toMatchObject({ issues: [], inventory: { namespaces: [] } });
  });

  it('with its kind, namespace and name', () => {
    const [found] = inventoryFromManifests([service({ type: 'x' })]).issues;
    expect(found?.resource).toEqual({ kind: 'Service', name: 'shop/web' });
  });
});

describe('services', () => {
  it('carry what discovery needs, with the target port of the manifest or else the port', () => {
    const spec = {
      selector: { b: '2', a: '1' },
      ports: [
        { name: 'http', port: 80, targetPort: 'web', appProtocol: 'http2' },
        { port: 53, protocol: 'UDP' },
      ],
    };
    expect(firstService(service(spec, { metadata: { labels: { tier: 'app' } } }))).toEqual({
      name: 'web',
      labels: { tier: 'app' },
      type: 'ClusterIP',
      headless: false,
      selector: { a: '1', b: '2' },
      ports: [
        { name: 'http', number: 80, protocol: 'TCP', appProtocol: 'http2', targetPort: 'web' },
        { number: 53, protocol: 'UDP', targetPort: 53 },
      ],
    });
  });

  it('may be headless, external, without selector, of two families', () => {
    expect(firstService(service({ clusterIP: 'None' }))).toMatchObject({ headless: true, selector: {}, ports: [] });
    expect(firstService(service({ type: 'ExternalName', externalName: 'a.example.com' }))?.type).toBe('ExternalName');
    expect(firstService(service({ ipFamilies: ['IPv6', 'IPv4'] }))?.ipFamilies).toEqual(['IPv6', 'IPv4']);
    expect(firstService(service({ ipFamilyPolicy: 'RequireDualStack' }))?.ipFamilies).toEqual(['IPv4', 'IPv6']);
    expect(firstService(service({ ipFamilyPolicy: 'PreferDualStack' }))).not.toHaveProperty('ipFamilies');
  });

  it('of another API group are no services of Kubernetes', () => {
    expect(inventory({ ...service({}), apiVersion: 'serving.knative.dev/v1' }).namespaces).toEqual([]);
  });
});

describe('workloads', () => {
  const template = (spec: object = {}) => ({
    metadata: { labels: { app: 'web' } },
    spec: { serviceAccountName: 'web-sa', containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }], ...spec },
  });
  const expected = {
    labels: { app: 'web' },
    serviceAccount: 'web-sa',
    ports: [{ name: 'http', number: 8080, protocol: 'TCP' }],
  };

  it.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'])(
    'of kind %s are read from their template',
    (kind) => {
      expect(firstWorkload(object(kind, 'web', { spec: { template: template() } }))).toEqual({
        kind,
        name: 'web',
        ...expected,
      });
    },
  );

  it('of CronJobs and bare pods too', () => {
    const cron = object('CronJob', 'web', { spec: { jobTemplate: { spec: { template: template() } } } });
    expect(firstWorkload(cron)).toMatchObject(expected);
    expect(firstWorkload(object('Pod', 'web', { ...template(), metadata: { labels: { app: 'web' } } }))).toMatchObject(
      expected,
    );
  });

  it('that another object owns are not counted again', () => {
    const owned = { metadata: { ownerReferences: [{ kind: 'Deployment' }] }, spec: { template: template() } };
    expect(firstWorkload(object('ReplicaSet', 'web', owned))).toBeUndefined();
  });

  it('run as the default account unless they name one; sidecars among init containers serve, others do not', () => {
    const initContainers = [
      { restartPolicy: 'Always', ports: [{ containerPort: 1 }] },
      { ports: [{ containerPort: 2 }] },
    ];
    const spec = { template: template({ serviceAccountName: undefined, containers: [{}], initContainers }) };
    expect(firstWorkload(object('Deployment', 'web', { spec }))).toMatchObject({
      serviceAccount: 'default',
      ports: [{ number: 1, protocol: 'TCP' }],
    });
  });
});

describe('namespaces', () => {
  it('that are only referred to exist without labels; objects without namespace are in default', () => {
    const bare = { ...service({}), metadata: { name: 'web' } };
    const named = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank', labels: { a: 'b' } } };
    expect(inventory(service({}), bare, named).namespaces.map(({ name, labels }) => [name, labels])).toEqual([
      ['bank', { a: 'b' }],
      ['default', {}],
      ['shop', {}],
    ]);
  });
});

describe('east-west gateways', () => {
  const gateway = (spec: object, status: object = {}) =>
    object('Service', 'ew', {
      metadata: { namespace: 'istio-system', labels: { istio: 'eastwestgateway' } },
      spec: {
        type: 'LoadBalancer',
        selector: { istio: 'eastwestgateway' },
        ports: [{ name: 'tls', port: 15443 }],
        ...spec,
      },
      status,
    });

  it('are none without address, label or port for other clusters', () => {
    expect(inventory(gateway({})).gateways).toEqual([]);
    expect(inventory(gateway({ externalIPs: ['1.2.3.4'], ports: [{ name: 'http', port: 80 }] })).gateways).toEqual([]);
    const plain = { ...gateway({ externalIPs: ['1.2.3.4'] }), metadata: { name: 'ew', namespace: 'a' } };
    expect(inventory(plain).gateways).toEqual([]);
  });

  it('have the addresses of their balancer and their external addresses, each once', () => {
    const status = { loadBalancer: { ingress: [{ ip: '1.2.3.4' }, { hostname: 'ew.example.com' }] } };
    expect(inventory(gateway({ externalIPs: ['1.2.3.4', '5.6.7.8'] }, status)).gateways).toEqual([
      {
        namespace: 'istio-system',
        service: 'ew',
        addresses: ['1.2.3.4', 'ew.example.com', '5.6.7.8'],
        port: 15443,
        selector: { istio: 'eastwestgateway' },
      },
    ]);
  });
});

describe('facts of Istio', () => {
  const mesh = (text: string) => inventory(object('ConfigMap', 'istio', { data: { mesh: text } })).mesh;
  const istiod = (image: string) =>
    object('Deployment', 'istiod', {
      metadata: { namespace: 'istio-system' },
      spec: { template: { spec: { containers: [{ image }] } } },
    });

  it('are unknown where nothing is found, never assumed', () => {
    expect(inventory(service({})).mesh).toEqual({});
    expect(mesh('{}')).toEqual({ kind: 'istio' });
    expect(mesh('defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "no" } }').dnsCapture).toBe(false);
  });

  it.each([
    ['docker.io/istio/pilot:1.30.2', '1.30.2'],
    ['r.example.com:5000/pilot:1.30.2-distroless', '1.30.2'],
    ['pilot:1.31-alpha.3', '1.31-alpha.3'],
    [`pilot:1.30.2@sha256:${'a'.repeat(64)}`, '1.30.2'],
    ['pilot:latest', undefined],
    ['pilot', undefined],
  ])('say the version of the image %s', (image, version) => {
    expect(inventory(istiod(image)).mesh).toEqual({
      kind: 'istio',
      ...(version && { version }),
      rootNamespace: 'istio-system',
    });
  });

  it('say the trust domain, the accepted ones and DNS capture', () => {
    const config = `trustDomain: a.example
trustDomainAliases: [b.example]
caCertificates: [{ trustDomains: [c.example] }]
defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }`;
    expect(mesh(config)).toEqual({
      kind: 'istio',
      trustDomain: 'a.example',
      acceptedTrustDomains: ['a.example', 'b.example', 'c.example'],
      dnsCapture: true,
    });
  });

  it('say ambient where ztunnel runs', () => {
    expect(inventory(object('DaemonSet', 'ztunnel', { spec: { template: { spec: {} } } })).mesh.mode).toBe('ambient');
  });
});

it('no object makes reading throw, and the order of objects changes nothing but which of two equal ones is kept', () => {
  const kind = fc.constantFrom('Service', 'Namespace', 'Deployment', 'ConfigMap', 'CronJob', 'Pod', 'DaemonSet');
  const name = fc.constantFrom('istio', 'istiod', 'web', 'ztunnel', 'A b');
  const hostile = fc.record({ kind, name, spec: fc.anything(), data: fc.anything(), status: fc.anything() });
  const objects = fc.uniqueArray(hostile, { selector: (one) => `${one.kind}/${one.name}` });
  fc.assert(
    fc.property(objects, (given) => {
      const all = given.map(({ kind: of, name: called, ...rest }) => object(of, called, rest));
      expect(inventoryFromManifests([...all].reverse()).inventory.namespaces).toEqual(
        inventoryFromManifests(all).inventory.namespaces,
      );
    }),
  );
});

it('no text of an inventory is one that cannot be stored', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('web', 'a\u0000', '\ud800', 'a/b'),
  );
  fc.assert(
    fc.property(fc.record({ label: text, app: text, port: text, account: text }), ({ label, app, port, account }) => {
      const given = inventory(
        service({ selector: { app }, ports: [{ port: 80, name: port }] }, { metadata: { labels: { label } } }),
        object('Deployment', 'web', { spec: { template: { spec: { serviceAccountName: account } } } }),
      );
      expect(JSON.stringify(given)).not.toMatch(/\\u(?:00[01]|d[89a-f])/);
    }),
  );
});
