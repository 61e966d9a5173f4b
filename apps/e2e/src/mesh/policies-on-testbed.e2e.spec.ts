import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductTestbed } from './product-testbed.fixture.js';
import { type Answers, clustersOf, lost, NOTHING_LOST, probeTestbed, type ProbeFrom } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080';

const policy = (kind: string, spec: object): string =>
  JSON.stringify({
    apiVersion: 'isthmus.dev/v1alpha1',
    kind,
    metadata: { name: 'reviews' },
    spec: { targets: [{ globalNamespace: 'bookinfo', service: 'reviews' }], ...spec },
  });
const split = (canary: number): string =>
  policy('TrafficPolicy', {
    routes: {
      rules: [
        {
          name: 'canary',
          backends: [
            { version: 'v1', weight: 100 - canary },
            { version: 'v2', weight: canary },
          ],
        },
      ],
    },
  });

let all: ProductTestbed;
const figures: string[] = [];

const apply = (documents: string) => (): Promise<void> => all.product.apply(documents);
const isthmus =
  (...words: string[]) =>
  async (): Promise<void> => {
    const { code, out, err } = await all.product.isthmus(...words);
    if (code !== 0) throw new Error(`isthmus ${words.join(' ')} ended with ${String(code)}: ${out}${err}`);
  };
const codes = async (url: string, from: ProbeFrom): Promise<Answers['codes']> =>
  (await all.testbed.probe(url, { requests: 4, ...from })).codes;

interface Change {
  readonly name: string;
  readonly url?: string;
  readonly make: () => Promise<void>;
  /** Of an outcome (`200 a/reviews-1`, or a code): true if the change made it. */
  readonly isNew: (outcome: string) => boolean;
}

/**
 * Makes a change while the client of cluster a sends requests, and notes how long after the change was answered the first request
 * ended otherwise. What it takes is told and not judged: it depends on what else the machine does.
 */
async function bites({ name, url = `${REVIEWS}/`, make, isNew }: Change): Promise<unknown> {
  let made = 0;
  const result = await all.testbed.loadWhile('a', { url, rate: 50 }, async () => {
    await make();
    made = Date.now();
    await pause(12_000);
  });
  const first = result.changes.find(([, outcome]) => isNew(outcome));
  expect(first, `${name}: ${JSON.stringify(result.changes)}`).toBeDefined();
  figures.push(`${name}: ${String((first?.[0] ?? 0) - made)} ms after the answer`);
  return lost(result);
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('policies through the product, over three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      all = await ProductTestbed.up();
    }, 900_000);

    afterAll(async () => {
      process.stderr.write(`${['a policy bites', ...figures].join('\n  ')}\n`);
      await all?.down();
    });

    describe('a TrafficPolicy', () => {
      it('gives its share to a version in another cluster, and takes it back, without a lost request', async () => {
        const isCanary = (outcome: string): boolean => outcome === '200 b/reviews-2';
        // A proxy may take a new route a moment before the version's cluster is warm: with weight 0 first nothing waits for it.
        await apply(split(0))();
        await pause(5000);
        const more = { name: 'TrafficPolicy, half to a version', make: apply(split(50)), isNew: isCanary };
        expect(await bites(more)).toEqual(NOTHING_LOST);
        const answers = await all.testbed.probe(`${REVIEWS}/`, { cluster: 'a', requests: 200 });
        expect(answers.codes).toEqual({ 200: 200 });
        // Five standard deviations of a binomial count.
        expect(Math.abs((answers.backends['b/reviews-2'] ?? 0) - 100)).toBeLessThan(5 * Math.sqrt(50));
        const result = await all.testbed.loadWhile('a', { url: `${REVIEWS}/`, rate: 50 }, async () => {
          await isthmus('delete', 'trafficpolicy', 'reviews', '--yes')();
          // What the routes named goes after ten seconds.
          await pause(15_000);
        });
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(await all.testbed.probe(`${REVIEWS}/`, { cluster: 'a' }))).toEqual(['a']);
      });
    });

    describe('failover', () => {
      const isFromB = (outcome: string): boolean => outcome.startsWith('200 b/');

      it('turns callers to another cluster when theirs is cordoned, and back, without a lost request', async () => {
        const cordon = isthmus('cordon', 'a', '--gns', 'bookinfo');
        expect(await bites({ name: 'isthmus cordon', make: cordon, isNew: isFromB })).toEqual(NOTHING_LOST);
        expect(clustersOf(await all.testbed.probe(`${REVIEWS}/`, { cluster: 'a' }))).toEqual(['b']);
        await isthmus('uncordon', 'a', '--gns', 'bookinfo')();
        expect(await all.testbed.servedOnlyBy('a', `${REVIEWS}/`)).toEqual(['a']);
      });

      it('makes callers forget a cluster that is drained, and gives it back, without a lost request', async () => {
        const drain = isthmus('drain', 'a', '--gns', 'bookinfo');
        expect(await bites({ name: 'isthmus drain', make: drain, isNew: isFromB })).toEqual(NOTHING_LOST);
        const host = ['a', 'client', 'reviews.bookinfo.global', '9080'];
        const known = Object.keys(JSON.parse(await all.testbed.cli('endpoints', ...host)) as object).sort();
        expect(known).toEqual(['10.77.9.12:15443', '10.77.9.22:15443']);
        await isthmus('uncordon', 'a', '--gns', 'bookinfo')();
        expect(await all.testbed.servedOnlyBy('a', `${REVIEWS}/`)).toEqual(['a']);
      });

      it('follows an order, past local pods, and comes back to them when what is first dies', async () => {
        const order = policy('FailoverPolicy', {
          failover: { mode: 'ORDERED', tiers: [{ clusters: ['b'] }, { clusters: ['a'] }] },
        });
        const change = { name: 'FailoverPolicy, another cluster first', make: apply(order), isNew: isFromB };
        expect(await bites(change)).toEqual(NOTHING_LOST);
        const gateways = ['ewgw', 'ewgw-2'];
        const each = (verb: string) => Promise.all(gateways.map((one) => all.testbed.cli('pod', verb, 'b', one)));
        const result = await all.testbed.loadWhile('a', { url: `${REVIEWS}/` }, async () => {
          await each('stop');
          await pause(5000);
        });
        await each('start');
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(result)).toEqual(['a', 'b']);
        await isthmus('delete', 'failoverpolicy', 'reviews', '--yes')();
        expect(await all.testbed.servedOnlyBy('a', `${REVIEWS}/`)).toEqual(['a']);
      });
    });

    describe('an AccessPolicy', () => {
      const reading = { ports: [9080], methods: ['GET'], paths: ['/status/*'] };

      it('refuses what it does not speak of, by method and path, also across clusters', async () => {
        const rules = [{ action: 'ALLOW', from: [{ namespaces: ['shop'] }], to: [reading] }];
        const make = apply(policy('AccessPolicy', { default: 'DENY', rules }));
        await bites({ name: 'AccessPolicy, deny', make, isNew: (outcome) => outcome === '403' });
        // Connections from before keep the rules of before until the server's proxy has drained them.
        await all.testbed.acknowledged();
        for (const cluster of ['a', 'c'] as const) {
          expect(await codes(`${REVIEWS}/`, { cluster })).toEqual({ 403: 4 });
          expect(await codes(`${REVIEWS}/status/200`, { cluster, curl: ['-X', 'POST'] })).toEqual({ 403: 4 });
          expect(await codes(`${REVIEWS}/status/200`, { cluster })).toEqual({ 200: 4 });
        }
      });
    });
  });
});
