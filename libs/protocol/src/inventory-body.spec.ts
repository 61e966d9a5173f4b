import type { InventoryNamespace } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { decodeFacts, decodeNamespace, encodeFacts, encodeNamespace } from './inventory-body.js';

const shop: InventoryNamespace = {
  name: 'shop',
  labels: { 'example.com/team': 'a', empty: '' },
  readable: true,
  services: [
    {
      name: 'reviews',
      labels: {},
      type: 'ClusterIP',
      headless: false,
      selector: { app: 'reviews' },
      ports: [{ name: 'http', number: 9080, protocol: 'TCP', targetPort: 'web' }],
    },
  ],
  workloads: [
    { kind: 'Deployment', name: 'reviews-v1', labels: { app: 'reviews' }, serviceAccount: 'reviews', ports: [] },
  ],
};

describe('inventory bodies', () => {
  it('are not made of text that is not well-formed', () => {
    expect(encodeNamespace({ ...shop, labels: { a: '\ud800' } })).toBeUndefined();
  });

  it.each(['', '{', 'null', '[]', '{"name":"shop"}', '{"name":"shop","readable":true,"services":[{"name":"x"}]}'])(
    'are refused when they read %j',
    (body) => {
      expect(decodeNamespace(body)).toBeUndefined();
    },
  );

  it('come back as they were, empty labels included', () => {
    expect(decodeNamespace(encodeNamespace(shop)?.body ?? '')).toEqual(shop);
  });

  it('are the same bytes whatever the order of labels', () => {
    const turned = { ...shop, labels: { empty: '', 'example.com/team': 'a' } };
    expect(encodeNamespace(turned)).toEqual(encodeNamespace(shop));
  });

  it('carry facts, also when nothing is known', () => {
    const facts = { mesh: { kind: 'istio' as const, dnsCapture: false }, gateways: [] };
    expect(decodeFacts(encodeFacts(facts)?.body ?? '')).toEqual(facts);
    expect(decodeFacts(encodeFacts({ mesh: {}, gateways: [] })?.body ?? '')).toEqual({ mesh: {}, gateways: [] });
  });
});
