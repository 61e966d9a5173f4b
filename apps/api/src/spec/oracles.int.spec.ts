import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { ask, fillWorld, tokenWith, type GrantText } from './roles.fixture.js';

const PROJECT = 'Owner@PROJECT:payments';
const GROUP = 'Operator@CLUSTER_GROUP:eu';
const ERROR = 'error { code message current { name } issues { code path message hint resource { name } cluster } }';
const DONE = `{ ok { dryRun issues { code message resource { name } cluster } } ${ERROR} }`;

/** One text for what is there and hidden, and for what is not. */
type Asking = (name: string) => string;

const apply =
  (document: (name: string) => object, more = 'dryRun: true'): Asking =>
  (name) =>
    `mutation { it: applyResources(input: {documents: ${JSON.stringify(
      JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', ...document(name) }),
    )}, ${more}}) ${DONE} }`;
const gns = (clusters: object) => (name: string) => ({
  kind: 'GlobalNamespace',
  metadata: { name: 'probe', project: 'payments' },
  spec: {
    domain: 'probe.example',
    members: [
      { clusters: JSON.parse(JSON.stringify(clusters).replace('NAME', name)) as object, services: { names: ['cart'] } },
    ],
  },
});
const remove =
  (kind: string, more = ''): Asking =>
  (name) =>
    `mutation { it: deleteResource(input: {kind: ${kind}, name: "${name}"${more}}) ${DONE} }`;
const ATTACKS: readonly (readonly [what: string, who: GrantText, there: string, asking: Asking])[] = [
  [
    'a project that is made once',
    PROJECT,
    'hush-search',
    apply((name) => ({ kind: 'Project', metadata: { name }, spec: {} }), 'mustNotExist: true'),
  ],
  [
    'a project that is changed',
    PROJECT,
    'hush-search',
    apply((name) => ({ kind: 'Project', metadata: { name }, spec: {} })),
  ],
  [
    'a global namespace of another project',
    PROJECT,
    'hush-index',
    apply((name) => ({ ...gns({})(name), metadata: { name, project: 'hush-search' } }), 'mustNotExist: true'),
  ],
  [
    'a cluster with the labels of one’s group',
    GROUP,
    'hush-west',
    apply((name) => ({
      kind: 'Cluster',
      metadata: { name, labels: { region: 'eu' } },
      spec: { mesh: { kind: 'istio' } },
    })),
  ],
  ['a project that is deleted', PROJECT, 'hush-search', remove('Project')],
  ['a cluster that is deleted', GROUP, 'hush-west', remove('Cluster')],
  ['a cluster group that is deleted', GROUP, 'hush-us', remove('ClusterGroup')],
  ['a global namespace that is deleted', PROJECT, 'hush-index', remove('GlobalNamespace', ', project: "hush-search"')],
  [
    'a version of what is deleted',
    PROJECT,
    'hush-lock',
    remove('EncryptionPolicy', ', project: "hush-search", expectedVersion: "1"'),
  ],
  [
    'a role on a project',
    PROJECT,
    'hush-search',
    (name) =>
      `mutation { it: grantRole(input: {subjectKind: GROUP, subject: "a:b", role: "Viewer", scope: {kind: PROJECT, name: "${name}"}}) { ${ERROR} } }`,
  ],
  [
    'a role on a cluster group',
    GROUP,
    'hush-us',
    (name) =>
      `mutation { it: grantRole(input: {subjectKind: GROUP, subject: "a:b", role: "Viewer", scope: {kind: CLUSTER_GROUP, name: "${name}"}}) { ${ERROR} } }`,
  ],
  [
    'what one may do with a cluster',
    GROUP,
    'hush-west',
    (name) => `{ canI(permission: "agents.write", at: {cluster: "${name}"}) }`,
  ],
  [
    'a name that is searched',
    PROJECT,
    'hush-index',
    (name) => `{ search(text: "${name}") { resources { name } services { host } } }`,
  ],
  [
    'a name in the audit log',
    'Auditor@PROJECT:payments',
    'hush-lock',
    (name) => `{ auditLog(first: 9, filter: {subjectName: "${name}"}) { nodes { name } pageInfo { hasNextPage } } }`,
  ],
];

postgres.suite('what is hidden', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await fillWorld(api.store, 'default');
  });
  afterAll(() => api.close());

  const answer = async (who: GrantText, asking: Asking, name: string) => {
    const body = await ask(api.url, await tokenWith(api.store, 'default', who), asking(name));
    return JSON.stringify(body)
      .replaceAll(name, 'NAME')
      .replaceAll(/"requestId":"[^"]*"/g, '');
  };

  it.each(ATTACKS.map(([what, ...attack]) => [what, attack] as const))(
    'is told from what is not there by no answer about %s',
    async (_what, [who, there, asking]) => {
      const hidden = await answer(who, asking, there);
      expect(hidden).not.toContain('GRAPHQL_VALIDATION_FAILED');
      expect(hidden).toBe(await answer(who, asking, 'zz-nowhere'));
    },
  );

  it('of clusters is told to who may bring them into a global namespace, and to nobody who may not', async () => {
    const preview: Asking = (name) =>
      `{ membershipPreview(project: "payments", spec: {domain: "a.example", members: [{clusters: {names: ["${name}"]}, services: {names: ["cart"]}}]}) { unknownClusters } }`;
    const asked = [apply(gns({ names: ['NAME'] })), preview];
    for (const asking of asked) {
      const [hidden, nowhere] = [
        await answer('Viewer@PROJECT:payments', asking, 'hush-west'),
        await answer('Viewer@PROJECT:payments', asking, 'zz-nowhere'),
      ];
      expect(hidden).toBe(nowhere);
      expect(await answer(PROJECT, asking, 'hush-west')).not.toBe(await answer(PROJECT, asking, 'zz-nowhere'));
    }
  });

  it('takes nothing of a request with it that has one member too many', async () => {
    const documents = ['payments', 'hush-search']
      .map((project) =>
        JSON.stringify({
          ...{ apiVersion: 'isthmus.dev/v1alpha1', kind: 'TelemetryPolicy' },
          metadata: { name: 'both', project },
          spec: { targets: [{ scope: 'PROJECT' }], tracing: { samplingPercent: 1 } },
        }),
      )
      .join('\n---\n');
    const owner = await tokenWith(api.store, 'default', PROJECT);
    const { errors } = await ask(
      api.url,
      owner,
      `mutation { it: applyResources(input: {documents: ${JSON.stringify(documents)}}) ${DONE} }`,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'project hush-search' });
    const stored = await api.store.withTenant('default', (tx) => tx.resources.all(['TelemetryPolicy']));
    expect(stored).toEqual([]);
  });
});
