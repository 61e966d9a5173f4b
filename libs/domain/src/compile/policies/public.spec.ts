import { describe, expect, it } from 'vitest';
import { GROUP_VERSION } from '../../api-group.js';
import { joinView } from '../../intent/join-view.js';
import type { PublicServiceSpec } from '../../resources/policies/public-service.js';
import type { PublicService } from '../../resources/types.js';
import { EMPTY_TREE } from '../../tree/build.js';
import { cluster, globalNamespace } from '../compile.fixture.js';
import { compilePolicy } from '../policy.js';

const gns = globalNamespace();
const fleet = { clusters: [cluster('east'), cluster('west')] };
const GATEWAY = { namespace: 'istio-ingress', selector: { istio: 'ingressgateway', app: 'gateway' } };

function published(spec: Partial<PublicServiceSpec>, project?: string): PublicService {
  const targets = [{ globalNamespace: gns.metadata.name, service: 'web' }];
  return {
    apiVersion: GROUP_VERSION,
    kind: 'PublicService',
    metadata: { name: 'shop', ...(project && { project }) },
    spec: { targets, hosts: ['shop.example.com'], gateways: [GATEWAY], ...spec },
  };
}

function compile(...policies: PublicService[]) {
  const { tree, issues } = compilePolicy({ ...fleet, gns, policies, compilerVersion: 1 });
  return { publics: joinView(tree ?? EMPTY_TREE, EMPTY_TREE).view?.publics ?? [], issues };
}

describe('a public service', () => {
  it('of another project, or of no cluster, is nothing', () => {
    expect(compile(published({}, 'other'))).toEqual({ publics: [], issues: [] });
    expect(compile(published({ gateways: [{ ...GATEWAY, clusters: { names: ['north'] } }] })).publics).toEqual([]);
  });

  it('of a service that names no single host is told, and not published in part', () => {
    const { publics, issues } = compile(published({ paths: [{ type: 'EXACT', value: '/a', service: 'a.b' }] }));
    expect(publics).toEqual([]);
    expect(issues).toMatchObject([{ code: 'ISM0202', path: 'spec.paths[0].service' }]);
  });

  it('has its clusters pinned, sets sorted, and what it listens on written out', () => {
    const { publics } = compile(
      published({ hosts: ['b.example.com', 'a.example.com'], tls: { mode: 'SIMPLE', credential: 'c' }, dns: {} }),
    );
    const selector = [
      { name: 'app', value: 'gateway' },
      { name: 'istio', value: 'ingressgateway' },
    ];
    expect(publics).toEqual([
      {
        ...{ kind: 'public', project: 'default', name: 'shop', hosts: ['a.example.com', 'b.example.com'] },
        gateways: [{ clusters: ['east', 'west'], namespace: 'istio-ingress', selector }],
        http: { port: 80, redirect: true },
        tls: { mode: 'SIMPLE', port: 443, credential: 'c' },
        routes: [{ host: `web.${gns.spec.domain}` }],
        dns: { records: true },
      },
    ]);
  });

  it('tries exact paths first, then the longest prefix, and the rest last, whatever the order in the spec', () => {
    const path = (type: 'EXACT' | 'PREFIX', value: string) => ({ type, value, service: 'api' });
    const paths = [path('PREFIX', '/a'), path('PREFIX', '/a/b'), path('EXACT', '/z'), path('PREFIX', '/b')];
    const tried = (some: typeof paths) =>
      compile(published({ paths: some })).publics[0]?.routes.map((one) => one.path?.value);
    expect(tried(paths)).toEqual(['/z', '/a/b', '/a', '/b', undefined]);
    expect(tried(paths.reverse())).toEqual(['/z', '/a/b', '/a', '/b', undefined]);
  });

  it('tells records by seconds, with sorted weights', () => {
    const weights = [
      { cluster: 'west', weight: 1 },
      { cluster: 'east', weight: 0 },
    ];
    const { publics } = compile(published({ dns: { ttl: '1m30s', targets: ['192.0.2.2', '192.0.2.1'], weights } }));
    expect(publics[0]?.dns).toEqual({
      ...{ records: true, ttlSeconds: 90, targets: ['192.0.2.1', '192.0.2.2'] },
      weights: [
        { cluster: 'east', weight: 0 },
        { cluster: 'west', weight: 1 },
      ],
    });
  });
});
