import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoundAgent, wantedBy, type Follow, type Wanted } from './round-agent.fixture.js';
import {
  CLUSTERS,
  type ClusterName,
  type LoadResult,
  lost,
  NOTHING_LOST,
  probeTestbed,
  Testbed,
} from './testbed.fixture.js';

const REVIEWS = 'reviews.bookinfo.global';
const HOST = `http://${REVIEWS}:9080/`;
const URL = `${HOST}only-new`;
/** Shorter than in agents, to save time; leads are those of agents. */
const TIMES = { lingerMs: 3000, leadMs: 1000 };
/** Proxies have what was written so far, and requests flow over it. */
const DEAD_MS = 1500;
/** Longer than anything that an agent waits for by time. */
const SLOW_MS = 6000;

const routes = (rules: string): string => `
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: reviews }
spec:
  targets: [{ globalNamespace: bookinfo, service: reviews }]
  routes: { rules: [${rules}] }
`;
const SLOW = '{ name: slow, matches: [{ path: { type: PREFIX, value: /delay } }], timeout: 4s }';
const NEW = '{ name: only-new, matches: [{ path: { type: PREFIX, value: /only-new } }], backends: [{ version: v2 }] }';

const split = (one: number): string =>
  `{ name: split, backends: [{ version: v1, weight: ${String(one)} }, { version: v2, weight: ${String(100 - one)} }] }`;

let testbed: Testbed;
const agents = new Map<ClusterName, RoundAgent>();
let versioned: Wanted;
let plain: Wanted;
let half: Wanted;
let most: Wanted;

async function follow(cluster: ClusterName, wanted: Wanted, how: Follow = {}): Promise<boolean> {
  return (await agents.get(cluster)?.follow(wanted.get(cluster) ?? [], how)) === true;
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('an agent that dies in the middle of a change, in three real clusters', () => {
  onEnvoy('with real proxies and requests under way', () => {
    beforeAll(async () => {
      testbed = await Testbed.up();
      const bundle = await testbed.bundle('STRICT');
      [versioned, plain, half, most] = await Promise.all([
        wantedBy(bundle, routes(`${NEW}, ${SLOW}`)),
        wantedBy(bundle, routes(SLOW)),
        wantedBy(bundle, routes(split(50))),
        wantedBy(bundle, routes(split(20))),
      ]);
      for (const cluster of CLUSTERS) agents.set(cluster, await RoundAgent.on(cluster, testbed, TIMES));
      // The owner of the version knows it all the time: what is judged is the order in the cluster of the caller.
      await follow('b', versioned);
      await follow('c', plain);
      await follow('a', plain);
      await testbed.acknowledged();
    });

    afterAll(async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      await testbed?.down();
    });

    it('loses no request of a version that is taken away, after whichever of its writes it is killed', async () => {
      let isWhole = false;
      let dies = 0;
      for (; !isWhole; dies += 1) {
        await follow('a', versioned);
        await pause(DEAD_MS);
        const result = await testbed.loadWhile('a', { url: URL, rate: 40 }, async () => {
          isWhole = await follow('a', plain, { dies });
          await pause(DEAD_MS);
          await follow('a', plain);
        });
        expect(lost(result), `after ${String(dies)} writes: ${JSON.stringify(result.changes)}`).toEqual(NOTHING_LOST);
        expect(Object.keys(result.backends).sort()).toEqual(['a/reviews-1', 'b/reviews-2']);
      }
      // Each of three objects, and the record before them: the fifth agent lived.
      expect(dies).toBeGreaterThanOrEqual(5);
    });

    it('takes a version away in the cluster of its owner, too, and loses nothing', async () => {
      await follow('a', versioned);
      await pause(DEAD_MS);
      const result = await testbed.loadWhile('a', { url: URL }, async () => {
        await follow('b', plain, { patienceMs: 0 });
        await pause(DEAD_MS);
        await follow('a', plain);
        await follow('b', plain);
        await pause(DEAD_MS);
      });
      expect(lost(result)).toEqual(NOTHING_LOST);
      expect(Object.keys(result.backends).sort()).toEqual(['a/reviews-1', 'b/reviews-2']);
    });

    /** One agent is killed after so many writes and another one goes on; true if it was not. */
    const dying = async (cluster: ClusterName, wanted: Wanted, dies: number): Promise<boolean> => {
      const isWhole = await follow(cluster, wanted, { dies });
      await pause(DEAD_MS);
      await follow(cluster, wanted);
      await pause(DEAD_MS);
      return isWhole;
    };

    it(
      'loses no request of a version that comes, after whichever write the agent of its owner or of callers is killed',
      { timeout: 900_000 },
      async () => {
        let isWhole = false;
        let dies = 0;
        for (; !isWhole; dies += 1) {
          await follow('a', plain);
          await follow('b', plain);
          await pause(DEAD_MS);
          let fromOwner: LoadResult | undefined;
          const fromCaller = await testbed.loadWhile('a', { url: URL, rate: 40 }, async () => {
            fromOwner = await testbed.loadWhile('b', { url: URL, rate: 40 }, async () => {
              const wholes = [await dying('b', versioned, dies), await dying('a', versioned, dies)];
              isWhole = wholes.every(Boolean);
            });
          });
          for (const result of [fromCaller, ...(fromOwner ? [fromOwner] : [])])
            expect(lost(result), `after ${String(dies)} writes: ${JSON.stringify(result.changes)}`).toEqual(
              NOTHING_LOST,
            );
          expect(Object.keys(fromCaller.backends).sort()).toEqual(['a/reviews-1', 'b/reviews-2']);
          expect(Object.keys(fromOwner?.backends ?? {})).toContain('b/reviews-2');
        }
        // Three objects, and the record before the first of them and before the routes.
        expect(dies).toBeGreaterThanOrEqual(5);
      },
    );

    it('waits for the agent of the owner, however slow, before callers name a version, and for callers before it ends', async () => {
      await follow('a', plain);
      await follow('b', plain);
      await pause(DEAD_MS);
      const came = await testbed.loadWhile('a', { url: URL, rate: 40 }, async () => {
        await follow('a', versioned, { step: 'expand' });
        await pause(SLOW_MS);
        await follow('b', versioned, { step: 'expand' });
        for (const cluster of ['a', 'b'] as const) await follow(cluster, versioned);
        await pause(DEAD_MS);
      });
      expect(lost(came), JSON.stringify(came.changes)).toEqual(NOTHING_LOST);
      expect(came.changes.map(([, outcome]) => outcome)).toEqual(['200 a/reviews-1', '200 b/reviews-2']);
      const went = await testbed.loadWhile('a', { url: URL, rate: 40 }, async () => {
        await follow('b', plain, { step: 'switch' });
        await pause(SLOW_MS);
        await follow('a', plain, { step: 'switch' });
        for (const cluster of ['b', 'a'] as const) await follow(cluster, plain);
        await pause(DEAD_MS);
      });
      expect(lost(went), JSON.stringify(went.changes)).toEqual(NOTHING_LOST);
      expect(Object.keys(went.backends)).toEqual(expect.arrayContaining(['b/reviews-2', 'a/reviews-1']));
    });

    it('resolves a host that is new only when requests reach it, after whichever of its writes the agent is killed', async () => {
      const without = new Map([...plain].map(([name, all]) => [name, all.filter(({ host }) => host !== REVIEWS)]));
      await follow('b', plain);
      let isWhole = false;
      let dies = 0;
      for (; !isWhole; dies += 1) {
        await follow('a', without, { planned: true });
        await pause(DEAD_MS);
        const { codes, changes } = await testbed.loadWhile('a', { url: HOST, rate: 100 }, async () => {
          isWhole = await follow('a', plain, { dies });
          await pause(DEAD_MS);
          await follow('a', plain);
        });
        const outcomes = changes.map(([, outcome]) => outcome.split(' ')[0]);
        const told = JSON.stringify({ dies, changes });
        expect(Object.keys(codes).sort(), told).toEqual(['200', 'gaierror']);
        expect(outcomes.indexOf('200'), told).toBe(outcomes.lastIndexOf('gaierror') + 1);
      }
      // The record, three or more objects, and those with the address again.
      expect(dies).toBeGreaterThanOrEqual(6);
    });

    it('gives a share to a version in one step, and more in the next, and loses nothing', async () => {
      await follow('a', plain);
      await follow('b', plain);
      await pause(DEAD_MS);
      const result = await testbed.loadWhile('a', { url: HOST, rate: 40 }, async () => {
        for (const wanted of [half, most]) {
          await follow('b', wanted);
          await follow('a', wanted);
          await pause(DEAD_MS);
        }
      });
      expect(lost(result), JSON.stringify(result.changes)).toEqual(NOTHING_LOST);
      expect(Object.keys(result.backends).sort()).toEqual(['a/reviews-1', 'b/reviews-2']);
    });
  });
});
