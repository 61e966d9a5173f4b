import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductTestbed } from './product-testbed.fixture.js';
import { type Answers, clustersOf, lost, NOTHING_LOST, probeTestbed, type ProbeFrom } from './testbed.fixture.js';
import { bearing, TokenIssuer } from './tokens.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080';

/** How long Envoy lets connections from before live on with the rules of before (Istio's `drainDuration`), and a second. */
const DRAIN_MS = 46_000;

const document = (kind: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata: { name: 'reviews' }, spec });
const policy = (kind: string, spec: object): string =>
  document(kind, { targets: [{ globalNamespace: 'bookinfo', service: 'reviews' }], ...spec });
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
      const at = (name: string): string => `bookinfo/authorizationpolicy/reviews-bookinfo-global-${name}`;
      const owners = ['a', 'b'] as const;
      const callers = ['a', 'c'] as const;
      const each = (story: (cluster: (typeof owners)[number]) => Promise<void>): Promise<unknown> =>
        Promise.all(owners.map(story));

      /** Connections of the client of cluster c to the service: they go through gateways to servers of both owners. */
      const connections = async (): Promise<number> => {
        const cluster = 'cluster.outbound|9080||reviews.bookinfo.global';
        const stats = await all.testbed.cli('pod', 'admin', 'c', 'client', 'stats');
        const found = stats.split('\n').find((line) => line.startsWith(`${cluster};.upstream_cx_active: `));
        return Number(/\d+$/.exec(found ?? '')?.[0] ?? Number.NaN);
      };

      it('refuses by principal at once over new connections, and over old ones after a last request each', async () => {
        const rules = [{ action: 'DENY', from: [{ namespaces: ['shop'] }] }];
        const url = `${REVIEWS}/delay/300`;
        const many = `for one in 1 2 3 4 5 6; do curl -s -o /dev/null ${url} & done; wait`;
        await all.testbed.exec('c', 'sh', '-c', many);
        const old = await connections();
        expect(old).toBeGreaterThan(0);
        const make = apply(policy('AccessPolicy', { rules }));
        await bites({ name: 'AccessPolicy, deny by principal', make, isNew: (outcome) => outcome === '403' });
        await each((one) => all.inCluster(one, at('deny'), (text) => text.includes('ns/shop/*')));
        await all.testbed.cli('apply', '--wait');
        // Envoy gives new rules to new connections; one from before may carry a last request until it has drained.
        const answered = await codes(`${REVIEWS}/`, { cluster: 'c', requests: 40 });
        expect(answered['200'] ?? 0).toBeLessThanOrEqual(old);
        expect((answered['200'] ?? 0) + (answered['403'] ?? 0)).toBe(40);
        await pause(DRAIN_MS);
        for (const cluster of callers) expect(await codes(`${REVIEWS}/`, { cluster })).toEqual({ 403: 4 });
        expect(await codes(`${REVIEWS}/`, { cluster: 'a', pod: 'details-1' })).toEqual({ 200: 4 });
      });

      it('admits by principal, method and path alone, also across clusters', async () => {
        const reading = { ports: [9080], methods: ['GET'], paths: ['/status/*'] };
        const rules = [{ action: 'ALLOW', from: [{ namespaces: ['shop'] }], to: [reading] }];
        await apply(policy('AccessPolicy', { default: 'DENY', rules }))();
        await each((one) => all.inCluster(one, at('allow'), (text) => text.includes('/status/*')));
        await each((one) => all.withoutObject(one, at('deny')));
        await all.testbed.acknowledged();
        for (const cluster of callers) {
          expect(await codes(`${REVIEWS}/`, { cluster })).toEqual({ 403: 4 });
          expect(await codes(`${REVIEWS}/status/200`, { cluster, curl: ['-X', 'POST'] })).toEqual({ 403: 4 });
        }
        expect(await codes(`${REVIEWS}/status/200`, { cluster: 'b', pod: 'details-1' })).toEqual({ 403: 4 });
        expect(await codes(`${REVIEWS}/status/200`, { cluster: 'a' })).toEqual({ 200: 4 });
        const admitted = await all.testbed.probe(`${REVIEWS}/status/200`, { cluster: 'c', requests: 16 });
        expect(admitted.codes).toEqual({ 200: 16 });
        expect(clustersOf(admitted)).toEqual(['a', 'b']);
      });

      it('admits by claims of a token alone, also across clusters', async () => {
        const issuer = new TokenIssuer('ci');
        const claims = [{ path: ['groups'], values: ['admins'] }];
        const documents = [
          policy('AuthenticationPolicy', { issuers: [{ issuer: issuer.name, jwks: issuer.jwks }] }),
          document('UserGroup', { members: [{ issuer: issuer.name, claims }] }),
          policy('AccessPolicy', {
            rules: [{ action: 'ALLOW', from: [{ userGroups: ['reviews'] }], to: [{ ports: [9080] }] }],
          }),
        ];
        await apply(documents.join('\n---\n'))();
        await each((one) => all.inCluster(one, at('allow'), (text) => text.includes('admins')));
        await all.testbed.acknowledged();
        const admin = { groups: ['others', 'admins'] };
        for (const cluster of callers) {
          const answers = (token: string) => codes(`${REVIEWS}/`, { cluster, ...bearing(token) });
          expect(await codes(`${REVIEWS}/`, { cluster })).toEqual({ 403: 4 });
          expect(await answers(issuer.forged(admin))).toEqual({ 401: 4 });
          expect(await answers(issuer.token({ groups: ['others'] }))).toEqual({ 403: 4 });
          expect(await answers(issuer.token(admin))).toEqual({ 200: 4 });
        }
        const from = { cluster: 'c', requests: 16, ...bearing(issuer.token(admin)) } as const;
        expect(clustersOf(await all.testbed.probe(`${REVIEWS}/`, from))).toEqual(['a', 'b']);
      });
    });
  });
});
