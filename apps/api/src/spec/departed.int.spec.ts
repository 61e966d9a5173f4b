import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { reportInventory } from './inventory.fixture.js';

const GATEWAYS = { east: '192.0.2.1', west: '192.0.2.2', north: '192.0.2.3' };
const cluster = (name: keyof typeof GATEWAYS) =>
  `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: ${name}}
spec: {mesh: {kind: istio}, network: ${name}, gateways: [{address: ${GATEWAYS[name]}}]}
`;
const shop = (domain: string) => `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: shop}
spec: {domain: ${domain}, members: [{namespaces: {names: [bookinfo]}}]}
`;

postgres.suite('the preview of a change', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await apply([cluster('east'), cluster('west'), cluster('north'), shop('shop.global')].join('---\n'));
    for (const name of ['east', 'west', 'north']) await reportInventory(api, name);
  });
  afterAll(() => api.close());

  const apply = async (documents: string, dryRun = false) => {
    const { body } = await api.send(
      `mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) {
        ok { preview { unknownClusters clusters { cluster objects { name diff } } } } error { message }
      } }`,
      { input: { documents, dryRun } },
    );
    expect(body.data.applyResources.error).toBeNull();
    return body.data.applyResources.ok.preview as {
      unknownClusters: string[];
      clusters: { cluster: string; objects: { name: string; diff: string }[] }[];
    };
  };
  const act = async (name: string, of: string): Promise<void> => {
    const { id } = (await api.send('query ($of: String!) { cluster(name: $of) { id } }', { of })).body.data.cluster;
    const said = await api.send(`mutation ($id: ID!) { ${name}(input: {clusterId: $id}) { error { code } } }`, { id });
    expect(said.body.data[name].error).toBeNull();
  };
  /** Clusters in which the change of the domain would do something, and all that it would do in the first. */
  const previewed = async (): Promise<{ clusters: string[]; first: string; unknown: string[] }> => {
    const { clusters, unknownClusters } = await apply(shop('other.global'), true);
    const first = JSON.stringify(clusters[0]?.objects);
    return { clusters: clusters.map((one) => one.cluster), first, unknown: unknownClusters };
  };

  it('shows every member before anybody decides upon one', async () => {
    const { clusters, first } = await previewed();
    expect(clusters).toEqual(['east', 'north', 'west']);
    for (const name of ['north', 'west'] as const) expect(first).toContain(GATEWAYS[name]);
  });

  it('does nothing in a cluster that leaves, has left or was evicted, and knows no member there', async () => {
    await act('leaveCluster', 'north');
    expect((await previewed()).clusters).toEqual(['east', 'west']);
    expect((await previewed()).first).not.toContain(GATEWAYS.north);
    await act('evictCluster', 'west');
    const { clusters, first, unknown } = await previewed();
    expect([clusters, unknown]).toEqual([['east'], []]);
    expect(first).not.toContain(GATEWAYS.west);
    await act('cancelClusterLeave', 'north');
    expect((await previewed()).clusters).toEqual(['east', 'north']);
  });
});
