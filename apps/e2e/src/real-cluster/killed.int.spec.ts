import { probeKubernetes, real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import type { AgentProcess } from './agent-process.fixture.js';
import { World } from './world.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', probeKubernetes);

const services = (count: number): string[] => Array.from({ length: count }, (_, index) => `service-${String(index)}`);

postgres.suite('an agent process over Postgres', () => {
  onKubernetes('and a real apiserver, when something is killed', () => {
    vi.setConfig({ testTimeout: 180_000 });
    let world: World;
    let agent: AgentProcess;
    beforeAll(async () => {
      const { store } = await postgres.freshStore();
      world = await World.create({ store, services: services(120) });
      agent = await world.enrolAgent();
    });
    afterAll(() => world?.stop());

    const uids = async (): Promise<Map<string, string>> =>
      new Map([...(await world.cluster.labelled())].map(([key, { metadata }]) => [key, metadata.uid ?? '']));
    const orphans = async (): Promise<string[]> => {
      const recorded = await world.cluster.recorded();
      return [...(await world.cluster.labelled()).keys()].filter((key) => !recorded.has(key));
    };

    it(
      'is killed in the middle of its writes: nothing is without a record, and its successor finishes without making anything twice',
      { timeout: 150_000 },
      async () => {
        await world.begin(services(120));
        await world.grown(15);
        await agent.kill();
        const made = await uids();
        expect(await orphans()).toEqual([]);
        agent = await world.startAgent();
        await world.applied('catalog', 1);
        const now = await uids();
        expect(now.size).toBeGreaterThan(made.size);
        for (const [key, uid] of made) expect(now.get(key)).toBe(uid);
        expect(await orphans()).toEqual([]);
      },
    );

    it('goes on when the apiserver is killed in the middle of its writes and comes back with its data', async () => {
      await world.publish(services(200));
      await world.grown(130);
      await world.cluster.server.kill();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(agent.isRunning).toBe(true);
      await world.cluster.server.restart();
      await world.applied('catalog', 2);
      expect(await orphans()).toEqual([]);
      expect(agent.isRunning).toBe(true);
    });

    it(
      'loses pod and disk and is the same agent again, which writes, prunes and enrols nothing',
      { timeout: 150_000 },
      async () => {
        const before = await world.cluster.labelled();
        const session = async (): Promise<number> =>
          (await world.store.withTenant(ORG, (tx) => tx.sessions.get(world.uid)))?.session ?? 0;
        const first = await session();
        await agent.kill();
        agent = await world.startAgent();
        await eventually(
          async () => (await session()) > first || undefined,
          'a new session of the same cluster',
          60_000,
        );
        await world.applied('catalog', 2);
        const after = await world.cluster.labelled();
        const versions = (objects: typeof before): string[] =>
          [...objects].map(([key, { metadata }]) => `${key} ${metadata.resourceVersion ?? ''}`).sort();
        expect(versions(after)).toEqual(versions(before));
        expect(await world.store.withTenant(ORG, (tx) => tx.certificates.ofCluster(world.uid))).toHaveLength(1);
      },
    );
  });
});
