import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { KubeObject } from '@isthmus/domain';
import { installationObjects, MESH_KINDS, NAMES, RIGHTS } from '@isthmus/installation';
import { renderYaml } from '@isthmus/meshes';
import type { Store } from '@isthmus/store';
import {
  installIstioCrds,
  kubectl,
  probeKubernetes,
  probeTool,
  real,
  startKubeApiserver,
  testPostgres,
} from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { catalogTree, manifests, policyTree } from '../agent-path/trees.fixture.js';
import { buildBundle, InstalledCluster, type AccessQuestion, type AgentRun } from './installed-cluster.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', () => probeKubernetes() ?? probeTool('kubectl'));
const OWN = 'isthmus-system';
const RBAC = 'rbac.authorization.k8s.io';
const ISTIO = 'networking.istio.io';
const ASKED_FOR = RIGHTS.filter(({ onlyWith }) => onlyWith === undefined);
const COORDINATION = 'coordination.k8s.io';

onKubernetes('an agent installed by its manifest, with the rights of its ServiceAccount and no others', () => {
  let bundle: string;
  let cluster: InstalledCluster;
  let store: Store;
  let centre: Centre;
  let uid: string;
  let manifest: string;
  let agent: AgentRun;
  const gns = randomUUID();

  beforeAll(async () => {
    [bundle, cluster] = await buildBundle().then(async (folder): Promise<[string, InstalledCluster]> => [
      folder,
      new InstalledCluster(await startKubeApiserver(), folder),
    ]);
    await installIstioCrds(
      cluster.server.kubeconfig,
      MESH_KINDS.map(({ kind }) => kind),
    );
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
    uid = await centre.addCluster('east');
    const { caPem } = centre.gateway;
    const token = await centre.token(uid);
    manifest = renderYaml(installationObjects({ gateway: { url: centre.url, ca: caPem }, enrolment: { token } }));
  });

  afterAll(async () => {
    await cluster.close();
    await centre.stop();
    await store.close();
    await cluster.server.stop();
    fs.rmSync(bundle, { recursive: true, force: true });
  });

  const owned = (): Promise<string[]> => cluster.meshObjects();

  it('is applied by kubectl without a word of complaint, and again without a change', async () => {
    const first = await cluster.apply(manifest);
    expect(first.split('\n').filter((line) => line.endsWith(' created'))).toHaveLength(
      manifest.split('\n---\n').length,
    );
    expect(await kubectl(cluster.server.kubeconfig, ['diff', '-f', '-'], manifest)).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    const second = (await cluster.apply(manifest)).split('\n').filter((line) => line !== '');
    // kubectl says of every PodDisruptionBudget that it was configured: its selector is always sent.
    expect(second.filter((line) => !/ unchanged$|^poddisruptionbudget/.test(line))).toEqual([]);
  });

  it.each(
    ASKED_FOR.flatMap(({ verbs, group, resource, names, scope }) =>
      verbs.map((verb) => ({ verb, group, resource, scope, name: names?.at(-1) })),
    ),
  )('may $verb $resource of group "$group", scope $scope', async ({ scope, ...attributes }) => {
    expect(await cluster.allows({ ...attributes, namespace: scope === 'own' ? OWN : undefined })).toBe(true);
  });

  it.each<[string, AccessQuestion]>([
    ['make EnvoyFilters, which nobody asked for', { verb: 'create', group: ISTIO, resource: 'envoyfilters' }],
    ['read a Secret anywhere', { verb: 'get', resource: 'secrets' }],
    ['list Secrets in its own namespace', { verb: 'list', resource: 'secrets', namespace: OWN }],
    ['read its token', { verb: 'get', resource: 'secrets', name: NAMES.tokenSecret, namespace: OWN }],
    ['make a Secret', { verb: 'create', resource: 'secrets', namespace: OWN }],
    ['delete its identity', { verb: 'delete', resource: 'secrets', name: NAMES.identitySecret, namespace: OWN }],
    ['read it elsewhere', { verb: 'get', resource: 'secrets', name: NAMES.identitySecret, namespace: 'kube-system' }],
    ['read ConfigMaps of others', { verb: 'list', resource: 'configmaps' }],
    ['read one of them', { verb: 'get', resource: 'configmaps', name: 'kube-root-ca.crt', namespace: 'kube-system' }],
    ['change the mesh’s own', { verb: 'update', resource: 'configmaps', name: 'istio', namespace: 'istio-system' }],
    ['delete a record', { verb: 'delete', resource: 'configmaps', name: 'isthmus-record', namespace: OWN }],
    ['take another Lease', { verb: 'update', group: COORDINATION, resource: 'leases', name: 'other', namespace: OWN }],
    ['make one elsewhere', { verb: 'create', group: COORDINATION, resource: 'leases', namespace: 'kube-system' }],
    ['start a pod', { verb: 'create', resource: 'pods' }],
    ['enter a pod', { verb: 'create', resource: 'pods', subresource: 'exec' }],
    ['read a log', { verb: 'get', resource: 'pods', subresource: 'log' }],
    ['change a Service', { verb: 'patch', resource: 'services' }],
    ['change a workload', { verb: 'patch', group: 'apps', resource: 'deployments' }],
    ['change a namespace', { verb: 'patch', resource: 'namespaces' }],
    ['delete a namespace', { verb: 'delete', resource: 'namespaces' }],
    ['read nodes', { verb: 'list', resource: 'nodes' }],
    ['install a CRD', { verb: 'create', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' }],
    ['write what no mesh renders', { verb: 'create', group: 'networking.istio.io', resource: 'envoyfilters' }],
    ['delete in bulk', { verb: 'deletecollection', group: 'networking.istio.io', resource: 'serviceentries' }],
    ['replace mesh objects', { verb: 'update', group: 'networking.istio.io', resource: 'serviceentries' }],
    ['bind itself', { verb: 'create', group: RBAC, resource: 'clusterrolebindings' }],
    ['widen its role', { verb: 'escalate', group: RBAC, resource: 'clusterroles' }],
    ['bind another role', { verb: 'bind', group: RBAC, resource: 'clusterroles', name: 'cluster-admin' }],
    ['act as somebody else', { verb: 'impersonate', resource: 'users' }],
    ['make tokens', { verb: 'create', resource: 'serviceaccounts', subresource: 'token' }],
    ['do everything', { verb: '*', group: '*', resource: '*' }],
  ])('may not %s', async (_, question) => {
    expect(await cluster.allows(question)).toBe(false);
  });

  it('enrols, keeps its identity in the Secret, and reports the whole inventory', async () => {
    await cluster.apply(withSelectors(manifests('shop', ['reviews', 'ratings'])));
    agent = await cluster.run('deployment', NAMES.agent);
    const rows = await eventually(
      async () => {
        if (agent.child.exitCode !== null) throw new Error(agent.text());
        const head = await store.withTenant(ORG, (tx) => tx.inventory.head(uid));
        return head?.complete === true ? store.withTenant(ORG, (tx) => tx.inventory.namespaces([uid])) : undefined;
      },
      'a complete inventory',
      40_000,
    );
    const shop = rows.find(({ namespace }) => namespace === 'shop');
    expect(JSON.parse(shop?.body ?? '')).toMatchObject({
      services: [{ name: 'ratings' }, { name: 'reviews' }],
      workloads: [{ serviceAccount: 'ratings' }, { serviceAccount: 'reviews' }],
    });
    const secret = await cluster.get<{ data?: Record<string, string> }>('secret', NAMES.identitySecret);
    expect(Object.keys(secret?.data ?? {})).toEqual(['identity.json']);
    expect(agent.text()).not.toMatch(/forbidden/i);
  });

  it('applies, records and leads by its Lease', async () => {
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    await centre.publishPolicy({ cluster: uid, gns }, policyTree(), 1);
    const lines = await eventually(
      async () => {
        const found = await store.withTenant(ORG, (tx) => tx.targets.applied({ cluster: uid }));
        return found.length === 2 ? found : undefined;
      },
      'both lines applied',
      30_000,
    ).catch((error: unknown) => Promise.reject(new Error(agent.text(), { cause: error })));
    expect((await owned()).length).toBe(lines[0]?.objectCount);
    expect((await owned()).length).toBeGreaterThan(2);
    expect(await cluster.get('configmap', 'isthmus-record')).toBeDefined();
    expect(await cluster.get('lease', NAMES.lease)).toMatchObject({ spec: { holderIdentity: expect.any(String) } });
  });

  it('says by its own check that everything is as it should be, and by exit code and name when a right is gone', async () => {
    await cluster.apply(renderYaml(MESH));
    await cluster.setStatus('service', 'eastwest', { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } });
    const well = await cluster.run('deployment', NAMES.agent, { args: ['check'] });
    expect([
      await well.ended,
      well
        .text()
        .replaceAll(/\d+(?= s beside)|(?<=until ).*/g, 'N')
        .split('\n'),
    ]).toEqual([
      0,
      [
        expect.stringMatching(/^ok {4}apiserver: v1\.\d+\.\d+$/),
        'ok    mesh: istio 1.31.1',
        'ok    DNS capture: on',
        'ok    east-west gateway: istio-system/eastwest at 192.0.2.9:15443',
        `ok    kinds of the mesh: ${MESH_KINDS.length} of ${MESH_KINDS.length} are served`,
        `ok    rights of the agent: all ${ASKED_FOR.flatMap(({ verbs }) => verbs).length} are granted; not asked for: envoyfilters (rbac.envoyFilters)`,
        'ok    identity: cluster east, until N',
        `ok    gateway: ${centre.url} answers`,
        'ok    TLS to the gateway: its certificate chains to the CA',
        "ok    clock: N s beside the gateway's",
        '',
      ],
    ]);
    await cluster.kubectl(
      'patch',
      'clusterrole',
      NAMES.meshWriter,
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/rules/1"}]',
    );
    const ill = await cluster.run('deployment', NAMES.agent, { args: ['check', '-o', 'json'] });
    expect(await ill.ended).toBe(1);
    const { ok, findings } = JSON.parse(ill.text()) as { ok: boolean; findings: { state: string; detail: string }[] };
    expect([ok, findings.filter(({ state }) => state !== 'ok')]).toMatchObject([
      false,
      MESH_KINDS.filter(({ group }) => group === 'security.istio.io').map(({ group, resource }) => ({
        code: 'ISM0470',
        detail: expect.stringContaining(`may not create, patch, delete ${resource}.${group}`) as string,
      })),
    ]);
    await cluster.apply(manifest);
  });

  it('keeps its identity when the manifest is applied again', async () => {
    const before = await cluster.get<{ data?: object }>('secret', NAMES.identitySecret);
    await cluster.apply(manifest);
    await cluster.apply(manifest, '--server-side', '--force-conflicts');
    expect((await cluster.get<{ data?: object }>('secret', NAMES.identitySecret))?.data).toEqual(before?.data);
  });

  it('is a pod that a namespace takes which enforces the restricted standard', async () => {
    const deployment = await cluster.get<{ spec: { template: KubeObject } }>('deployment', NAMES.agent);
    const { metadata, spec } = deployment?.spec.template ?? { metadata: {}, spec: {} };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: 'taken', namespace: 'isthmus-system' },
      spec,
    };
    expect(await cluster.apply(JSON.stringify(pod))).toContain('pod/taken created');
    const open = JSON.parse(JSON.stringify(pod)) as { metadata: { name: string }; spec: { securityContext: unknown } };
    open.metadata.name = 'open';
    open.spec.securityContext = {};
    await expect(cluster.apply(JSON.stringify(open))).rejects.toThrow('violates PodSecurity "restricted');
  });

  it('leaves the mesh as it is when it is uninstalled', async () => {
    const before = await owned();
    await cluster.stop(agent);
    const kinds = 'deployment,networkpolicy,poddisruptionbudget,secret,configmap,rolebinding,role,serviceaccount';
    const label = 'app.kubernetes.io/name=isthmus-agent';
    expect((await cluster.kubectl('delete', kinds, '-n', 'isthmus-system', '-l', label)).code).toBe(0);
    expect((await cluster.kubectl('delete', 'clusterrolebinding,clusterrole', '-l', label)).code).toBe(0);
    expect(await owned()).toEqual(before);
    expect(await cluster.get('configmap', 'isthmus-record')).toBeDefined();
    const { out } = await cluster.kubectl('get', 'all,networkpolicy,sa', '-A', '-l', label, '-o', 'name');
    expect(out.split('\n').filter((line) => line !== '' && line !== 'pod/taken')).toEqual([]);
  });

  it('removes what it made when it is asked to, without the centre, with its own rights', async () => {
    await centre.stop();
    await cluster.apply(manifest);
    await cluster.apply(purgeJob());
    const purge = await cluster.run('job', NAMES.purgeJob);
    expect([await purge.ended, purge.text()]).toEqual([0, expect.stringMatching(/^removed (\d+) of \1 objects\n$/)]);
    expect(await owned()).toEqual([]);
  });
});

/** What an operator of Istio has installed, as far as a preflight looks. */
const MESH: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } },
    spec: {
      selector: { matchLabels: { app: 'istiod' } },
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: { containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.31.1' }] },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: 'defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'eastwest', namespace: 'istio-system', labels: { istio: 'eastwestgateway' } },
    spec: { type: 'LoadBalancer', selector: { istio: 'eastwestgateway' }, ports: [{ name: 'tls', port: 15443 }] },
  },
];

/** The Job as the guide prints it. */
function purgeJob(): string {
  const guide = fs.readFileSync(new URL('../../../../docs/install-agent.md', import.meta.url), 'utf8');
  const [, yaml] = /```yaml\n(apiVersion: batch\/v1\n[^]*?)```/.exec(guide) ?? [];
  if (yaml === undefined) throw new Error('the guide prints no Job');
  return yaml;
}

/** What an apiserver asks of a Deployment and a folder does not. */
function withSelectors(text: string): string {
  return text
    .replaceAll(
      /spec:\n {2}template:\n {4}metadata: \{labels: (\{app: \w+\})\}/g,
      'spec:\n  selector: {matchLabels: $1}\n  template:\n    metadata: {labels: $1}',
    )
    .replaceAll('containers: [{name: app,', 'containers: [{name: app, image: app,');
}
