import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoundAgent, wantedBy, type Wanted } from './round-agent.fixture.js';
import { CLUSTERS, type ClusterName, lost, NOTHING_LOST, probeTestbed, Testbed } from './testbed.fixture.js';

const URL = 'http://reviews.bookinfo.global:9080/only-new';
const LINGER_MS = 3000;
/** Proxies have what was written so far, and requests flow over it. */
const DEAD_MS = 1500;

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

let testbed: Testbed;
const agents = new Map<ClusterName, RoundAgent>();
let versioned: Wanted;
let plain: Wanted;

async function follow(
  cluster: ClusterName,
  wanted: Wanted,
  how: { dies?: number; patienceMs?: number } = {},
): Promise<boolean> {
  return (await agents.get(cluster)?.follow(wanted.get(cluster) ?? [], how)) === true;
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('an agent that dies in the middle of a change, in three real clusters', () => {
  onEnvoy('with real proxies and requests under way', () => {
    beforeAll(async () => {
      testbed = await Testbed.up();
      const bundle = await testbed.bundle('STRICT');
      [versioned, plain] = await Promise.all([
        wantedBy(bundle, routes(`${NEW}, ${SLOW}`)),
        wantedBy(bundle, routes(SLOW)),
      ]);
      for (const cluster of CLUSTERS) agents.set(cluster, await RoundAgent.on(cluster, testbed, LINGER_MS));
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
  });
});
