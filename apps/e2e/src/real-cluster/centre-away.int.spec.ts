import { enrol } from '@isthmus/agent';
import { reflect, ResourceView } from '@isthmus/kube';
import { systemClock } from '@isthmus/platform';
import { createStore, ensureDatabase } from '@isthmus/store';
import { probeKubernetes, real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ORG, type Centre } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import type { AgentProcess } from './agent-process.fixture.js';
import { AGENT_NAMESPACE } from './real-cluster.fixture.js';
import { World } from './world.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', probeKubernetes);
const DAY_MS = 86_400_000;
const SERVICES = ['details', 'ratings', 'reviews'];
const ENTRY = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', namespace: 'shop' };
const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE, name: 'isthmus-agent-identity' };

postgres.suite('an agent process over Postgres', () => {
  onKubernetes('and a real apiserver, while the centre is away or knows less', () => {
    vi.setConfig({ testTimeout: 180_000 });
    let world: World;
    let agent: AgentProcess;
    let url: string;
    beforeAll(async () => {
      const { store, url: at } = await postgres.freshStore();
      url = at;
      world = await World.create({ store, services: SERVICES });
      agent = await world.enrolAgent();
      await world.begin(SERVICES);
      await world.applied('policy', 1);
    });
    afterAll(() => world?.stop());

    const versions = async (): Promise<string[]> =>
      [...(await world.cluster.labelled())]
        .map(([key, { metadata }]) => `${key} ${metadata.resourceVersion ?? ''}`)
        .sort();
    const entryNames = async (): Promise<string[]> =>
      [...(await world.cluster.labelled()).values()]
        .filter(({ kind }) => kind === 'ServiceEntry')
        .map(({ metadata }) => metadata.name)
        .sort();
    const healed = (name: string): Promise<unknown> =>
      eventually(
        async () => (await world.cluster.live({ ...ENTRY, name })) !== undefined || undefined,
        `${name} is back`,
        60_000,
      );
    /** A name of an owned service entry in `shop`. */
    const anEntry = async (): Promise<string> => {
      const [first] = [...(await world.cluster.labelled()).values()].filter(
        ({ kind, metadata }) => kind === 'ServiceEntry' && metadata.namespace === 'shop',
      );
      if (first === undefined) throw new Error('no service entry in shop');
      return first.metadata.name;
    };

    it('keeps and heals everything while the gateway is gone, and takes the net state when it is back', async () => {
      const { port } = world.centre.gateway;
      await world.centre.stop();
      const names = await entryNames();
      const name = await anEntry();
      await world.cluster.drop({ ...ENTRY, name });
      await healed(name);
      expect(await entryNames()).toEqual(names);
      await world.publish(['reviews']);
      await world.publish(SERVICES);
      const before = await versions();
      await world.centre.start({}, port);
      await world.applied('catalog', 3);
      expect(await versions()).toEqual(before);
    });

    it('gives nothing up to a database from an old backup, however far that goes on, until its lineage is raised', async () => {
      const { store, centre: first } = world;
      const { port } = first.gateway;
      await first.stop();
      await store.close();
      const [admin, old] = [new URL(url), new URL(url)];
      [admin.pathname, old.pathname] = ['/postgres', '/older_copy'];
      await ensureDatabase(admin.href, 'older_copy', new URL(url).pathname.slice(1));
      const asBefore = first.over(createStore({ connectionString: url, poolSize: 5 }));
      const restored: Centre = asBefore.over(createStore({ connectionString: old.href, poolSize: 5 }));
      world.centre = asBefore;
      await asBefore.start({}, port);
      await world.publish(SERVICES.slice(0, 2));
      await world.publish(SERVICES);
      await world.applied('catalog', 5);
      const before = await versions();
      await world.replaceCentre(restored);
      await asBefore.store.close();
      const session = async (): Promise<string> =>
        (await world.store.withTenant(ORG, (tx) => tx.sessions.get(world.uid)))?.lastError ?? '';
      await eventually(async () => (await session()).includes('ISM0421') || undefined, 'it is noticed', 60_000);
      for (const names of [['details'], SERVICES, ['details'], ['ratings']]) await world.publish(names);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(await versions()).toEqual(before);
      await world.store.system.raiseEpoch();
      const seq = await world.publish([...SERVICES, 'stock']);
      await world.applied('catalog', seq);
      expect((await entryNames()).some((name) => name.includes('stock'))).toBe(true);
    });

    it('comes back after a month with the identity that it had, and goes from where it was to the net state', async () => {
      expect(await agent.stop()).toBe(0);
      await becomeOld(29.5);
      const seen = new Set<string>();
      const view = new ResourceView<string>({
        strip: ({ metadata }) => metadata.name,
        changed: (_, name) => seen.add(name),
      });
      const abort = new AbortController();
      const type = await world.cluster.admin.discovery.find(ENTRY.apiVersion, ENTRY.kind);
      if (!type.ok) throw new Error(type.failure.message);
      void reflect({
        client: world.cluster.admin,
        type: type.value,
        sink: view,
        signal: abort.signal,
        random: () => 0.5,
      });
      let last = 0;
      for (let day = 0; day < 30; day += 1) last = await world.publish(['reviews', `of-day-${String(day)}`]);
      last = await world.publish([...SERVICES, 'stock']);
      const before = await versions();
      agent = await world.startAgent();
      await agent.says(/the expired certificate was renewed/);
      await world.applied('catalog', last);
      expect(await versions()).toEqual(before);
      expect([...seen].filter((name) => name.includes('of-day'))).toEqual([]);
      abort.abort();
    });

    it('whose certificate ran out and is not renewed keeps the cluster as it is', async () => {
      expect(await agent.stop()).toBe(0);
      const before = await versions();
      await becomeOld(20);
      await world.store.mutate(ORG, { actor: 'spec', action: 'revoke' }, (tx) => tx.sessions.revoke(world.uid));
      await world.publish(['reviews']);
      agent = await world.startAgent();
      await agent.says(/ISM0406/);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      expect(await versions()).toEqual(before);
      expect(agent.isRunning).toBe(true);
    });

    /** The identity in the cluster becomes one whose certificate was issued that many days ago, for one day. */
    async function becomeOld(days: number): Promise<void> {
      const then = world.centre.over(world.store);
      then.clock = { ...systemClock, now: () => new Date(Date.now() - days * DAY_MS) };
      await then.start();
      const uid = (await world.cluster.live({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }))?.metadata
        .uid;
      const result = await enrol({
        ...{ gateway: then.url, ca: then.gateway.caPem, token: await world.centre.token(world.uid) },
        ...{ clusterUid: uid ?? '', agentVersion: 'spec' },
      });
      await then.stop();
      if (!result.ok) throw new Error(result.message);
      const data = { 'identity.json': Buffer.from(JSON.stringify(result.identity)).toString('base64') };
      await world.cluster.edit(SECRET, { data });
    }
  });
});
