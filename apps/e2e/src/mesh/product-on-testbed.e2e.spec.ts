import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../product/product.fixture.js';
import { Authority, tlsSecret } from './certificates.fixture.js';
import { INGRESS_RIGHTS, ingressWorkloads, PublicCallers } from './ingress.fixture.js';
import { CallsOutside } from './outside.fixture.js';
import { ProductTestbed } from './product-testbed.fixture.js';
import { type Answers, clustersOf, lost, NOTHING_LOST, probeTestbed, type Testbed } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080/';
const DETAILS = 'http://details.bookinfo.global/';
const LEDGER = 'http://ledger.bookinfo.global/';
const CLIENT = 'spiffe://cluster.local/ns/shop/sa/client';
/** What a changed policy takes until it holds in every proxy, many times over. */
const SOON = { timeout: 60_000, interval: 500 };

const INGRESS = ingressWorkloads(['a']);
const WORKLOADS = {
  ...INGRESS,
  pods: [
    ...INGRESS.pods,
    'a ledger-1 bookinfo ledger 10.77.1.40 machine app=ledger,isthmus.dev/machine-service=ledger',
  ],
};

let all: ProductTestbed;
let testbed: Testbed;
let product: Product;

const document = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata: { name }, spec });
const setMode = (mode: string): Promise<void> =>
  all.apply(document('EncryptionPolicy', 'bookinfo', { targets: [{ globalNamespace: 'bookinfo' }], mode }));
const codes = async (url: string, cluster: 'a' | 'c' = 'a'): Promise<Answers['codes']> =>
  (await testbed.probe(url, { cluster, requests: 2 })).codes;

/** The machine says that it is ready at a port of its own, apart from what it serves, until the function is called. */
function readyMachine(): () => void {
  const command = ['sh', '-c', 'python3 -m http.server -d /usr 9091 & read -r _; kill -9 $!'];
  const { file, arguments: words, env } = testbed.inPod('a', 'ledger-1', ...command);
  const child = spawn(file, words, { env, stdio: ['pipe', 'ignore', 'ignore'] });
  return () => child.stdin.end();
}

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('the product over three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      all = await ProductTestbed.up(WORKLOADS);
      ({ testbed, product } = all);
    }, 900_000);

    afterAll(async () => {
      await all?.down();
    });

    it('does not resolve the host for a stranger', async () => {
      const { codes } = await testbed.probe(REVIEWS, { cluster: 'a', pod: 'stranger', requests: 1 });
      expect(codes).toEqual({ '000': 1 });
    });

    it('serves each owner from its own cluster and the third from both, with the identity of the caller', async () => {
      for (const cluster of ['a', 'b'] as const) {
        const answers = await testbed.probe(REVIEWS, { cluster });
        expect({ codes: answers.codes, from: clustersOf(answers) }).toEqual({ codes: { 200: 8 }, from: [cluster] });
      }
      const answers = await testbed.probe(REVIEWS, { cluster: 'c', requests: 16 });
      expect({ codes: answers.codes, from: clustersOf(answers) }).toEqual({ codes: { 200: 16 }, from: ['a', 'b'] });
      for (const identity of Object.keys(answers.identity)) expect(identity).toContain(`URI=${CLIENT}`);
    });

    it('serves from the other cluster without a lost request when the app dies', async () => {
      const app = { breaks: ['stop-app', 'a', 'reviews-1'], repairs: ['start-app', 'a', 'reviews-1'] };
      const result = await testbed.loadThrough('a', REVIEWS, app);
      expect(lost(result)).toEqual(NOTHING_LOST);
      expect(clustersOf(result)).toEqual(['a', 'b']);
      expect(await testbed.servedOnlyBy('a', REVIEWS)).toEqual(['a']);
    });

    it('carries a changed gateway to every consumer without a lost request', async () => {
      const load = testbed.load('c', REVIEWS, { seconds: 12 });
      const changed = await all.documentOf('b');
      await product.apply(changed.replace(/^.*10\.77\.9\.12.*\n/m, ''));
      const gone = (text: string): boolean => text.includes('10.77.9.22') && !text.includes('10.77.9.12"');
      await all.inCluster('c', 'isthmus-system/serviceentry/reviews-bookinfo-global-remote', gone);
      expect(lost(await load)).toEqual(NOTHING_LOST);
    });

    describe('to hosts outside of the mesh', () => {
      let outside: CallsOutside;
      const targets = [{ globalNamespace: 'bookinfo' }];
      const seenBy = (url: string) => async () => {
        const { code, tls } = await outside.call('a/client', url);
        return { code, tls };
      };
      const codeFor = (host: string) => async () => (await outside.call('a/details-1', `http://${host}/`)).code;

      beforeAll(() => {
        outside = new CallsOutside(testbed);
      });

      it('sends requests encrypted where an ExternalService says so, and in the clear again without it', async () => {
        const seen = seenBy('http://api.outside.test/');
        expect(await seen()).toEqual({ code: 200, tls: null });
        const ports = [{ number: 80, protocol: 'HTTP', targetPort: 443 }];
        const spec = { targets, hosts: ['api.outside.test'], ports, tls: { mode: 'SIMPLE' } };
        await all.apply(document('ExternalService', 'partner', spec));
        const encrypted = { code: 200, tls: { sni: 'api.outside.test', client: null } };
        await expect.poll(seen, SOON).toEqual(encrypted);
        await all.remove(['externalservice', 'partner'], async () => (await seen()).tls === null);
        expect(await seen()).toEqual({ code: 200, tls: null });
      });

      it('refuses what an EgressPolicy does not name, lets through what it does, and all again without it', async () => {
        const blocked = codeFor('blocked.outside.test');
        expect(await blocked()).toBe(200);
        const allow = [{ hosts: ['allowed.outside.test'] }];
        await all.apply(document('EgressPolicy', 'closed', { targets, default: 'DENY', allow }));
        await expect.poll(blocked, SOON).toBe(502);
        expect(await codeFor('allowed.outside.test')()).toBe(200);
        expect((await outside.call('a/client', 'http://blocked.outside.test/')).code).toBe(200);
        await all.remove(['egresspolicy', 'closed'], async () => (await blocked()) === 200);
      });
    });

    it('publishes a service with its certificate, redirects plain HTTP, and takes it back', async () => {
      const authority = await Authority.make(testbed.home, 'public');
      const callers = new PublicCallers(testbed, authority.own.cert);
      const secret = await tlsSecret('istio-ingress/shop-cert', await authority.sign('shop.example.com'));
      await all.beside('a', [...INGRESS_RIGHTS, secret]);
      const gateway = { clusters: { names: ['a'] }, namespace: 'istio-ingress', selector: { istio: 'ingressgateway' } };
      const published = document('PublicService', 'shop', {
        targets: [{ globalNamespace: 'bookinfo', service: 'reviews', port: 9080 }],
        hosts: ['shop.example.com'],
        gateways: [gateway],
        tls: { mode: 'SIMPLE', credential: 'shop-cert' },
      });
      const codeOf = async () => (await callers.call('a', 'https://shop.example.com/')).code;
      expect(await codeOf()).toBe('000');
      await all.apply(published);
      await expect.poll(codeOf, SOON).toBe('200');
      const answer = await callers.call('a', 'https://shop.example.com/');
      expect(answer.backend).toBe('a/reviews-1');
      expect(answer.identity).toContain('URI=spiffe://cluster.local/ns/istio-ingress/sa/istio-ingress');
      expect(await callers.call('a', 'http://shop.example.com/x')).toMatchObject({
        code: '301',
        redirect: 'https://shop.example.com/x',
      });
      expect((await callers.call('a', 'http://other.example.com/')).code).toBe('404');
      await all.remove(['publicservice', 'shop'], async () => (await codeOf()) === '000');
    });

    describe('a machine of a WorkloadSite whose readiness is asked for', () => {
      const group = 'ledger-bookinfo-global-dc--1-ledger';
      const site = (weight: number): string =>
        document('WorkloadSite', 'dc-1', {
          cluster: 'a',
          namespace: 'bookinfo',
          services: [
            {
              name: 'ledger',
              serviceAccount: 'ledger',
              ports: [{ number: 80, protocol: 'HTTP', targetPort: 9080 }],
              readiness: { http: { path: '/', port: 9091 }, period: '1s' },
            },
          ],
          workloads: [{ name: 'ledger-1', service: 'ledger', address: '10.77.1.40', weight }],
        });
      let notReady: () => void = () => undefined;

      beforeAll(async () => {
        await all.apply(site(1));
        await all.inCluster('a', `bookinfo/workloadentry/${group}--1`, () => true);
        await testbed.cli('pod', 'join', 'a', 'ledger-1', group, `${group}--1`);
        await testbed.acknowledged();
      });

      afterAll(() => {
        notReady();
      });

      it('gets no request before its proxy has seen the probe succeed', async () => {
        expect(await codes(LEDGER)).toEqual({ 503: 2 });
      });

      it('gets requests once the probe succeeds, also from another cluster, with mutual TLS', async () => {
        notReady = readyMachine();
        await expect.poll(() => codes(LEDGER), SOON).toEqual({ 200: 2 });
        const answers = await testbed.probe(LEDGER, { cluster: 'c', requests: 4 });
        expect(answers.codes).toEqual({ 200: 4 });
        expect(Object.keys(answers.identity)).toEqual([
          `By=spiffe://cluster.local/ns/bookinfo/sa/ledger;URI=${CLIENT}`,
        ]);
      });

      it('stays ready when its site is written anew', async () => {
        const result = await testbed.loadWhile('a', { url: LEDGER }, async () => {
          await all.apply(site(2));
          await all.inCluster('a', `bookinfo/workloadentry/${group}--1`, (text) => text.includes('"weight": 2'));
          await pause(3000);
        });
        expect(lost(result)).toEqual(NOTHING_LOST);
      });

      it('gets no more while the probe fails, though it would answer, and again when it succeeds', async () => {
        notReady();
        await expect.poll(() => codes(LEDGER), SOON).toEqual({ 503: 2 });
        const itself = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://10.77.1.40:9080/'];
        expect(await testbed.cli('pod', 'exec', 'a', 'ledger-1', ...itself)).toBe('200');
        notReady = readyMachine();
        await expect.poll(() => codes(LEDGER), SOON).toEqual({ 200: 2 });
      });

      it('is forgotten with its site', async () => {
        const isUnknown = (cluster: 'a' | 'c') => async () => (await codes(LEDGER, cluster))['000'] === 2;
        await all.remove(['workloadsite', 'dc-1'], isUnknown('c'));
        await expect.poll(isUnknown('a'), SOON).toBe(true);
      });
    });

    it('refuses plaintext under STRICT, and takes it under PERMISSIVE, as the policy says', async () => {
      const from = { cluster: 'b', pod: 'naked', requests: 1 } as const;
      expect((await testbed.probe('http://10.77.2.20:9080/', from)).codes).toEqual({ '000': 1 });
      await setMode('PERMISSIVE');
      const peerAuthentication = 'bookinfo/peerauthentication/reviews-bookinfo-global';
      await all.inCluster('b', peerAuthentication, (text) => text.includes('PERMISSIVE'));
      await testbed.acknowledged();
      expect((await testbed.probe('http://10.77.2.20:9080/', from)).codes).toEqual({ 200: 1 });
    });

    it('ends a fault at its instant and not before, while the centre is away', async () => {
      const instant = Math.ceil(Date.now() / 1000 + 30) * 1000;
      const expiresAt = new Date(instant).toISOString().replace('.000Z', 'Z');
      const result = await testbed.loadWhile('a', { url: DETAILS }, async () => {
        const targets = [{ globalNamespace: 'bookinfo', service: 'details' }];
        const faults = { abort: { httpStatus: 418 }, expiresAt };
        await all.apply(document('TrafficPolicy', 'game-day', { targets, faults }));
        await expect.poll(() => codes(DETAILS), SOON).toEqual({ 418: 2 });
        await product.stop();
        await pause(instant - Date.now());
        await expect.poll(() => codes(DETAILS), SOON).toEqual({ 200: 2 });
      });
      const outcomes = result.changes.map(([, outcome]) => outcome);
      expect(outcomes).toEqual(['200 a/details-1', '418', '200 a/details-1']);
      const [, began = 0, ended = 0] = result.changes.map(([at]) => at);
      expect(began).toBeLessThan(instant);
      expect(ended).toBeGreaterThanOrEqual(instant);
      process.stderr.write(`a fault ended ${String(ended - instant)} ms after its instant\n`);
    });
  });
});
