import type { Resource } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { baseFiles, renderFiles } from '../policy-cases.fixture.js';

const PUBLIC = JSON.stringify({
  apiVersion: 'isthmus.dev/v1alpha1',
  kind: 'PublicService',
  metadata: { name: 'stars' },
  spec: {
    targets: [{ globalNamespace: 'bookinfo', service: 'ratings' }],
    hosts: ['stars.example.com'],
    gateways: [{ clusters: { names: ['east'] }, namespace: 'istio-ingress', selector: { istio: 'ingressgateway' } }],
  },
});
/** The only owner of the service has no way in. */
const withoutGateways = (resources: Resource[]): Resource[] =>
  resources.map((one) =>
    one.kind === 'Cluster' && one.metadata.name === 'west' ? { ...one, spec: { ...one.spec, gateways: [] } } : one,
  );
const inEast = (arrange?: (resources: Resource[]) => Resource[]) => {
  const { clusters, issues } = renderFiles([...baseFiles(), { path: 'case.yaml', text: PUBLIC }], arrange);
  const routes = (clusters.get('east') ?? []).find(
    ({ kind, metadata }) => kind === 'VirtualService' && metadata.namespace === 'istio-ingress',
  );
  const told = issues.filter(({ code, cluster }) => code === 'ISM0935' && cluster === 'east');
  return { http: (routes?.spec as { http: object[] } | undefined)?.http, told: told.map(({ message }) => message) };
};

describe('a public service', () => {
  it('that no member serves for callers in its cluster answers 503 and says so', () => {
    const { http, told } = inEast(withoutGateways);
    expect(http).toEqual([{ directResponse: { status: 503 } }]);
    expect(told).toEqual([
      'PublicService default/stars in east: nobody serves ratings.bookinfo.global for callers in east.',
    ]);
  });

  it('that a member in another cluster serves leads there', () => {
    const { http, told } = inEast();
    expect(http).toMatchObject([{ route: [{ destination: { host: 'ratings.bookinfo.global' } }] }]);
    expect(told).toEqual([]);
  });
});
