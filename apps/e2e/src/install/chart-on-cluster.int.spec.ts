import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MESH_KINDS, NAMES } from '@isthmus/installation';
import type { Store } from '@isthmus/store';
import {
  helm,
  installIstioCrds,
  probeKubernetes,
  probeTool,
  real,
  startKubeApiserver,
  testPostgres,
  type ToolAnswer,
} from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Centre, ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { catalogTree, policyTree } from '../agent-path/trees.fixture.js';
import { buildBundle, InstalledCluster, type AgentRun } from './installed-cluster.fixture.js';

const CHART = fileURLToPath(new URL('../../../../deploy/charts/agent', import.meta.url));
const NAMESPACE = 'mesh-agents';
const postgres = await testPostgres();
const onHelm = await real('helm', () => probeTool('helm') ?? probeKubernetes() ?? probeTool('kubectl'));

onHelm('the chart on a real apiserver', () => {
  let bundle: string;
  let cluster: InstalledCluster;
  let store: Store;
  let centre: Centre;
  let uid: string;
  let agent: AgentRun;
  const gns = randomUUID();

  beforeAll(async () => {
    bundle = await buildBundle();
    cluster = new InstalledCluster(await startKubeApiserver(), bundle, NAMESPACE);
    const kinds = MESH_KINDS.map(({ kind }) => kind);
    await installIstioCrds(cluster.server.kubeconfig, kinds);
    ({ store } = await postgres.freshStore());
    centre = new Centre(store);
    await centre.start();
    uid = await centre.addCluster('east');
    for (const name of ['shop', NAMESPACE]) await cluster.kubectl('create', 'namespace', name);
    await cluster.kubectl('label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=restricted');
    fs.writeFileSync(path.join(cluster.home, 'token'), await centre.token(uid));
    const token = `--from-file=token=${path.join(cluster.home, 'token')}`;
    await cluster.kubectl('create', 'secret', 'generic', 'from-git', '-n', NAMESPACE, token);
  });

  afterAll(async () => {
    await cluster.close();
    await centre.stop();
    await store.close();
    await cluster.server.stop();
    fs.rmSync(bundle, { recursive: true, force: true });
  });

  const run = async (command: string, values: object = {}): Promise<ToolAnswer> => {
    const file = path.join(cluster.home, 'values.json');
    fs.writeFileSync(file, JSON.stringify(values));
    const place = ['--kubeconfig', cluster.server.kubeconfig, '--namespace', NAMESPACE];
    const chart = command === 'uninstall' ? [] : [CHART, '--values', file];
    const answer = await helm([command, 'our-agent', ...chart, ...place]);
    expect(answer.err, answer.err).not.toMatch(/Error|warning/i);
    return answer;
  };
  const values = () => ({
    gateway: { url: centre.url, ca: centre.gateway.caPem },
    enrolment: { existingSecret: 'from-git' },
    rbac: { writeNamespaces: ['shop'] },
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'system-cluster-critical',
    podAnnotations: { team: 'mesh' },
  });
  const owned = (): Promise<string[]> => cluster.meshObjects();
  const applied = () => store.withTenant(ORG, (tx) => tx.targets.applied({ cluster: uid }));

  it('is installed, and its agent enrols with a token that Git keeps elsewhere', async () => {
    const { code, out } = await run('install', values());
    expect([code, out]).toEqual([0, expect.stringContaining(`The agent dials ${centre.url}`)]);
    agent = await cluster.run('deployment', NAMES.agent);
    await eventually(
      async () => {
        if (agent.child.exitCode !== null) throw new Error(agent.text());
        return (await store.withTenant(ORG, (tx) => tx.inventory.head(uid)))?.complete;
      },
      'a complete inventory',
      40_000,
    );
  });

  it('lets the agent write where its values say and nowhere else, whatever the centre wants', async () => {
    const write = { verb: 'create', group: 'networking.istio.io', resource: 'serviceentries' };
    expect(await cluster.allows({ ...write, namespace: 'shop' })).toBe(true);
    expect(await cluster.allows({ ...write, namespace: NAMESPACE })).toBe(true);
    expect(await cluster.allows({ ...write, namespace: 'kube-system' })).toBe(false);
    await centre.publishCatalog(gns, catalogTree(['reviews']));
    await centre.publishPolicy({ cluster: uid, gns }, policyTree(), 1);
    await eventually(async () => ((await applied()).length === 2 ? true : undefined), 'both lines', 30_000);
    const kinds = MESH_KINDS.map(({ resource, group }) => `${resource}.${group}`).join(',');
    const { out } = await cluster.kubectl('get', kinds, '-A', '-o', 'jsonpath={.items[*].metadata.namespace}');
    expect(out.split(' ').filter((name) => !['shop', NAMESPACE].includes(name))).toEqual([]);
    expect((await owned()).length).toBeGreaterThan(0);
  });

  it('keeps identity and objects through an upgrade', async () => {
    const identity = async () => (await cluster.get<{ data?: object }>('secret', NAMES.identitySecret))?.data;
    const before = [await identity(), await owned()];
    expect((await run('upgrade', { ...values(), logLevel: 'debug' })).code).toBe(0);
    expect([await identity(), await owned()]).toEqual(before);
  });

  it('leaves mesh and record as they are when it is uninstalled', async () => {
    const before = await owned();
    await cluster.stop(agent);
    expect((await run('uninstall')).code).toBe(0);
    expect(await owned()).toEqual(before);
    expect(await cluster.get('configmap', 'isthmus-record')).toBeDefined();
    expect(await cluster.get('deployment', NAMES.agent)).toBeUndefined();
    expect(await cluster.get('secret', NAMES.identitySecret)).toBeUndefined();
  });

  it('removes what the agent made, also when it was uninstalled before, without the centre', async () => {
    await centre.stop();
    expect((await run('install', { purge: { enabled: true } })).out).toContain(
      'the Job isthmus-agent-purge removes what it made',
    );
    expect(await cluster.get('deployment', NAMES.agent)).toMatchObject({ spec: { replicas: 0 } });
    const purge = await cluster.run('job', NAMES.purgeJob);
    expect([await purge.ended, purge.text()]).toEqual([0, expect.stringMatching(/^removed (\d+) of \1 objects\n$/)]);
    expect(await owned()).toEqual([]);
    expect((await run('uninstall')).code).toBe(0);
  });
});
