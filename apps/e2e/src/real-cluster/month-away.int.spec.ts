import { probeKubernetes, real, testPostgres } from '@isthmus/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ORG } from '../agent-path/centre.fixture.js';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { ClockedAgent, JumpingClock } from './clocked-agent.fixture.js';
import { World } from './world.fixture.js';

const postgres = await testPostgres();
const onKubernetes = await real('kubernetes', probeKubernetes);
const DAY_MS = 86_400_000;
const SERVICES = ['details', 'ratings', 'reviews'];

postgres.suite('an agent that runs without its centre, over Postgres', () => {
  onKubernetes('and a real apiserver, while days pass for both clocks', () => {
    vi.setConfig({ testTimeout: 240_000 });
    let world: World;
    let agent: ClockedAgent;
    let passedMs = 0;
    let gone: string[];
    const clock = new JumpingClock();
    const watching = new AbortController();

    beforeAll(async () => {
      const { store } = await postgres.freshStore();
      world = await World.create({ store, services: SERVICES });
      agent = await ClockedAgent.start({
        ...{ gateway: world.centre.url, kubeconfig: world.cluster.server.kubeconfig, clock },
        ...{ ca: world.centre.gateway.caPem, token: await world.centre.token(world.uid) },
      });
      await world.begin(SERVICES);
      await world.applied('policy', 1);
      const deletions = world.cluster.deletions(watching.signal);
      await deletions.following;
      ({ gone } = deletions);
    });
    beforeEach(() => void gone.splice(0));
    afterAll(async () => {
      watching.abort();
      await agent?.stop();
      await world?.stop();
    });

    const entryNames = async (): Promise<string[]> =>
      [...(await world.cluster.labelled()).values()]
        .filter(({ kind }) => kind === 'ServiceEntry')
        .map(({ metadata }) => metadata.name)
        .sort();
    const versions = async (): Promise<string[]> =>
      [...(await world.cluster.labelled())]
        .map(([key, { metadata }]) => `${key} ${metadata.resourceVersion ?? ''}`)
        .sort();
    const pass = (days: number): void => {
      passedMs += days * DAY_MS;
      clock.jump(days * DAY_MS);
    };
    /** The gateway comes back at its address, and is as many days later as the agent. Its own certificate is of true time. */
    const centreIsBack = async (port: number): Promise<void> => {
      const then = new JumpingClock();
      world.centre.clock = then;
      await world.centre.start({}, port);
      then.jump(passedMs);
    };
    const publishDaily = async (days: number): Promise<number> => {
      for (let day = 0; day < days; day += 1) await world.publish(['reviews', `of-day-${String(day)}`]);
      return world.publish([...SERVICES, 'stock']);
    };

    it('heals what is drifting on every day of a month, long after its certificate ran out, and comes back at its last hour', async () => {
      const { port } = world.centre.gateway;
      await world.centre.stop();
      const names = await entryNames();
      const all = [...(await world.cluster.labelled()).values()];
      const drifted = all.filter(({ metadata }) => metadata.name.includes('reviews'));
      for (const days of [0.5, 1, 14, 14.9]) {
        pass(days);
        for (const object of drifted) await world.cluster.drop({ ...object, ...object.metadata });
        const healed = async () => (await world.cluster.labelled()).size === all.length || undefined;
        await eventually(healed, `healed after ${String(days)} days more`, 60_000);
      }
      expect(await entryNames()).toEqual(names);
      expect(gone).toHaveLength(4 * drifted.length);
      gone.splice(0);
      const last = await publishDaily(30);
      const before = await versions();
      await centreIsBack(port);
      await agent.says(/the expired certificate was renewed/);
      await world.applied('catalog', last);
      expect((await versions()).filter((version) => before.includes(version))).toEqual(before);
      expect((await entryNames()).filter((name) => name.includes('of-day'))).toEqual([]);
      expect(gone).toEqual([]);
    });

    it('is shut out after more than thirty days, changes nothing, and is the same again with a new token', async () => {
      const { port } = world.centre.gateway;
      await world.centre.stop();
      pass(31.1);
      const last = await publishDaily(2);
      const before = await versions();
      await centreIsBack(port);
      await agent.says(/more than 30 days ago/);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(await versions()).toEqual(before);
      await agent.give(await world.centre.token(world.uid, 120_000, true));
      await agent.says(/enrolled again, with a new token/);
      await world.applied('catalog', last);
      expect((await versions()).filter((version) => before.includes(version))).toEqual(before);
      expect(gone).toEqual([]);
      const session = await world.store.withTenant(ORG, (tx) => tx.sessions.get(world.uid));
      expect(session).toMatchObject({ connected: true, quarantine: undefined });
    });

    it('is kept out while it is revoked, whatever token lies there from before, and comes back by one that was made afterwards', async () => {
      await agent.give(await world.centre.token(world.uid, 120_000, true));
      await world.store.mutate(ORG, { actor: 'spec', action: 'revoke' }, (tx) => tx.sessions.revoke(world.uid));
      const before = await versions();
      await agent.says(/not enrolled again: this token expired/);
      await agent.give(await world.centre.token(await world.centre.addCluster('west')));
      await agent.says(/the token is of another cluster, west/);
      expect(await versions()).toEqual(before);
      await agent.give(await world.centre.token(world.uid, 120_000, true));
      const last = await world.publish([...SERVICES, 'stock', 'late']);
      await world.applied('catalog', last);
      expect((await entryNames()).some((name) => name.includes('late'))).toBe(true);
      expect(gone).toEqual([]);
    });
  });
});
