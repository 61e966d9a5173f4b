import { probeKubernetes, real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { policyTree } from '../agent-path/trees.fixture.js';
import type { AgentProcess } from './agent-process.fixture.js';
import { AGENT_NAMESPACE } from './real-cluster.fixture.js';
import { World } from './world.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', probeKubernetes);
const LEASE = {
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  ...{ namespace: AGENT_NAMESPACE, name: 'isthmus-agent' },
};

postgres.suite('two agent processes over Postgres', () => {
  onKubernetes('and one real apiserver', () => {
    vi.setConfig({ testTimeout: 180_000 });
    let world: World;
    let one: AgentProcess;
    let two: AgentProcess;
    beforeAll(async () => {
      const { store } = await postgres.freshStore();
      world = await World.create({ store, services: ['ratings', 'reviews'] });
      one = await world.enrolAgent();
      await world.begin(['ratings']);
      await world.applied('policy', 1);
    });
    afterAll(() => world?.stop());

    const session = async (): Promise<number> =>
      (await world.store.withTenant(ORG, (tx) => tx.sessions.get(world.uid)))?.session ?? 0;
    const holder = async (): Promise<string | undefined> =>
      ((await world.cluster.live(LEASE))?.spec as { holderIdentity?: string } | undefined)?.holderIdentity;

    it('the second waits for the Lease: it opens no stream and writes nothing while the first acts', async () => {
      const [before, first] = [await session(), await holder()];
      two = await world.startAgent();
      await two.says(/waiting to be the acting agent/);
      await world.publish(['ratings', 'reviews']);
      await world.applied('catalog', 2);
      expect(await session()).toBe(before);
      expect(await holder()).toBe(first);
      expect(two.log).not.toContain('connected');
    });

    it('one that hangs longer than its Lease writes nothing when it wakes up: the other acts by then, and it ends', async () => {
      const before = await session();
      one.signal('SIGSTOP');
      await eventually(async () => (await session()) > before || undefined, 'the second has taken over', 90_000);
      await world.centre.publishPolicy({ cluster: world.uid, gns: world.gns }, policyTree('PERMISSIVE'), 1);
      await world.applied('policy', 2);
      const settled = [...(await world.cluster.labelled())].map(([key, { metadata }]) => [
        key,
        metadata.resourceVersion,
      ]);
      one.signal('SIGCONT');
      expect(await one.ended()).toBe(1);
      expect(one.log).toContain('ISM0446');
      const after = [...(await world.cluster.labelled())].map(([key, { metadata }]) => [key, metadata.resourceVersion]);
      expect(after).toEqual(settled);
      expect(two.isRunning).toBe(true);
    });

    it('a graceful end hands over', async () => {
      const three = await world.startAgent();
      await three.says(/waiting to be the acting agent/);
      const before = await session();
      expect(await two.stop()).toBe(0);
      await eventually(async () => (await session()) > before || undefined, 'the third has taken over', 60_000);
      await world.applied('policy', 2);
    });
  });
});
