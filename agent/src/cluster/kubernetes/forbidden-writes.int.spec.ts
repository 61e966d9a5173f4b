import { installIstioCrds, probeKubernetes, real, startKubeApiserver, type KubeApiserver } from '@isthmus/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AGENT_NAMESPACE, issuesOf, refOfRendered, rendered, round, Scene } from './cluster-scene.fixture.js';

const onKubernetes = await real('kubernetes', probeKubernetes);
const RBAC = 'rbac.authorization.k8s.io';

onKubernetes('writes that a real apiserver forbids', () => {
  let server: KubeApiserver;
  let scene: Scene;
  beforeAll(async () => {
    server = await startKubeApiserver({ users: ['agent'] });
    await installIstioCrds(server.kubeconfig, ['ServiceEntry']);
    scene = await Scene.on(server);
    for (const name of ['open', 'shut']) await scene.namespace(name);
    await bind('ClusterRoleBinding', { name: 'reads' }, await role('reads', ['get', 'list', 'watch']));
    await bind('RoleBinding', { name: 'own', namespace: AGENT_NAMESPACE }, 'cluster-admin');
    await bind(
      'RoleBinding',
      { name: 'writes', namespace: 'open' },
      await role('writes', ['create', 'patch', 'delete']),
    );
  });
  afterEach(() => scene.endAgents());
  afterAll(async () => {
    await scene?.close();
    await server?.stop();
  });

  async function role(name: string, verbs: readonly string[]): Promise<string> {
    const rules = [{ apiGroups: ['networking.istio.io'], resources: ['serviceentries'], verbs }];
    await scene.put({ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
    return name;
  }

  async function bind(kind: string, metadata: { name: string; namespace?: string }, name: string): Promise<void> {
    const subjects = [{ apiGroup: RBAC, kind: 'User', name: 'agent' }];
    const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name };
    await scene.put({ apiVersion: `${RBAC}/v1`, kind, metadata, subjects, roleRef });
  }

  it('are said with what is missing, hold up nothing elsewhere, and are done once they may be (ISM0481)', async () => {
    const cluster = await scene.open({ kubeconfig: server.kubeconfigOf('agent') });
    const [here, there] = [rendered('a', 'open'), rendered('a', 'shut')];
    const refused = await round(cluster, [here, there]);
    expect(refused.results).toMatchObject([{ failed: true }]);
    expect(issuesOf(refused)).toMatchObject([
      { code: 'ISM0481', message: expect.stringMatching(/User "agent" cannot (patch|create) .*namespace "shut"/) },
    ]);
    expect(await scene.live(refOfRendered(there))).toBeUndefined();
    expect(await scene.live(refOfRendered(here))).toBeDefined();
    await bind('RoleBinding', { name: 'writes', namespace: 'shut' }, 'writes');
    const done = await round(cluster, [here, there]);
    expect([issuesOf(done), done.results[0]?.failed]).toEqual([[], false]);
    expect(await scene.live(refOfRendered(there))).toBeDefined();
  });

  it('of removals leave object and record, so that it is removed once that may be (ISM0481)', async () => {
    const cluster = await scene.open({ kubeconfig: server.kubeconfigOf('agent') });
    const there = rendered('a', 'shut');
    await role('writes', ['create', 'patch']);
    const refused = await round(cluster, [rendered('a', 'open')]);
    expect(issuesOf(refused)).toMatchObject([
      { code: 'ISM0481', message: expect.stringMatching(/User "agent" cannot delete .*namespace "shut"/) },
    ]);
    expect(await scene.live(refOfRendered(there))).toBeDefined();
    expect((await cluster.loadRecord()).owned).toHaveLength(2);
    await role('writes', ['create', 'patch', 'delete']);
    expect(issuesOf(await round(cluster, [rendered('a', 'open')]))).toEqual([]);
    expect(await scene.live(refOfRendered(there))).toBeUndefined();
  });
});
