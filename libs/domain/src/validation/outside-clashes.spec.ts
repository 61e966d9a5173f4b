import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.js';
import { reported } from '../lint/lint.fixture.js';
import { parseResource } from '../resources/parse-resource.js';
import { clusterDocument, documentOf, gnsDocument } from '../resources/resource.fixture.js';
import type { Resource } from '../resources/types.js';
import { validateResources } from './validate-resources.js';

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const service = (name: string, at: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: at },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
});
const workload = (at: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'gateway', namespace: at },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
});

/** Owns the namespace of its name. */
const gns = (name: string, consumers: string[]) => ({
  ...gnsDocument({
    domain: `${name}.global`,
    members: [{ namespaces: { names: [name] } }],
    consumers: [{ namespaces: { names: consumers } }],
  }),
  metadata: { name },
});

const OBJECTS = [...['one', 'two', 'both', 'alone'].map(namespace), service('a', 'one'), service('b', 'two')];

interface Situation {
  documents: object[];
  /** Of `one`, and of `two`. */
  consumers?: string[];
  others?: string[];
  objects?: KubeObject[];
}

function told({ documents, consumers = ['both'], others = ['both'], objects = [] }: Situation): string[] {
  const all = [gns('one', consumers), gns('two', others), clusterDocument(), ...documents];
  const resources = all.map((document): Resource => {
    const { resource, issues } = parseResource(document);
    if (resource === undefined) throw new Error(JSON.stringify(issues));
    return resource;
  });
  const inventories = new Map([['some', reported([...OBJECTS, ...objects])]]);
  return validateResources(resources, { inventories })
    .filter(({ code }) => code === 'ISM0925' || code === 'ISM0926')
    .map(({ code, resource, message }) => `${code} ${resource?.name ?? ''}: ${message}`);
}

const to = (...names: string[]) => names.map((name) => ({ globalNamespace: name }));
const external = (name: string, spec: object) => ({
  ...documentOf('ExternalService', {
    targets: to(name),
    hosts: ['api.example.com'],
    ports: [{ number: 443, protocol: 'TLS' }],
    ...spec,
  }),
  metadata: { name: `of-${name}` },
});
const egress = (name: string, spec: object) => ({
  ...documentOf('EgressPolicy', { targets: to(name), default: 'DENY', ...spec }),
  metadata: { name: `rule-${name}` },
});
const VIA = { namespace: 'alone', selector: { istio: 'egressgateway' } };
const OTHER_PORT = { ports: [{ number: 8443, protocol: 'TLS' }] };

describe('one host outside, defined for two global namespaces', () => {
  it.each([
    ['with other ports', OTHER_PORT],
    ['with another target', { ports: [{ number: 443, protocol: 'TLS', targetPort: 8443 }] }],
    ['with servers', { endpoints: [{ address: '192.0.2.1' }] }],
    ['with an address', { addresses: ['192.0.2.1'] }],
  ])('is told to the second %s, where a namespace belongs to both', (_, spec) => {
    expect(told({ documents: [external('one', {}), external('two', spec)] })).toEqual([
      'ISM0925 of-two: host api.example.com means something else in GlobalNamespace default/one, and both hold in some/both',
    ]);
  });

  it('does no harm in equal words, or where no namespace belongs to both', () => {
    expect(told({ documents: [external('one', {}), external('two', {})] })).toEqual([]);
    expect(told({ documents: [external('one', { targets: to('one', 'two') })] })).toEqual([]);
    expect(told({ documents: [external('one', {}), external('two', OTHER_PORT)], consumers: ['alone'] })).toEqual([]);
    const elsewhere = external('two', { ...OTHER_PORT, hosts: ['www.example.com'] });
    expect(told({ documents: [external('one', {}), elsewhere] })).toEqual([]);
  });

  it('counts what an egress policy lets through for members alone', () => {
    const allowed = egress('two', { allow: [{ hosts: ['api.example.com'] }] });
    expect(told({ documents: [external('one', {}), allowed] })).toEqual([]);
    expect(told({ documents: [external('one', {}), allowed], consumers: ['two'] })).toEqual([
      'ISM0925 rule-two: host api.example.com means something else in GlobalNamespace default/one, and both hold in some/two',
    ]);
    const same = egress('two', { allow: [{ hosts: ['api.example.com'], ports: [{ number: 443, protocol: 'TLS' }] }] });
    expect(told({ documents: [external('one', {}), same], consumers: ['two'] })).toEqual([]);
    const everything = egress('two', { default: 'ALLOW' });
    expect(told({ documents: [external('one', {}), everything], consumers: ['two'] })).toEqual([]);
  });

  it('takes the external service before what the policy of the same global namespace lets through', () => {
    const documents = [
      external('one', { targets: to('one', 'two') }),
      egress('two', { allow: [{ hosts: ['api.example.com'] }] }),
    ];
    expect(told({ documents, consumers: ['two'] })).toEqual([]);
  });

  it('names at most three places', () => {
    const many = ['m1', 'm2', 'm3', 'm4'];
    const documents = [external('one', {}), external('two', OTHER_PORT)];
    const [found] = told({ documents, consumers: many, others: many, objects: many.map(namespace) });
    expect(found).toContain('hold in some/m1, some/m2, some/m3 and 1 more');
  });

  it('is told where one gateway namespace would have to lead to two gateways', () => {
    const gateway = workload('alone', { istio: 'egressgateway', tier: 'one' });
    const narrow = { ...VIA, selector: { istio: 'egressgateway', tier: 'one' } };
    const documents = [external('one', { via: VIA }), external('two', { via: narrow })];
    expect(told({ documents, consumers: ['one'], objects: [gateway] })).toEqual([
      'ISM0925 of-two: host api.example.com means something else in GlobalNamespace default/one, and both hold in the gateways of some/alone',
    ]);
    const same = [external('one', { via: VIA }), external('two', { via: VIA, ...OTHER_PORT })];
    expect(told({ documents: same, consumers: ['one'], objects: [gateway] })).toEqual([]);
  });
});

describe('an egress gateway', () => {
  const gateway = workload('alone', { istio: 'egressgateway' });

  it('is missed where no workload has its labels, or its namespace is not there', () => {
    const documents = [external('one', { via: VIA })];
    expect(told({ documents })).toEqual([
      'ISM0926 of-one: cluster some has no workload with istio=egressgateway in alone, so nothing gets out through its gateway',
    ]);
    expect(told({ documents, objects: [workload('both', { istio: 'egressgateway' })] })).toHaveLength(1);
    expect(told({ documents: [external('one', { via: { ...VIA, namespace: 'nowhere' } })] })).toEqual([
      'ISM0926 of-one: cluster some has no namespace nowhere, so nothing gets out through its gateway',
    ]);
  });

  it('is missed once for all hosts of an egress policy', () => {
    const policy = egress('one', { allow: [{ hosts: ['a.example.com', 'b.example.com'] }], via: VIA });
    expect(told({ documents: [policy] })).toHaveLength(1);
    expect(told({ documents: [policy], objects: [gateway] })).toEqual([]);
  });

  it('is there if a workload has its labels and more', () => {
    const more = workload('alone', { istio: 'egressgateway', app: 'gateway' });
    expect(told({ documents: [external('one', { via: VIA })], objects: [more] })).toEqual([]);
  });
});
