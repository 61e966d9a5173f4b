import { real } from '@isthmus/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Product } from '../product/product.fixture.js';
import { ProductTestbed } from './product-testbed.fixture.js';
import { clustersOf, lost, NOTHING_LOST, probeTestbed, type Testbed } from './testbed.fixture.js';

const REVIEWS = 'http://reviews.bookinfo.global:9080/';
const CLIENT = 'spiffe://cluster.local/ns/shop/sa/client';

let all: ProductTestbed;
let testbed: Testbed;
let product: Product;

const setMode = (mode: string): Promise<void> =>
  product.apply(
    `apiVersion: isthmus.dev/v1alpha1\nkind: EncryptionPolicy\nmetadata: {name: bookinfo}\nspec: {targets: [{globalNamespace: bookinfo}], mode: ${mode}}`,
  );

const onIstiod = await real('istiod', () => probeTestbed('control-plane'));
const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onIstiod('the product over three real clusters', () => {
  onEnvoy('with real proxies', () => {
    beforeAll(async () => {
      all = await ProductTestbed.up();
      ({ testbed, product } = all);
    });

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
      const document = await all.documentOf('b');
      await product.apply(document.replace(/^.*10\.77\.9\.12.*\n/m, ''));
      const gone = (text: string): boolean => text.includes('10.77.9.22') && !text.includes('10.77.9.12"');
      await all.inCluster('c', 'isthmus-system/serviceentry/reviews-bookinfo-global-remote', gone);
      expect(lost(await load)).toEqual(NOTHING_LOST);
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
  });
});
