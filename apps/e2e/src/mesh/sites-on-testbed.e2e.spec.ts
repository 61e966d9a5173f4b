import { setTimeout as pause } from 'node:timers/promises';
import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clustersOf, lost, NOTHING_LOST, probeTestbed, Testbed, type Answers } from './testbed.fixture.js';

const LEDGER = 'http://ledger.bookinfo.global/';
const REVIEWS = 'http://reviews.bookinfo.global:9080/';
const CLIENT = 'spiffe://cluster.local/ns/shop/sa/client';
const server = (account: string): string => `By=spiffe://cluster.local/ns/bookinfo/sa/${account};URI=${CLIENT}`;

/** Outside of Kubernetes: the API knows their service accounts and nothing else of them. Their files have the labels of their WorkloadGroups. */
const MACHINES = {
  pods: [
    'a ledger-1 bookinfo ledger 10.77.1.40 machine app=ledger,isthmus.dev/machine-service=ledger',
    'a ledger-2 bookinfo ledger 10.77.1.41 machine app=ledger,isthmus.dev/machine-service=ledger',
    'a reviews-vm bookinfo reviews-vm 10.77.1.42 machine app=reviews,isthmus.dev/machine-service=reviews',
  ],
  services: [],
};

interface Shape {
  readonly ledgers?: readonly (1 | 2)[];
  readonly reviews?: boolean;
  readonly readiness?: string;
}

/** The site with these machines; ledger lives on machines alone, reviews in pods and on a machine. */
function siteOf({ ledgers = [1, 2], reviews = true, readiness }: Shape): string {
  const ports =
    'ports: [{number: 80, protocol: HTTP, targetPort: 9080}, {number: 7000, protocol: TCP, targetPort: 9000}]';
  const probe = readiness === undefined ? '' : `, readiness: ${readiness}`;
  const services = [
    `{name: ledger, serviceAccount: ledger, ${ports}${probe}}`,
    ...(reviews ? ['{name: reviews, serviceAccount: reviews-vm}'] : []),
  ];
  const workloads = [
    ...ledgers.map((one) => `{name: ledger-${one}, service: ledger, address: 10.77.1.4${one - 1}}`),
    ...(reviews ? ['{name: reviews-vm, service: reviews, address: 10.77.1.42}'] : []),
  ];
  const head = ['apiVersion: isthmus.dev/v1alpha1', 'kind: WorkloadSite', 'metadata: {name: dc-1}', 'spec:'];
  const place = ['  cluster: a', '  namespace: bookinfo', '  locality: us-west/dc-1'];
  return `${[...head, ...place, `  services: [${services.join()}]`, `  workloads: [${workloads.join()}]`].join('\n')}\n`;
}

let testbed: Testbed;
let renderings = 0;

/** What `isthmus render` makes of the site; returns the folder. */
const rendered = (shape?: Shape): Promise<string> =>
  testbed.render('STRICT', shape && { name: `site-${renderings++}`, text: siteOf(shape) });

const apply = async (shape?: Shape): Promise<void> => testbed.apply(await rendered(shape));

const names = (counts: Answers['backends']): string[] => Object.keys(counts).sort();

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('machines outside of Kubernetes in three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up(MACHINES);
      await apply({});
    });

    afterAll(async () => {
      await testbed?.down();
    });

    describe('a service that lives on machines alone', () => {
      it('takes no plaintext under STRICT', async () => {
        const from = { cluster: 'a', pod: 'naked', requests: 1 } as const;
        expect((await testbed.probe('http://10.77.1.40:9080/', from)).codes).toEqual({ '000': 1 });
      });

      it('does not resolve for a stranger', async () => {
        const { codes } = await testbed.probe(LEDGER, { cluster: 'a', pod: 'stranger', requests: 1 });
        expect(codes).toEqual({ '000': 1 });
      });

      it.each(['a', 'b', 'c'] as const)(
        'serves clients of cluster %s with mutual TLS, seen by the machine',
        async (cluster) => {
          const answers = await testbed.probe(LEDGER, { cluster, requests: 16 });
          expect(answers.codes).toEqual({ 200: 16 });
          expect(clustersOf(answers)).toEqual(['a']);
          expect(names(answers.identity)).toEqual([server('ledger')]);
          const gateway = 'a: outbound_.80_._.ledger.bookinfo.global';
          expect(names(answers.gateway_passthrough as never)).toEqual(cluster === 'a' ? [] : [gateway]);
        },
      );

      it.each(['a', 'c'] as const)(
        'serves its TCP port from cluster %s on the port where machines listen',
        async (cluster) => {
          const result = await testbed.load(cluster, 'tcp://ledger.bookinfo.global:7000', { seconds: 1 });
          expect(clustersOf(result)).toEqual(['a']);
          expect(result.failed_at).toEqual([]);
        },
      );

      it.each(['a', 'c'] as const)(
        'loses no request of cluster %s when a machine dies and comes back',
        async (cluster) => {
          const fault = { breaks: ['stop', 'a', 'ledger-1'], repairs: ['start', 'a', 'ledger-1'] };
          const result = await testbed.loadThrough(cluster, LEDGER, fault);
          expect(lost(result)).toEqual(NOTHING_LOST);
          expect(Object.keys(result.backends)).toContain('a/ledger-2');
        },
      );

      it('is served to cluster c, which knows one gateway of it, as soon as machines that all died are back', async () => {
        const machines = ['ledger-1', 'ledger-2'];
        const all = (what: 'stop' | 'start') =>
          Promise.all(machines.map((machine) => testbed.cli('pod', what, 'a', machine)));
        const meanwhile = await testbed.loadWhile('c', { url: LEDGER }, async () => {
          await all('stop');
          await pause(2000);
          await all('start');
          await testbed.servedOnlyBy('a', LEDGER);
        });
        expect(meanwhile.failed_at).not.toEqual([]);
        expect(lost(await testbed.load('c', LEDGER, { seconds: 4 }))).toEqual(NOTHING_LOST);
      });
    });

    describe('a service that lives in pods and on a machine', () => {
      it('is served by both in its own cluster', async () => {
        const answers = await testbed.probe(REVIEWS, { cluster: 'a', requests: 24 });
        expect(answers.codes).toEqual({ 200: 24 });
        expect(names(answers.backends)).toEqual(['a/reviews-1', 'a/reviews-vm']);
        expect(names(answers.identity)).toEqual([server('reviews'), server('reviews-vm')].sort());
      });

      it('is served by the machine alone when the pods are gone, also through the gateway', async () => {
        await testbed.cli('pod', 'stop-app', 'a', 'reviews-1');
        const local = await testbed.load('a', REVIEWS, { seconds: 4 });
        expect(lost(local)).toEqual(NOTHING_LOST);
        expect(Object.keys(local.backends)).toContain('a/reviews-vm');
        const remote = await testbed.load('c', REVIEWS, { seconds: 4 });
        expect(lost(remote)).toEqual(NOTHING_LOST);
        await testbed.cli('pod', 'start-app', 'a', 'reviews-1');
      });
    });

    describe('what is taken out of the site', () => {
      it('gets no more requests, and none is lost', async () => {
        const folder = await rendered({ ledgers: [2] });
        const load = testbed.load('a', LEDGER, { seconds: 14 });
        await pause(1000);
        await testbed.apply(folder);
        expect(lost(await load)).toEqual(NOTHING_LOST);
        for (const cluster of ['a', 'c'] as const)
          expect(names((await testbed.probe(LEDGER, { cluster, requests: 12 })).backends)).toEqual(['a/ledger-2']);
      });

      it('leaves pods as they are, and a service without machines is no service', async () => {
        await apply();
        const reviews = await testbed.probe(REVIEWS, { cluster: 'a', requests: 12 });
        expect(names(reviews.backends)).toEqual(['a/reviews-1']);
        expect((await testbed.probe(LEDGER, { cluster: 'a', requests: 1 })).codes).toEqual({ '000': 1 });
        const left = await testbed.cli('kubectl', 'a', 'get', 'workloadentries,workloadgroups', '-A', '-o', 'name');
        expect(left.trim()).toBe('');
      });
    });

    it('sends nothing to machines that are asked for readiness and have not said that they are ready', async () => {
      await apply({ readiness: '{http: {path: /, port: 9080}}', reviews: false });
      const { codes } = await testbed.probe(LEDGER, { cluster: 'a', requests: 4 });
      expect(codes).toEqual({ 503: 4 });
    });
  });
});
