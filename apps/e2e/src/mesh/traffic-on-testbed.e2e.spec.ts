import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterName, lost, NOTHING_LOST, probeTestbed, Testbed } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080';
const DETAILS = 'http://details.bookinfo.global';

const ROUTES = `
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: reviews }
spec:
  targets: [{ globalNamespace: bookinfo, service: reviews }]
  routes:
    rules:
      - { name: slow, matches: [{ path: { type: PREFIX, value: /delay } }], timeout: 400ms, retry: { attempts: 0 } }
      - name: failing
        matches: [{ path: { type: EXACT, value: /status/503 } }]
        backends: [{ version: v2 }]
        retry: { attempts: 2, conditions: [GATEWAY_ERROR] }
      - { name: new, matches: [{ headers: [{ name: x-version, value: v2 }] }], backends: [{ version: v2 }] }
      - { name: only-new, matches: [{ path: { type: PREFIX, value: /only-new } }], backends: [{ version: v2 }] }
      - name: canary
        matches: [{ path: { type: PREFIX, value: /split } }]
        backends: [{ version: v1, weight: 90 }, { version: v2, weight: 10 }]
      - name: moved
        matches: [{ path: { type: PREFIX, value: /old } }]
        rewrite: { prefix: /, host: inner.example }
        responseHeaders: { set: [{ name: x-moved, value: 'yes' }] }
      - { name: elsewhere, matches: [{ path: { type: EXACT, value: /gone } }], redirect: { path: /here, status: 301 } }
      - name: copied
        matches: [{ path: { type: PREFIX, value: /copied } }]
        backends: [{ version: v1 }]
        mirror: { version: v2 }
      - name: copied-elsewhere
        matches: [{ path: { type: PREFIX, value: /told-details } }]
        mirror: { service: details, port: 80 }
      - { name: in-b, matches: [{ path: { type: PREFIX, value: /in-b } }], backends: [{ cluster: b }] }
      - name: nowhere
        matches: [{ path: { type: EXACT, value: /nowhere } }]
        backends: [{ version: v9 }]
      - name: kept
        matches: [{ path: { type: EXACT, value: /kept } }]
        backends: [{ version: v9, weight: 90 }, { version: v2, weight: 10 }]
      - name: from-a
        matches: [{ path: { type: PREFIX, value: /from }, sourceClusters: [a] }]
        backends: [{ cluster: b, version: v2 }]
`;

/** The same, with nothing for the new version at that path: its weight is 0, so that it may be taken out next. */
const ASIDE = ROUTES.replace(
  'value: /only-new } }], backends: [{ version: v2 }]',
  'value: /only-new } }], backends: [{ weight: 100 }, { version: v2, weight: 0 }]',
);

const FAULTS = `
---
apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: details }
spec:
  targets: [{ globalNamespace: bookinfo, service: details }]
  faults: { delay: { duration: 700ms }, abort: { httpStatus: 418 } }
`;

let testbed: Testbed;
let plain: string;
let routed: string;
let aside: string;

interface Answer {
  code: number;
  seconds: number;
}

async function timed(cluster: ClusterName, url: string): Promise<Answer> {
  const said = await testbed.exec(cluster, 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code} %{time_total}', url);
  const [code = 0, seconds = 0] = said.split(' ').map(Number);
  return { code, seconds };
}

/** How often each pod answered; every request on a connection of its own. */
async function pods(cluster: ClusterName, url: string, more: string[] = []): Promise<Record<string, number>> {
  const said = await testbed.exec(cluster, 'curl', '-s', '-H', 'connection: close', ...more, url);
  const counts: Record<string, number> = {};
  for (const [, owner = '', pod = ''] of said.matchAll(/"cluster": "(\w)", "pod": "([\w-]+)"/g))
    counts[`${owner}/${pod}`] = (counts[`${owner}/${pod}`] ?? 0) + 1;
  return counts;
}

/** Requests that the proxy of a server, by default of the new version, has taken in, and how many of them failed. */
async function takenIn(cluster: ClusterName = 'b', pod = 'reviews-2'): Promise<{ all: number; failed: number }> {
  await pause(500);
  const stats = await testbed.cli('pod', 'admin', cluster, pod, 'stats?filter=^cluster.inbound.9080');
  const of = (name: string) =>
    Number(new RegExp(`^cluster\\.inbound\\|9080\\|\\|;?\\.${name}: (\\d+)$`, 'm').exec(stats)?.[1] ?? 0);
  return { all: of('upstream_rq_total'), failed: of('upstream_rq_5xx') };
}

/** Five standard deviations of a binomial count: a right split fails once in two million runs. */
const bounds = (requests: number, share: number): [number, number] => {
  const spread = 5 * Math.sqrt(requests * share * (1 - share));
  return [requests * share - spread, requests * share + spread];
};

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('what a TrafficPolicy comes to in three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up();
      plain = await testbed.render('STRICT');
      routed = await testbed.render('STRICT', { name: 'routed', text: ROUTES + FAULTS });
      aside = await testbed.render('STRICT', { name: 'aside', text: ASIDE + FAULTS });
      await testbed.apply(routed);
    });

    afterAll(async () => {
      await testbed?.down();
    });

    it('answers 503 for a version that nobody has, and nothing else of the host', async () => {
      expect((await timed('a', `${REVIEWS}/nowhere`)).code).toBe(503);
      expect((await timed('a', `${REVIEWS}/`)).code).toBe(200);
    });

    it('gives the share of a version that nobody has to the others', async () => {
      expect(await pods('c', `${REVIEWS}/kept?[1-20]`)).toEqual({ 'b/reviews-2': 20 });
    });

    it('ends a request at its timeout, and not before', async () => {
      const ended = await timed('c', `${REVIEWS}/delay/3000`);
      expect(ended.code).toBe(504);
      expect(ended.seconds).toBeGreaterThanOrEqual(0.4);
      expect(ended.seconds).toBeLessThan(2.9);
      expect((await timed('c', `${REVIEWS}/delay/100`)).code).toBe(200);
    });

    it.each(['a', 'c'] as const)('tries again as often as it says, from %s', async (cluster) => {
      const before = await takenIn();
      expect((await timed(cluster, `${REVIEWS}/status/503`)).code).toBe(503);
      const after = await takenIn();
      expect(after.failed - before.failed).toBe(3);
    });

    it('holds requests back and aborts them as a fault says', async () => {
      const ended = await timed('a', `${DETAILS}/`);
      expect(ended.code).toBe(418);
      // The proxy's timer counts whole milliseconds from when its loop began: it may end one early.
      expect(ended.seconds).toBeGreaterThanOrEqual(0.699);
    });

    it.each(['a', 'b', 'c'] as const)('routes by header to the version, wherever it is, from %s', async (cluster) => {
      const answers = await pods(cluster, `${REVIEWS}/?[1-12]`, ['-H', 'x-version: v2']);
      expect(answers).toEqual({ 'b/reviews-2': 12 });
    });

    it.each(['a', 'c'] as const)('splits 90 to 10 over new connections, from %s', async (cluster) => {
      const { 'b/reviews-2': canary = 0, ...others } = await pods(cluster, `${REVIEWS}/split?[1-600]`);
      const stable = Object.values(others).reduce((sum, count) => sum + count, 0);
      expect(stable + canary).toBe(600);
      const [least, most] = bounds(600, 0.1);
      expect(canary).toBeGreaterThan(least);
      expect(canary).toBeLessThan(most);
    });

    it('routes to one cluster, and by the cluster of the caller', async () => {
      expect(Object.keys(await pods('a', `${REVIEWS}/in-b?[1-12]`)).every((pod) => pod.startsWith('b/'))).toBe(true);
      expect(await pods('a', `${REVIEWS}/from?[1-6]`)).toEqual({ 'b/reviews-2': 6 });
      expect(Object.keys(await pods('c', `${REVIEWS}/from?[1-24]`))).toContain('a/reviews-1');
    });

    it('rewrites path and host, and sets a header of the answer', async () => {
      const said = await testbed.exec('a', 'curl', '-s', '-i', `${REVIEWS}/old/x?q=1`);
      expect(said).toContain('"path": "/x?q=1", "host": "inner.example"');
      expect(said.toLowerCase()).toContain('x-moved: yes');
      expect(await testbed.exec('a', 'curl', '-s', `${REVIEWS}/old`)).toContain('"path": "/"');
      expect(await testbed.exec('a', 'curl', '-s', `${REVIEWS}/older`)).toContain('"path": "/older"');
    });

    it('redirects', async () => {
      const said = await testbed.exec('a', 'curl', '-s', '-i', `${REVIEWS}/gone`);
      expect(said).toContain(' 301 ');
      expect(said).toContain(`location: ${REVIEWS}/here`);
    });

    it('mirrors: the copies reach the other version, the answers come from this one', async () => {
      const before = await takenIn();
      const answers = await pods('a', `${REVIEWS}/copied?[1-20]`);
      expect(answers).toEqual({ 'a/reviews-1': 20 });
      await pause(1000);
      expect((await takenIn()).all - before.all).toBe(20);
    });

    it.each(['a', 'c'] as const)('mirrors to another service, here or in another cluster, from %s', async (cluster) => {
      const copies = async () => (await takenIn('a', 'details-1')).all + (await takenIn('b', 'details-1')).all;
      const before = await copies();
      const answers = await pods(cluster, `${REVIEWS}/told-details?[1-20]`);
      expect(Object.keys(answers).every((pod) => pod.includes('/reviews-'))).toBe(true);
      await pause(1000);
      expect((await copies()) - before).toBe(20);
    });

    describe('in which order', () => {
      it('takes a version out by weight 0, then the route, then the owner, and loses nothing', async () => {
        expect(ASIDE).not.toBe(ROUTES);
        const load = testbed.load('a', `${REVIEWS}/only-new`, { seconds: 20, rate: 10 });
        const story = (async () => {
          await pause(2000);
          await testbed.applyOnly('a', aside);
          await testbed.applyOnly('a', plain);
          await testbed.applyOnly('b', plain);
        })();
        const [result] = await Promise.all([load, story]);
        expect(lost(result)).toEqual(NOTHING_LOST);
      });

      it('puts the owner before a route, and loses nothing', async () => {
        await testbed.applyOnly('b', plain);
        const load = testbed.load('a', `${REVIEWS}/only-new`, { seconds: 16, rate: 10 });
        const story = (async () => {
          await pause(2000);
          await testbed.applyOnly('b', routed);
          await testbed.applyOnly('a', routed);
        })();
        const [result] = await Promise.all([load, story]);
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(await pods('a', `${REVIEWS}/only-new?[1-6]`)).toEqual({ 'b/reviews-2': 6 });
      });

      it('loses requests the other way round, so the order matters', async () => {
        await testbed.applyOnly('b', plain);
        await testbed.cutConnections();
        expect((await timed('a', `${REVIEWS}/only-new`)).code).toBe(503);
      });
    });
  });
});
