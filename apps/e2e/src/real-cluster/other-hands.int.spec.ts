import { LABELS, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { installIstioCrds, probeKubernetes, real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import type { AgentProcess } from './agent-process.fixture.js';
import { RealCluster, recordPart } from './real-cluster.fixture.js';
import { World } from './world.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', probeKubernetes);
const ENTRY = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', namespace: 'shop' };
/** Many, so that what these tests take away stays below the breaker. */
const SERVICES = [
  'details',
  'ratings',
  'reviews',
  ...Array.from({ length: 12 }, (_, index) => `more-${String(index)}`),
];
const PARTS = ['head', ...'0123456789abcdef'];

postgres.suite('an agent process over Postgres', () => {
  onKubernetes('and a real apiserver in which people work, too', () => {
    vi.setConfig({ testTimeout: 180_000 });
    let world: World;
    let agent: AgentProcess;
    beforeAll(async () => {
      const { store } = await postgres.freshStore();
      const cluster = await RealCluster.start({
        users: ['agent'],
        crds: ['ServiceEntry', 'DestinationRule', 'Gateway', 'VirtualService'],
      });
      world = await World.create({ store, services: SERVICES, cluster });
      agent = await world.enrolAgent();
    });
    afterAll(() => world?.stop());

    const entry = (service: string): KubeObjectRef => ({ ...ENTRY, name: `${service}-shop-example-com-local` });
    const live = async (ref: KubeObjectRef): Promise<KubeObject> => {
      const found = await world.cluster.live(ref);
      if (found === undefined) throw new Error(`${ref.name} is not there`);
      return found;
    };
    const uids = async (): Promise<string[]> =>
      [...(await world.cluster.labelled())].map(([key, { metadata }]) => `${key} ${metadata.uid ?? ''}`).sort();
    /** The user `agent` may do everything in these namespaces, and list namespaces. */
    async function rights(namespaces: readonly string[]): Promise<void> {
      const api = 'rbac.authorization.k8s.io';
      const subjects = [{ apiGroup: api, kind: 'User', name: 'agent' }];
      const listing = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] }];
      const list = { name: 'list-namespaces' };
      const bind = (kind: string, metadata: KubeObject['metadata'], name: string): Promise<KubeObject> =>
        world.cluster.put({
          ...{ apiVersion: `${api}/v1`, kind, metadata, subjects },
          roleRef: { apiGroup: api, kind: 'ClusterRole', name },
        });
      await world.cluster.put({ apiVersion: `${api}/v1`, kind: 'ClusterRole', metadata: list, rules: listing });
      await bind('ClusterRoleBinding', list, list.name);
      for (const namespace of namespaces) await bind('RoleBinding', { name: 'agent', namespace }, 'cluster-admin');
    }
    const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4000));

    it('says which kinds the cluster does not serve, goes on with the others, and takes them up when their CRD appears', async () => {
      await world.begin(SERVICES);
      expect(await world.reports('ISM0443')).toContain('is its CRD installed?');
      await eventually(
        async () =>
          [...(await world.cluster.labelled()).keys()].some((key) => key.includes('/ServiceEntry/')) || undefined,
        'the kinds that are served',
        60_000,
      );
      await installIstioCrds(world.cluster.server.kubeconfig, ['PeerAuthentication', 'AuthorizationPolicy']);
      await world.applied('catalog', 1);
      expect([...(await world.cluster.labelled()).keys()].some((key) => key.includes('/PeerAuthentication/'))).toBe(
        true,
      );
      expect(await world.issues()).toEqual([]);
    });

    it('heals within seconds what somebody changed or deleted, and names the hand', async () => {
      await world.cluster.drop(entry('ratings'));
      await eventually(
        async () => (await world.cluster.live(entry('ratings'))) !== undefined || undefined,
        'it is back',
      );
      await world.cluster.edit(entry('reviews'), { spec: { location: null } });
      await eventually(
        async () => ((await live(entry('reviews'))).spec as { location?: string }).location !== undefined || undefined,
        'the field is back',
        60_000,
      );
      await world.cluster.edit(entry('reviews'), { spec: { resolution: 'DNS' } });
      expect(await world.reports('ISM0441')).toContain('kubectl-edit holds .spec.resolution');
      expect((await live(entry('reviews'))).spec).toMatchObject({ resolution: 'DNS' });
      await world.cluster.drop(entry('reviews'));
      await world.clears('ISM0441');
      expect((await live(entry('reviews'))).spec).not.toMatchObject({ resolution: 'DNS' });
    });

    it('never overwrites and never deletes the object of a user under a name that is wanted', async () => {
      const mine = { ...ENTRY, metadata: { namespace: 'shop', name: 'stock-shop-example-com-local' } };
      const spec = { hosts: ['mine.test'], resolution: 'STATIC', ports: [{ number: 1, name: 'tcp', protocol: 'TCP' }] };
      await world.cluster.put({ apiVersion: mine.apiVersion, kind: mine.kind, metadata: mine.metadata, spec });
      await world.cluster.services(['stock']);
      await world.publish([...SERVICES, 'stock']);
      expect(await world.reports('ISM0430')).toContain('stock-shop-example-com-local');
      expect((await live(entry('stock'))).spec).toMatchObject({ hosts: ['mine.test'] });
      await quiet();
      expect((await live(entry('stock'))).spec).toMatchObject({ hosts: ['mine.test'] });
      await world.cluster.drop(entry('stock'));
      await world.clears('ISM0430');
      expect((await live(entry('stock'))).metadata.labels).toMatchObject({ [LABELS.managedBy]: 'isthmus' });
    });

    it('lets go of an object from which somebody took the label, and touches it no more', async () => {
      const before = await live(entry('details'));
      await world.cluster.edit(entry('details'), {
        metadata: { labels: { [LABELS.managedBy]: null } },
        spec: { resolution: 'DNS' },
      });
      expect(await world.reports('ISM0430')).toContain('details-shop-example-com-local');
      await quiet();
      const after = await live(entry('details'));
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(after.spec).toMatchObject({ resolution: 'DNS' });
      await world.cluster.drop(entry('details'));
      await world.clears('ISM0430');
      expect((await live(entry('details'))).metadata.labels).toMatchObject({ [LABELS.managedBy]: 'isthmus' });
    });

    it('does not delete what somebody made anew under a recorded name, though it carries our label', async () => {
      const old = await live(entry('stock'));
      agent.signal('SIGSTOP');
      await world.cluster.drop(entry('stock'));
      const { name, namespace, labels } = old.metadata;
      const spec = { hosts: ['mine.test'], resolution: 'STATIC', ports: [{ number: 1, name: 'tcp', protocol: 'TCP' }] };
      const { apiVersion, kind } = ENTRY;
      const anew = await world.cluster.put({ apiVersion, kind, metadata: { name, namespace, labels }, spec });
      agent.signal('SIGCONT');
      await world.publish(SERVICES);
      expect(await world.reports('ISM0430')).toContain('stock-shop-example-com-local');
      await quiet();
      expect((await live(entry('stock'))).metadata.uid).toBe(anew.metadata.uid);
      await world.cluster.drop(entry('stock'));
      await world.clears('ISM0430');
    });

    it('says what it may not read in one namespace, changes and prunes nothing there, goes on elsewhere, and ends what waits when it may', async () => {
      const before = await uids();
      await rights(['isthmus-system', 'istio-system', 'default']);
      await agent.stop();
      agent = await world.startAgent({ kubeconfig: world.cluster.server.kubeconfigOf('agent') });
      const seq = await world.publish([...SERVICES.filter((name) => name !== 'ratings'), 'wine']);
      expect(await world.reports('ISM0432')).toMatch(/cannot get resource .* in the namespace "shop"/);
      await quiet();
      const after = await uids();
      expect(before.filter((key) => key.includes('/shop/') && !after.includes(key))).toEqual([]);
      expect(after.filter((key) => key.includes('/shop/') && !before.includes(key))).toEqual([]);
      expect(after.some((key) => key.includes('/istio-system/wine'))).toBe(true);
      expect(agent.isRunning).toBe(true);
      await rights(['isthmus-system', 'istio-system', 'default', 'shop']);
      await world.applied('catalog', seq);
      await world.clears('ISM0432');
      await eventually(
        async () => (await world.cluster.live(entry('ratings'))) === undefined || undefined,
        'pruned',
        60_000,
      );
      expect(await world.cluster.live(entry('wine'))).toBeDefined();
      await agent.stop();
      agent = await world.startAgent();
    });

    it('survives a record that somebody deleted: it takes up what is as wanted, and removes nothing', async () => {
      await world.applied('catalog', await world.publish([...SERVICES, 'late']));
      const before = await uids();
      for (const part of PARTS)
        if (await world.cluster.live(recordPart(part))) await world.cluster.drop(recordPart(part));
      const seq = await world.publish([...SERVICES, 'late', 'wine']);
      await world.applied('catalog', seq);
      const after = await uids();
      expect(before.filter((key) => !after.includes(key))).toEqual([]);
      const recorded = await world.cluster.recorded();
      expect([...(await world.cluster.labelled()).keys()].filter((key) => !recorded.has(key))).toEqual([]);
    });

    it('stops before a record that somebody damaged, says what to do, and goes on when it is whole again', async () => {
      const head = await live(recordPart('head'));
      const before = await uids();
      await world.cluster.edit(recordPart('head'), { data: { 'record.json': '{"version":1,' } });
      await agent.stop();
      agent = await world.startAgent();
      expect(await agent.ended()).toBe(1);
      expect(agent.log).toContain('the record of owned objects in isthmus-system is damaged');
      expect(await uids()).toEqual(before);
      await world.cluster.edit(recordPart('head'), { data: head['data'] });
      agent = await world.startAgent();
      const seq = await world.publish([...SERVICES, 'late', 'wine', 'last']);
      await world.applied('catalog', seq);
    });
  });
});
