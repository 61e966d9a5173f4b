import { issue, type Issue, type MeshConfigObject } from '@isthmus/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { reportInventory } from './inventory.fixture.js';

const APPLY = `mutation ($input: ApplyResourcesInput!) {
  applyResources(input: $input) {
    ok { changes { outcome } issues { code severity cluster message title resource { kind name } } }
    error { code issues { code severity cluster path resource { kind name } } }
  }
}`;
const clusterOf = (name: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: ${name}}
spec:
  mesh: {kind: istio}
  gateways: [{address: 10.0.0.1}]
  podCIDRs: [10.1.0.0/16]
  serviceCIDRs: [10.2.0.0/16]
`;
const GNS = `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: bookinfo}
spec:
  domain: bookinfo.global
  members: [{namespaces: {names: [bookinfo]}}]
`;
const encryption = (mode: string): string => `apiVersion: isthmus.dev/v1alpha1
kind: EncryptionPolicy
metadata: {name: encryption}
spec:
  targets: [{globalNamespace: bookinfo}]
  mode: ${mode}
`;

const route: MeshConfigObject = { kind: 'VirtualService', name: 'mine', hosts: ['reviews.bookinfo.global'] };
const plaintext: MeshConfigObject = {
  kind: 'PeerAuthentication',
  name: 'plain',
  selector: { app: 'reviews' },
  mtls: 'DISABLE',
};

postgres.suite('what users configured in a mesh', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await apply(['east', 'west'].map(clusterOf).join('---\n'));
    await reportInventory(api, 'east', [plaintext, route]);
    await reportInventory(api, 'west');
  });
  afterAll(() => api.close());

  const apply = async (documents: string, more: Record<string, unknown> = {}) => {
    const { body } = await api.send(APPLY, { input: { documents, ...more } });
    expect(body.errors).toBeUndefined();
    return body.data.applyResources;
  };
  const codes = (issues: readonly { code: string }[]): string[] =>
    issues.map(({ code }) => code).filter((code) => code.startsWith('ISM08'));

  it('refuses a policy that would not be enforced, and names the object that contradicts', async () => {
    const { error, ok } = await apply(`${GNS}---\n${encryption('STRICT')}`);
    expect(ok).toBeNull();
    expect(error).toMatchObject({
      code: 'INVALID',
      issues: [
        {
          ...{ code: 'ISM0810', severity: 'ERROR', cluster: 'east', path: 'spec.mtls.mode' },
          resource: { kind: 'PeerAuthentication', name: 'bookinfo/plain' },
        },
      ],
    });
  });

  it('is told beforehand and with the change that it concerns, unknown where an older agent reports, and not again with the next change', async () => {
    const foreseen = await apply(GNS, { dryRun: true });
    const done = await apply(GNS);
    expect(codes(foreseen.ok.issues).sort()).toEqual(['ISM0800', 'ISM0803', 'ISM0811']);
    expect(codes(done.ok.issues)).toEqual(codes(foreseen.ok.issues));
    expect(done.ok.issues.find(({ code }: { code: string }) => code === 'ISM0803')).toMatchObject({
      cluster: 'east',
      title: 'VirtualService of a user for a global host',
      message: expect.stringContaining('reviews.bookinfo.global'),
    });
    const project = 'apiVersion: isthmus.dev/v1alpha1\nkind: Project\nmetadata: {name: other}\nspec: {}\n';
    expect(codes((await apply(project)).ok.issues)).toEqual([]);
  });

  it('lets the policy pass once it does not contradict', async () => {
    await reportInventory(api, 'east', [route]);
    expect((await apply(encryption('STRICT'))).error).toBeNull();
  });

  it('is told of the owner, too: what clients are given, but is not whole where it is owned', async () => {
    const about = '{ issues(filter: {codes: ["ISM0820"]}) { nodes { message cluster resource { name } } }';
    const query = `${about} globalNamespace(name: "bookinfo") { issues { code } } }`;
    const read = async () => (await api.send(query)).body.data;
    await acknowledge('west', []);
    await acknowledge('east', [issue('ISM0433', { message: 'was put back', path: KEY })]);
    expect((await read()).issues.nodes).toEqual([]);
    await acknowledge('east', [issue('ISM0431', { message: `${KEY}: refused by a webhook` })]);
    const { issues, globalNamespace } = await read();
    expect(issues.nodes).toEqual([
      {
        message: expect.stringContaining('reviews.bookinfo.global of east, where ServiceEntry istio-system/'),
        cluster: 'east',
        resource: { name: 'bookinfo' },
      },
    ]);
    expect(codes(globalNamespace.issues)).toContain('ISM0820');
  });

  const KEY = 'networking.istio.io/v1/ServiceEntry/istio-system/reviews-bookinfo-global-owner';

  /** As if the cluster had applied everything it was told, and said this; `east` owns a host that is given to others. */
  async function acknowledge(name: string, issues: readonly Issue[]): Promise<void> {
    await api.store.withTenant('default', async (tx) => {
      const cluster = (await tx.resources.get({ kind: 'Cluster', project: '', name }))?.uid ?? '';
      const gns =
        (await tx.resources.get({ kind: 'GlobalNamespace', project: 'default', name: 'bookinfo' }))?.uid ?? '';
      const hello = { cluster, gatewayId: 'g', clusterUid: name, agentVersion: '1', address: '::1' };
      const connected = await tx.sessions.connect(hello);
      if (connected.outcome !== 'connected') throw new Error(connected.outcome);
      const member = { host: 'reviews.bookinfo.global', cluster: 'east', namespace: 'bookinfo', service: 'reviews' };
      await tx.members.apply(gns, [{ ...member, next: 'served', enteredSeq: 1, expectedVersion: 0 }]);
      const ref = { epoch: 1, seq: 1, root: 'a'.repeat(64) };
      const given = { cluster, gns, expectedSeq: 0, next: ref, minCatalogSeq: 0, statement: '{}', signature: 'c2ln' };
      await tx.targets.move([{ ...given, state: 'ACTIVE' }]);
      const report = { gns, line: 'policy' as const, ref, objectCount: 1, issues };
      await tx.targets.acknowledge({ cluster, session: connected.session }, [report]);
    });
  }
});
