import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLoaders } from '../graphql/loaders.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { compileAsWorker } from './compiled.fixture.js';
import { reportInventory } from './inventory.fixture.js';
import { callerWith } from './isolation.fixture.js';

const DOCUMENTS = `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: { name: east }
spec:
  mesh: { kind: istio, version: '1.30' }
  network: east
  gateways: [{ address: 10.0.0.1 }]
---
apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: { name: west }
spec: { mesh: { kind: istio }, network: west, gateways: [{ address: 10.0.0.2 }] }
---
apiVersion: isthmus.dev/v1alpha1
kind: Project
metadata: { name: shop }
spec: {}
---
apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: { name: bookinfo, project: shop }
spec: { domain: bookinfo.global, members: [{ namespaces: { names: [bookinfo] } }] }
---
apiVersion: isthmus.dev/v1alpha1
kind: EncryptionPolicy
metadata: { name: strict, project: shop }
spec: { targets: [{ globalNamespace: bookinfo }], mode: STRICT }
---
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: hush, project: default }
spec: { targets: [{ scope: ORGANIZATION }], timeout: { request: 3s } }
`;

const OBJECTS = `inventoryKnown omittedNamespaces namespaces kinds { kind count } issues { code }
  objects(first: $first, after: $after, filter: $filter) { totalCount pageInfo { hasNextPage endCursor }
    nodes { apiVersion kind namespace name side host yaml globalNamespace { project name } sources { kind project name } } }`;
const OF_CLUSTER = `query ($name: String!, $gns: String, $first: Int = 100, $after: String, $filter: MeshObjectFilter) {
  cluster(name: $name) { meshConfiguration(globalNamespace: $gns, project: "shop") { ${OBJECTS} } } }`;
const OF_TARGETS = `query ($first: Int = 100, $after: String, $filter: MeshObjectFilter) {
  globalNamespace(name: "bookinfo", project: "shop") { targets { nodes { cluster { name } meshConfiguration { ${OBJECTS} } } } } }`;

const OF_TARGET = `query ($cluster: String, $first: Int = 100, $after: String, $filter: MeshObjectFilter) {
  globalNamespace(name: "bookinfo", project: "shop") { target(cluster: $cluster) { clusterName meshConfiguration { ${OBJECTS} } } } }`;

interface Shown {
  kind: string;
  namespace: string;
  name: string;
  side: string;
  host: string | null;
  yaml: string;
  sources: { kind: string; project: string; name: string }[];
}

postgres.suite('objects of meshes', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    const apply =
      'mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) { error { message issues { message } } } }';
    const { body } = await api.send(apply, { input: { documents: DOCUMENTS } });
    expect(body).toEqual({ data: { applyResources: { error: null } } });
    await reportInventory(api, 'east');
    await compileAsWorker(api.store, 'bookinfo');
  });
  afterAll(() => api.close());

  const ofCluster = async (variables: Record<string, unknown> = {}) => {
    const { body } = await api.send(OF_CLUSTER, { name: 'east', ...variables }, 'viewer');
    expect(body.errors).toBeUndefined();
    return body.data.cluster.meshConfiguration;
  };
  const namesOf = (nodes: Shown[], kind: string): string[][] =>
    nodes.filter((one) => one.kind === kind).map(({ sources }) => sources.map((one) => `${one.kind}/${one.name}`));

  it('are not known of a cluster that reported nothing, and none of a global namespace that is not there', async () => {
    expect(await ofCluster({ name: 'west' })).toMatchObject({ inventoryKnown: false, objects: { totalCount: 0 } });
    expect(await ofCluster({ gns: 'nowhere' })).toMatchObject({ inventoryKnown: true, objects: { totalCount: 0 } });
  });

  it('are what the wanted revision renders to, each with what it comes from', async () => {
    const { objects, namespaces, kinds } = await ofCluster({ gns: 'bookinfo' });
    const nodes = objects.nodes as Shown[];
    expect(namespaces).toContain('bookinfo');
    expect(kinds).toContainEqual({ kind: 'PeerAuthentication', count: 1 });
    expect(objects.totalCount).toBe(nodes.length);
    const [peer] = nodes.filter(({ kind }) => kind === 'PeerAuthentication');
    expect(peer).toMatchObject({ namespace: 'bookinfo', side: 'OWNER', host: 'reviews.bookinfo.global' });
    expect(peer?.yaml).toContain('mode: STRICT');
    expect(peer?.yaml).not.toContain('content-hash');
    expect(namesOf(nodes, 'PeerAuthentication')).toEqual([['GlobalNamespace/bookinfo', 'EncryptionPolicy/strict']]);
    expect(namesOf(nodes, 'VirtualService')[0]).toEqual(['GlobalNamespace/bookinfo', 'TrafficPolicy/hush']);
    expect(namesOf(nodes, 'Gateway')).toEqual([['GlobalNamespace/bookinfo']]);
  });

  it('are the same by global namespace as by cluster', async () => {
    const { body } = await api.send(OF_TARGETS);
    const [east] = body.data.globalNamespace.targets.nodes.filter(
      ({ cluster }: { cluster: { name: string } }) => cluster.name === 'east',
    );
    expect(east.meshConfiguration).toEqual(await ofCluster());
  });

  it('are the same in the cluster that is named, in the first by name if none is, and none in one that is not its own', async () => {
    const targetOf = async (cluster?: string) =>
      (await api.send(OF_TARGET, { cluster }, 'viewer')).body.data.globalNamespace.target;
    expect(await targetOf('nowhere')).toBeNull();
    expect(await targetOf('')).toBeNull();
    const east = { clusterName: 'east', meshConfiguration: await ofCluster() };
    expect([await targetOf('east'), await targetOf()]).toEqual([east, east]);
    expect(await targetOf('west')).toMatchObject({
      clusterName: 'west',
      meshConfiguration: { inventoryKnown: false, objects: { totalCount: 0 } },
    });
  });

  it('are listed in pages, by kind, namespace and text', async () => {
    const all = (await ofCluster()).objects.nodes as Shown[];
    const first = (await ofCluster({ first: 2 })).objects;
    const rest = (await ofCluster({ first: 100, after: first.pageInfo.endCursor })).objects;
    expect([...first.nodes, ...rest.nodes]).toEqual(all);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const filtered = async (filter: object): Promise<Shown[]> => (await ofCluster({ filter })).objects.nodes;
    expect(await filtered({ kind: 'Gateway' })).toEqual(all.filter(({ kind }) => kind === 'Gateway'));
    expect(await filtered({ namespace: 'bookinfo' })).toEqual(all.filter(({ namespace }) => namespace === 'bookinfo'));
    expect(await filtered({ search: 'Reviews', kind: 'Gateway' })).toEqual([]);
    expect((await filtered({ search: 'REVIEWS' })).length).toBeGreaterThan(0);
  });

  it('keep the names of policies that are not the reader’s, and are none to who may not read the global namespace', async () => {
    const { MeshObjectsService } = await import('../modules/mesh-objects/mesh-objects.service.js');
    const { TargetsService } = await import('../modules/targets/targets.service.js');
    const services = {
      targets: new TargetsService(api.store),
      objects: new MeshObjectsService(api.store, { now: () => new Date(), monotonicMs: () => 0 }),
    };
    const uid = await api.store.withTenant(
      'default',
      async (tx) => (await tx.resources.get({ kind: 'GlobalNamespace', project: 'shop', name: 'bookinfo' }))?.uid ?? '',
    );
    const shownTo = async (grant: string) => {
      const viewer = callerWith('default', grant);
      const loaders = createLoaders(api.store, viewer);
      const targets = await services.targets.ofGns(viewer, uid, loaders);
      const { objects } = await services.objects.of(viewer, targets, loaders);
      return objects.map((one) => ({ kind: one.object.kind, sources: JSON.stringify(one.sources()) }));
    };
    expect(await shownTo('Viewer@PROJECT:other')).toEqual([]);
    const bound = await shownTo('Viewer@PROJECT:shop');
    expect(bound.length).toBeGreaterThan(3);
    expect(JSON.stringify(bound)).not.toContain('hush');
    expect(bound.find(({ kind }) => kind === 'VirtualService')?.sources).toContain('(not yours to read)');
    expect(bound.find(({ kind }) => kind === 'PeerAuthentication')?.sources).toContain('strict');
  });

  it('are shown before a change as they would be after it, each with both sides and what it would come from', async () => {
    const dry = `mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) { ok { preview {
      clusters { cluster objects { change kind before after diff sources { kind name } } } } } } }`;
    const documents = DOCUMENTS.split('---')[4]?.replace('STRICT', 'PERMISSIVE');
    const { body } = await api.send(dry, { input: { documents, dryRun: true } });
    const [east] = body.data.applyResources.ok.preview.clusters;
    const [peer] = east.objects.filter(({ kind }: { kind: string }) => kind === 'PeerAuthentication');
    expect(peer).toMatchObject({
      change: 'CHANGED',
      before: expect.stringContaining('mode: STRICT') as string,
      after: expect.stringContaining('mode: PERMISSIVE') as string,
      diff: expect.stringContaining('-    mode: STRICT') as string,
      sources: [
        { kind: 'GlobalNamespace', name: 'bookinfo' },
        { kind: 'EncryptionPolicy', name: 'strict' },
      ],
    });
    const gone =
      'mutation ($input: DeleteResourceInput!) { deleteResource(input: $input) { ok { preview { clusters { objects { change kind before after sources { name } } } } } } }';
    const deletion = { kind: 'EncryptionPolicy', name: 'strict', project: 'shop', dryRun: true };
    const answer = await api.send(gone, { input: deletion });
    const [removed] = answer.body.data.deleteResource.ok.preview.clusters[0].objects;
    expect(removed).toMatchObject({
      change: 'REMOVED',
      after: null,
      sources: [{ name: 'bookinfo' }, { name: 'strict' }],
    });
    expect(removed.before).toContain('mode: STRICT');
  });

  it('count as heavy: no operation asks for those of very many clusters', async () => {
    const many = Array.from(
      { length: 40 },
      (_, n) => `... on Query { a${n}: clusters(first: 100) { nodes { meshConfiguration { inventoryKnown } } } }`,
    );
    const { body } = await api.send(`{ ${many.slice(0, 3).join(' ')} }`);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'cost' });
    expect((await api.send(`{ ${many.slice(0, 1).join(' ')} }`)).body.errors).toBeUndefined();
  });
});

postgres.suite('a preview of membership', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    const apply = 'mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) { error { message } } }';
    await api.send(apply, { input: { documents: DOCUMENTS.split('---').slice(0, 2).join('---') } });
    await reportInventory(api, 'east');
  });
  afterAll(() => api.close());

  const PREVIEW = `query ($spec: JSON!) { membershipPreview(spec: $spec) { clusters unknownClusters issues { code path }
    services { totalCount nodes { host cluster namespace service ports } } } }`;
  const preview = async (members: unknown, more: object = {}) => {
    const { body } = await api.send(PREVIEW, { spec: { domain: 'shop.global', members, ...more } }, 'viewer');
    expect(body.errors).toBeUndefined();
    return body.data.membershipPreview;
  };

  it('says what is wrong with rules, and matches nothing then', async () => {
    const { issues, services, clusters } = await preview([{ services: 7 }]);
    expect(issues[0].path).toContain('spec.members');
    expect([services.totalCount, clusters]).toEqual([0, []]);
    expect((await preview([{}], { domain: 'Not a domain' })).issues).not.toEqual([]);
  });

  it('matches services by every part of a rule, names their hosts, and says of which clusters nothing is known', async () => {
    expect(await preview([{ namespaces: { names: ['bookinfo'] } }])).toMatchObject({
      clusters: ['east'],
      unknownClusters: ['west'],
      issues: [],
      services: {
        totalCount: 1,
        nodes: [
          { host: 'reviews.shop.global', cluster: 'east', namespace: 'bookinfo', service: 'reviews', ports: [9080] },
        ],
      },
    });
    expect((await preview([{ namespaces: { names: ['other'] } }])).services.totalCount).toBe(0);
    const excluded = { exclude: [{ services: { globs: ['rev*'] } }] };
    expect((await preview([{ namespaces: { names: ['bookinfo'] } }], excluded)).services.totalCount).toBe(0);
    expect(await preview([{ clusters: { names: ['west'] } }])).toMatchObject({
      clusters: [],
      unknownClusters: ['west'],
    });
  });

  it('looks at no cluster whose inventory is not the caller’s to read, but for who may bring in what the rules match', async () => {
    const { MembershipService } = await import('../modules/membership/membership.service.js');
    const shownTo = (grant: string, project = 'default') => {
      const viewer = callerWith('default', grant);
      const spec = { domain: 'shop.global', members: [{ namespaces: { names: ['bookinfo'] } }] };
      return new MembershipService().preview(viewer, { spec, project }, createLoaders(api.store, viewer));
    };
    const nothing = { services: [], clusters: [], unknownClusters: [] };
    expect(await shownTo('Viewer@CLUSTER_GROUP:none')).toMatchObject(nothing);
    expect(await shownTo('Viewer@PROJECT:default')).toMatchObject(nothing);
    expect(await shownTo('Developer@PROJECT:default', 'other')).toMatchObject(nothing);
    expect(await shownTo('Developer@GLOBAL_NAMESPACE:default/shop')).toMatchObject(nothing);
    expect((await shownTo('Developer@PROJECT:default', 'No project')).issues[0]?.path).toBe('metadata.project');
    const everything = { clusters: ['east'], unknownClusters: ['west'], services: [{ host: 'reviews.shop.global' }] };
    expect(await shownTo('Viewer')).toMatchObject(everything);
    expect(await shownTo('Developer@PROJECT:default')).toMatchObject(everything);
    expect(await shownTo('Developer@PROJECT:other', 'other')).toMatchObject(everything);
  });
});
