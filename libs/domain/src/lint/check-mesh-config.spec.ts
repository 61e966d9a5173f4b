import { describe, expect, it } from 'vitest';
import { gatherMeshConfig, MAX_OBJECTS } from '../mesh-config/gather.js';
import { MESH_CONFIG_KINDS } from '../mesh-config/types.js';
import { MAX_FINDINGS } from './check-mesh-config.js';
import { briefly, istio, lint, reported } from './lint.fixture.js';

const virtualService = (name: string, hosts: string[]) => istio('VirtualService', `shop/${name}`, { hosts });
const strictAgainst = istio('PeerAuthentication', 'books/mine', {
  selector: { matchLabels: { app: 'reviews' } },
  mtls: { mode: 'DISABLE' },
});

describe('what users configured', () => {
  it('is unknown, and not none, in a cluster whose agent does not read it', () => {
    const west = reported([]);
    const silent = { ...west, mesh: { kind: 'istio' as const } };
    expect(briefly(lint({ inventories: { west: silent } }))).toEqual(['ISM0800 INFO west Cluster/west']);
    const some = MESH_CONFIG_KINDS.filter((kind) => kind !== 'Sidecar');
    const partly = { ...west, mesh: { kind: 'istio' as const, configKinds: some } };
    expect(lint({ inventories: { west: partly } })).toMatchObject([
      { code: 'ISM0800', message: 'Sidecar in the mesh of cluster west is not known' },
    ]);
  });

  it('is not missed where nothing says that the mesh is one that is read', () => {
    expect(lint({ inventories: { west: { ...reported([]), mesh: {} } } })).toEqual([]);
  });

  it('is told to be more than is judged, with the place', () => {
    const many = Array.from({ length: MAX_OBJECTS + 2 }, (_, index) => virtualService(`v${index}`, ['a.example']));
    expect(lint({ owner: many.slice(2) })).toEqual([]);
    expect(lint({ owner: many })).toMatchObject([
      { code: 'ISM0801', cluster: 'east', message: '2 objects in shop are not judged' },
    ]);
  });

  it('is told up to a limit, errors first, and how much more there is', () => {
    const many = Array.from({ length: MAX_FINDINGS + 1 }, (_, index) =>
      virtualService(`v${index}`, ['reviews.shop.global']),
    );
    expect(lint({ owner: many.slice(1) })).toHaveLength(MAX_FINDINGS);
    const codes = lint({ owner: [...many, strictAgainst], mode: 'STRICT' }).map(({ code }) => code);
    expect(codes.filter((code) => code === 'ISM0803')).toHaveLength(MAX_FINDINGS - 1);
    expect(codes.filter((code) => code !== 'ISM0803').sort()).toEqual(['ISM0802', 'ISM0810']);
  });

  it('names the object, its cluster and its field, so that a bundle shows the line', () => {
    expect(lint({ client: [virtualService('mine', ['reviews.shop.global'])] })).toMatchObject([
      {
        resource: { kind: 'VirtualService', name: 'shop/mine' },
        cluster: 'west',
        manifest: { cluster: 'west', kind: 'VirtualService', name: 'shop/mine', path: 'spec.hosts[0]' },
      },
    ]);
  });

  it('of a kind that this release does not know says nothing', () => {
    const west = reported([]);
    const meshConfig = gatherMeshConfig([{ kind: 'Newer', name: 'x', hosts: ['*'] }]);
    const namespaces = [{ name: 'shop', labels: {}, readable: true, services: [], workloads: [], meshConfig }];
    expect(lint({ inventories: { west: { ...west, namespaces } } })).toEqual([]);
  });
});
