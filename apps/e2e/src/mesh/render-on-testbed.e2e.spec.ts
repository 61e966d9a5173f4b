import { real } from '@isthmus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clustersOf, type LoadResult, lost, NOTHING_LOST, probeTestbed, Testbed } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080/';
const CLIENT = 'spiffe://cluster.local/ns/shop/sa/client';
const server = (account: string): string => `By=spiffe://cluster.local/ns/bookinfo/sa/${account};URI=${CLIENT}`;
const NOBODY = { '000': 1 };

let testbed: Testbed;

const names = (counts: Readonly<Record<string, unknown>>): string[] => Object.keys(counts).sort();

/** A TCP port answers one line with its cluster; each connection is one request. */
const overTcp = (cluster: 'a' | 'c'): Promise<LoadResult> =>
  testbed.load(cluster, 'tcp://details.bookinfo.global:7000', { seconds: 1 });

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('what isthmus render writes, in three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      testbed = await Testbed.up();
      await testbed.apply(await testbed.render('STRICT'));
    });

    afterAll(async () => {
      await testbed?.down();
    });

    describe('who is refused', () => {
      it('does not resolve the host for a stranger outside the consumers', async () => {
        const { codes, errors } = await testbed.probe(REVIEWS, { cluster: 'a', pod: 'stranger', requests: 1 });
        expect(codes).toEqual(NOBODY);
        expect(names(errors).join()).toContain('not resolve host');
      });

      it('refuses plaintext to a member under STRICT', async () => {
        const from = { cluster: 'b', pod: 'naked', requests: 1 } as const;
        const direct = await testbed.probe('http://10.77.2.20:9080/', from);
        expect(direct.codes).toEqual(NOBODY);
        expect(names(direct.errors).join()).toMatch(/reset|empty reply/i);
      });

      it('refuses plaintext at the gateway', async () => {
        const from = { cluster: 'a', pod: 'naked', requests: 1 } as const;
        expect((await testbed.probe('http://10.77.9.12:15443/', from)).codes).toEqual(NOBODY);
      });

      it('has no other way between the clusters than the gateways', async () => {
        const from = { cluster: 'a', pod: 'naked', requests: 1 } as const;
        expect((await testbed.probe('http://10.77.2.20:9080/', from)).codes).toEqual(NOBODY);
      });
    });

    describe('who serves', () => {
      it.each(['a', 'b'] as const)('is the cluster of the caller, in %s', async (cluster) => {
        const answers = await testbed.probe(REVIEWS, { cluster });
        expect(answers.codes).toEqual({ 200: 8 });
        expect(clustersOf(answers)).toEqual([cluster]);
        expect(answers.gateway_passthrough).toEqual({});
      });

      it('is every owner for a cluster that owns nothing, with the identity of the caller through the gateways', async () => {
        const answers = await testbed.probe(REVIEWS, { cluster: 'c', requests: 16 });
        expect(answers.codes).toEqual({ 200: 16 });
        expect(clustersOf(answers)).toEqual(['a', 'b']);
        expect([server('reviews'), server('reviews-v2')]).toEqual(expect.arrayContaining(names(answers.identity)));
        const through = (cluster: string): string => `${cluster}: outbound_.9080_._.reviews.bookinfo.global`;
        expect(names(answers.gateway_passthrough)).toEqual([through('a'), through('b')]);
      });

      it('answers at one virtual address everywhere', async () => {
        const [inA, inC] = await Promise.all([
          testbed.probe(REVIEWS, { cluster: 'a', requests: 1 }),
          testbed.probe(REVIEWS, { cluster: 'c', requests: 1 }),
        ]);
        expect(names(inA.resolved)).toEqual(names(inC.resolved));
        expect(names(inA.resolved)[0]).toMatch(/^240\./);
      });

      it.each(['details', 'details-headless'])('serves %s on a port that pods do not have', async (name) => {
        const answers = await testbed.probe(`http://${name}.bookinfo.global/`, { cluster: 'c', requests: 6 });
        expect(answers.codes).toEqual({ 200: 6 });
        expect(names(answers.identity)).toEqual([server('details')]);
      });

      it('serves a TCP port, local and remote', async () => {
        const inA = await overTcp('a');
        expect(lost(inA)).toEqual(NOTHING_LOST);
        expect(clustersOf(inA)).toEqual(['a']);
        const inC = await overTcp('c');
        expect(lost(inC)).toEqual(NOTHING_LOST);
        expect(clustersOf(inC)).toEqual(['a', 'b']);
      });
    });

    describe('the gateway of an owner', () => {
      it('listens for other clusters and for nothing else: the virtual address of the owner view opens no listener', async () => {
        const listeners = await testbed.cli('pod', 'admin', 'a', 'ewgw', 'listeners');
        const ports = [...listeners.matchAll(/::0\.0\.0\.0:(\d+)$/gm)].map(([, port]) => port);
        expect(ports.sort()).toEqual(['15021', '15090', '15443']);
        expect(await testbed.cli('pod', 'admin', 'a', 'ewgw', 'config_dump')).not.toContain('"240.');
      });

      it('knows its own service only, so no request is sent out again', async () => {
        const endpoints = await testbed.cli('pod', 'admin', 'a', 'ewgw', 'clusters');
        expect(endpoints).toContain('reviews.bookinfo.global');
        expect(endpoints).not.toMatch(/bookinfo\.global::10\.77\.9\./);
      });
    });

    describe('when something dies', () => {
      it('serves from the other cluster without a lost request, and from the own one again', async () => {
        const app = { breaks: ['stop-app', 'a', 'reviews-1'], repairs: ['start-app', 'a', 'reviews-1'] };
        const result = await testbed.loadThrough('a', REVIEWS, app);
        expect(lost(result)).toEqual(NOTHING_LOST);
        expect(clustersOf(result)).toEqual(['a', 'b']);
        expect(await testbed.servedOnlyBy('a', REVIEWS)).toEqual(['a']);
      });

      it('goes on over the other gateway of a cluster without a lost request', async () => {
        const gateway = { breaks: ['stop', 'b', 'ewgw'], repairs: ['start', 'b', 'ewgw'] };
        expect(lost(await testbed.loadThrough('c', REVIEWS, gateway))).toEqual(NOTHING_LOST);
      });
    });

    it('lets plaintext in again under PERMISSIVE, and still encrypts between members', async () => {
      await testbed.apply(await testbed.render('PERMISSIVE'));
      const from = { cluster: 'b', pod: 'naked', requests: 1 } as const;
      expect((await testbed.probe('http://10.77.2.20:9080/', from)).codes).toEqual({ 200: 1 });
      const { codes, identity } = await testbed.probe(REVIEWS, { cluster: 'a', requests: 4 });
      expect(codes).toEqual({ 200: 4 });
      expect(names(identity)).toEqual([server('reviews')]);
    });
  });
});
