import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clustersOf,
  type ClusterName,
  type LoadResult,
  lost,
  NOTHING_LOST,
  probeTestbed,
  Testbed,
} from './testbed.fixture.js';

const HOST = 'details.bookinfo.global';
const DETAILS = `http://${HOST}/`;

/** The third cluster owns details as well. */
const THIRD_OWNER = {
  pods: ['c details-1 bookinfo details 10.77.3.22 app app=details,version=v1'],
  services: ['c details bookinfo details ClusterIP http:80:9080,tcp:7000:tcp'],
};

const ORDER = 'failover: {mode: ORDERED, tiers: [{clusters: [b]}, {regions: [us-west]}], failbackAfter: 12s}';
const SHARES: Readonly<Record<string, number>> = { a: 20, b: 50, c: 30 };
const WEIGHTS = Object.entries(SHARES).map(([cluster, percent]) => `{cluster: ${cluster}, percent: ${percent}}`);

let testbed: Testbed;

/** Renders the topology with one FailoverPolicy, as users do; returns the folder. */
async function rendered(blocks: string): Promise<string> {
  const head = ['apiVersion: isthmus.dev/v1alpha1', 'kind: FailoverPolicy', 'metadata: {name: failover}', 'spec:'];
  const spec = ['  targets: [{globalNamespace: bookinfo}]', ...(blocks === '' ? [] : [`  ${blocks}`])];
  return testbed.render('STRICT', { name: 'failover', text: `${[...head, ...spec].join('\n')}\n` });
}

const apply = async (blocks: string): Promise<void> => testbed.apply(await rendered(blocks));

const pod = async (...words: string[]): Promise<void> => void (await testbed.cli('pod', ...words));
const stopB = (verb: 'start' | 'stop') => Promise.all([pod(verb, 'b', 'ewgw'), pod(verb, 'b', 'ewgw-2')]);

/** Load from cluster a while something happens; the story must end before the load does. */
async function during(seconds: number, story: () => Promise<unknown>): Promise<LoadResult> {
  const load = testbed.load('a', DETAILS, { seconds });
  await pause(2000);
  const [result] = await Promise.all([load, story()]);
  return result;
}

/** Every endpoint as the proxy of a's client sees it, by address. */
async function endpoints(): Promise<Record<string, { healthy: boolean }>> {
  return JSON.parse(await testbed.cli('endpoints', 'a', 'client', HOST, '80')) as Record<string, { healthy: boolean }>;
}

/**
 * Waits until the client's proxy avoids no endpoint. Gateways are ejected one by one: one alone brings its cluster back, and the other,
 * which failed before the story and not in it, may come back in the middle of the story.
 */
async function noneEjected(): Promise<void> {
  const isHealthy = async () => Object.values(await endpoints()).every(({ healthy }) => healthy);
  for (let tries = 0; tries < 40 && !(await isHealthy()); tries++) await pause(1500);
  expect(await isHealthy()).toBe(true);
}

/** Who serves clients of cluster a, once that has settled. */
const settledOn = (cluster: ClusterName): Promise<string[]> => testbed.servedOnlyBy(cluster, DETAILS, 'a');

/** How many of `n` draws with this chance may be missing or too many: four standard deviations, 1 in 15,000. */
const bound = (n: number, percent: number): number => 4 * Math.sqrt((n * percent * (100 - percent)) / 10_000);

function expectShares({ backends, sent }: LoadResult, shares: Readonly<Record<string, number>>): void {
  for (const [cluster, percent] of Object.entries(shares)) {
    const seen = Object.entries(backends).filter(([name]) => name.startsWith(`${cluster}/`));
    const count = seen.reduce((sum, [, one]) => sum + one, 0);
    expect(Math.abs(count - (sent * percent) / 100), `${cluster}: ${count} of ${sent}`).toBeLessThan(
      bound(sent, percent),
    );
  }
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('failover policies in three real clusters that own the same service', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up(THIRD_OWNER);
    });

    afterAll(async () => {
      await testbed?.down();
    });

    describe('an order that puts another cluster first', () => {
      beforeAll(() => apply(ORDER));

      it('is followed by callers everywhere, also past their own pods', async () => {
        for (const cluster of ['a', 'b', 'c'] as const)
          expect(clustersOf(await testbed.probe(DETAILS, { cluster }))).toEqual(['b']);
      });

      it('loses no request while the first tier dies, then the second, and both come back', async () => {
        const result = await during(26, async () => {
          await stopB('stop');
          await pause(4000);
          await pod('stop-app', 'a', 'details-1');
          await pause(4000);
          await pod('start-app', 'a', 'details-1');
          await stopB('start');
        });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(result)).toEqual(['a', 'b', 'c']);
        expect(await settledOn('b')).toEqual(['b']);
      });

      it('is back at the first tier after the time that the policy says, not before', async () => {
        await noneEjected();
        await testbed.cutConnections();
        await stopB('stop');
        const stopped = Date.now();
        const gone = await testbed.probe(DETAILS, { cluster: 'a', requests: 12 });
        expect(gone.codes).toEqual({ 200: 12 });
        await stopB('start');
        const early = await testbed.probe(DETAILS, { cluster: 'a', requests: 4 });
        const passed = Date.now() - stopped;
        if (passed < 12_000) expect(clustersOf(early)).toEqual(['a']);
        expect(await settledOn('b')).toEqual(['b']);
        expect(Date.now() - stopped).toBeGreaterThan(12_000);
      });
    });

    describe('shares of clusters', () => {
      beforeAll(() => apply(`failover: {mode: ACTIVE_ACTIVE, clusterWeights: [${WEIGHTS.join(', ')}]}`));

      it('are met over requests, whatever the number of pods and gateways', async () => {
        const result = await testbed.load('a', DETAILS, { seconds: 15, rate: 40 });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expectShares(result, SHARES);
      });

      it('are met over connections of TCP', async () => {
        const result = await testbed.load('b', `tcp://${HOST}:7000`, { seconds: 15, rate: 40 });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expectShares(result, SHARES);
      });

      it('go to the others when one cluster fails, and no request is lost', async () => {
        const result = await during(12, () => pod('stop-app', 'a', 'details-1'));
        expect(lost(result)).toEqual(NOTHING_LOST);
        const rest = await testbed.load('a', DETAILS, { seconds: 4 });
        expect(lost(rest)).toEqual(NOTHING_LOST);
        expect(clustersOf(rest)).toEqual(['b', 'c']);
        await pod('start-app', 'a', 'details-1');
      });
    });

    describe('a cordon', () => {
      beforeAll(() => apply(''));

      it('moves traffic off the own cluster without a lost request', async () => {
        expect(clustersOf(await testbed.probe(DETAILS, { cluster: 'a' }))).toEqual(['a']);
        const folder = await rendered('cordon: {clusters: [a]}');
        const result = await during(16, () => testbed.cli('apply', folder));
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(await testbed.probe(DETAILS, { cluster: 'a' }))).toEqual(['b', 'c']);
      });

      it('leaves the cluster as the last resort', async () => {
        const result = await during(10, async () => {
          await stopB('stop');
          await pod('stop', 'c', 'ewgw');
        });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(result)).toContain('a');
        await stopB('start');
        await pod('start', 'c', 'ewgw');
      });

      it('that drains makes callers forget the endpoints, and gives them back, without a lost request', async () => {
        const known = async (): Promise<string[]> => Object.keys(await endpoints()).sort();
        await apply('');
        const drained = await rendered('cordon: {clusters: [a, b], mode: DRAIN}');
        const result = await during(40, async () => {
          await testbed.cli('apply', drained);
          expect(await known()).toEqual(['10.77.9.13:15443']);
          await testbed.cli('apply', await rendered(''));
        });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(result)).toEqual(['a', 'c']);
        expect(await settledOn('a')).toEqual(['a']);
      });
    });
  });
});
