import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const SERVICES = Array.from({ length: 12 }, (_, at) => `s${String(at)}`);
const yaml = (exclude: readonly string[], label = 'gold') => `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: east, labels: {tier: ${label}}}
spec: {mesh: {kind: istio}}
---
apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: shop}
spec:
  domain: shop.global
  members: [{clusters: {matchLabels: {tier: gold}}, namespaces: {names: [shop]}}]
  exclude: [{services: {names: [none, ${exclude.join(', ')}]}}]
`;

postgres.suite('a change that takes members out', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    expect(await apply(yaml([]))).toEqual([]);
    await serve();
  });
  afterAll(() => api.close());

  /** Codes of what is said of the change. */
  const apply = async (documents: string, dryRun = false): Promise<string[]> => {
    const { body } = await api.send(
      'mutation ($input: ApplyResourcesInput!) { applyResources(input: $input) { ok { issues { code hint } } error { message issues { code path message } } } }',
      { input: { documents, dryRun } },
    );
    expect(body.data.applyResources.error).toBeNull();
    const { issues } = body.data.applyResources.ok as { issues: { code: string; hint: string }[] };
    return issues.filter(({ code }) => code === 'ISM0510').map(({ code, hint }) => `${code} ${hint}`);
  };

  /** As if the agent had reported the services and the worker had made all of them members. */
  const serve = (): Promise<void> =>
    api.store.withTenant('default', async (tx) => {
      const all = await tx.resources.all(['Cluster', 'GlobalNamespace']);
      const uidOf = (name: string): string => all.find((one) => one.name === name)?.uid ?? '';
      const at = { cluster: uidOf('east'), clusterUid: 'u', gatewayId: 'g', agentVersion: '1', address: '192.0.2.1' };
      const opened = await tx.sessions.connect(at);
      const services = SERVICES.map((name) => ({
        name,
        labels: {},
        type: 'ClusterIP',
        headless: false,
        selector: { app: name },
        ports: [{ number: 80, protocol: 'TCP', targetPort: 80 }],
      }));
      const body = JSON.stringify({ name: 'shop', labels: {}, readable: true, services, workloads: [] });
      const from = { cluster: at.cluster, session: opened.outcome === 'connected' ? opened.session : 0 };
      const facts = { mesh: {}, gateways: [] };
      const put = [{ namespace: 'shop', hash: 'a', body, readable: true }];
      await tx.inventory.apply(from, { bootId: 'b', seq: 1, root: 'a', complete: true, facts, put, remove: [] });
      const key = { cluster: 'east', namespace: 'shop', next: 'served' as const, enteredSeq: 1, expectedVersion: 0 };
      const members = SERVICES.map((service) => ({ ...key, service, host: `${service}.shop.global` }));
      await tx.members.apply(uidOf('shop'), members);
    });

  it('says nothing if few leave, or if nothing about the rules changes', async () => {
    expect(await apply(yaml(SERVICES.slice(0, 4)), true)).toEqual([]);
    expect(await apply(yaml([]))).toEqual([]);
  });

  it('says that they would wait, with the command, for rules and for labels of clusters alike', async () => {
    const told = ['ISM0510 isthmus approve --global-namespace shop'];
    expect(await apply(yaml(SERVICES.slice(0, 5)), true)).toEqual(told);
    expect(await apply(yaml([], 'silver'), true)).toEqual(told);
    expect(await apply(yaml(SERVICES.slice(0, 5)))).toEqual(told);
  });
});
