import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const APPLY = `mutation ($input: ApplyResourcesInput!) {
  applyResources(input: $input) {
    ok { dryRun changes { outcome kind name projectName resource { id resourceVersion } } issues { code message }
      preview { clusters { cluster added changed removed } unknownClusters } }
    error { code message issues { code severity path message hint source { file line column } resource { kind name } }
      current { name resourceVersion } }
  }
}`;

const CLUSTERS = ['east', 'west']
  .map(
    (name) => `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: ${name}}
spec:
  mesh: {kind: istio, version: "1.30"}
  network: ${name}
  gateways: [{address: 10.0.0.1}]
`,
  )
  .join('---\n');

const GNS = `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: bookinfo}
spec:
  domain: bookinfo.global
  members: [{namespaces: {names: [bookinfo]}}]
`;

postgres.suite('applyResources', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  const apply = async (documents: string, more: Record<string, unknown> = {}) => {
    const { body } = await api.send(APPLY, { input: { documents, ...more } });
    expect(body.errors).toBeUndefined();
    return body.data.applyResources;
  };

  it('answers malformed YAML with line and column and stores nothing', async () => {
    const { error, ok } = await apply(`${CLUSTERS}---\napiVersion: isthmus.dev/v1alpha1\nkind: [\n`);
    expect(ok).toBeNull();
    expect(error.code).toBe('INVALID');
    expect(error.issues[0]).toMatchObject({
      code: 'ISM0001',
      source: { file: 'documents.yaml', line: expect.any(Number) },
    });
    const { body } = await api.send('{ clusters { totalCount } }');
    expect(body.data.clusters.totalCount).toBe(0);
  });

  it('answers an unknown kind with what was meant', async () => {
    const { error } = await apply('apiVersion: isthmus.dev/v1alpha1\nkind: Clutser\nmetadata: {name: a}\nspec: {}\n');
    expect(error.issues[0]).toMatchObject({ code: 'ISM0004' });
    expect(error.issues[0].hint).toContain('Cluster');
  });

  it('creates what is not there, all in one transaction', async () => {
    const { ok } = await apply(`${CLUSTERS}---\n${GNS}`);
    expect(
      ok.changes.map(
        (change: { outcome: string; kind: string; name: string }) => `${change.outcome} ${change.kind} ${change.name}`,
      ),
    ).toEqual(['CREATED Cluster east', 'CREATED Cluster west', 'CREATED GlobalNamespace bookinfo']);
  });

  it('writes nothing when nothing changed', async () => {
    const { ok } = await apply(GNS);
    expect(ok.changes).toMatchObject([{ outcome: 'UNCHANGED', name: 'bookinfo' }]);
  });

  it('shows everything that can be read', async () => {
    const { body } = await api.send(`{
      viewer { role permissions organization { name } }
      clusters { totalCount nodes { name mesh { kind } agent { connected } inventory { complete } conditions { type status reason } issues { code } targets { nodes { id } } holds { id } enrolments { expiresAt } } pageInfo { hasNextPage } }
      globalNamespace(name: "bookinfo") { id domain vipCIDR yaml conditions { type status reason observedGeneration } services { nodes { host } } revisions { nodes { number } } revision { number } targets { nodes { status } } freshness { state } issues { code } encryptionPolicies { name } sloPolicies { name } catalog { seq } history { nodes { generation actor } } viewerCanUpdate }
      resources(kinds: [Cluster], orderBy: {field: NAME, direction: DESC}) { nodes { name kind } }
      project(name: "default") { globalNamespaces { nodes { name } } }
      issues { totalCount } holds { totalCount } apiTokens { totalCount } auditLog(first: 3) { nodes { action actor } }
      clusterGroups { totalCount } sloPolicies { totalCount } encryptionPolicies { totalCount }
    }`);
    expect(body.errors).toBeUndefined();
    expect(body.data.globalNamespace.conditions).toEqual([
      { type: 'Compiled', status: 'UNKNOWN', reason: 'NotCompiledYet', observedGeneration: null },
      { type: 'Valid', status: 'UNKNOWN', reason: 'NotCompiledYet', observedGeneration: null },
      { type: 'Applied', status: 'UNKNOWN', reason: 'NoTargets', observedGeneration: null },
      { type: 'Healthy', status: 'UNKNOWN', reason: 'NotMeasured', observedGeneration: null },
    ]);
    expect(body.data.globalNamespace.freshness.state).toBe('UNKNOWN');
    expect(body.data.resources.nodes.map(({ name }: { name: string }) => name)).toEqual(['west', 'east']);
  });
});
