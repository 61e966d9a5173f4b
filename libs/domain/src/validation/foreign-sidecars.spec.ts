import { describe, expect, it } from 'vitest';
import { istio, managedBy, reported } from '../lint/lint.fixture.js';
import type { KubeObject } from '../kube-object.js';
import { parseResource } from '../resources/parse-resource.js';
import { clusterDocument, documentOf, gnsDocument } from '../resources/resource.fixture.js';
import type { Resource } from '../resources/types.js';
import { validateResources } from './validate-resources.js';

const cart: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }] },
};
const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

function told(sidecar: KubeObject, target: object = { globalNamespace: 'some' }): string[] {
  const documents = [
    gnsDocument(),
    clusterDocument(),
    documentOf('EgressPolicy', { targets: [target], default: 'DENY' }),
  ];
  const resources = documents.map((document): Resource => {
    const { resource } = parseResource(document);
    if (resource === undefined) throw new Error('the document has faults');
    return resource;
  });
  const inventories = new Map([['some', reported([namespace('shop'), namespace('other'), cart, sidecar])]]);
  const found = validateResources(resources, { inventories });
  return found.filter(({ code }) => code === 'ISM0924').map(({ message, cluster = '' }) => `${cluster}: ${message}`);
}

const egress = { egress: [{ hosts: ['./*'] }] };

describe('a Sidecar of a user', () => {
  it('for a whole namespace with members is told with the egress policy', () => {
    expect(told(istio('Sidecar', 'shop/mine', egress))).toEqual([
      'some: Sidecar mine is for all of namespace shop in some, as that of the policy will be',
    ]);
    expect(told(istio('Sidecar', 'shop/mine', egress), { scope: 'PROJECT' })).toHaveLength(1);
  });

  it.each([
    ['for some workloads', istio('Sidecar', 'shop/mine', { ...egress, workloadSelector: { labels: { app: 'cart' } } })],
    ['in a namespace without members', istio('Sidecar', 'other/mine', egress)],
    ['that is the agent’s own', managedBy('isthmus', istio('Sidecar', 'shop/isthmus-egress', egress))],
  ])('%s stands in nobody’s way', (_, sidecar) => {
    expect(told(sidecar)).toEqual([]);
  });

  it('concerns no policy of another global namespace', () => {
    expect(told(istio('Sidecar', 'shop/mine', egress), { globalNamespace: 'elsewhere' })).toEqual([]);
  });
});
