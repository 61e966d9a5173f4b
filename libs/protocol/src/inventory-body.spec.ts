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

  it('carry what users configured in the mesh as it was said, whatever the order of labels', () => {
    const objects = [
      {
        kind: 'AuthorizationPolicy',
        name: 'allow',
        selector: { 'example.com/app': 'a', app: 'b' },
        action: 'ALLOW',
        rules: [{}, { from: [{ principals: ['p'], other: true }, { namespaces: ['n'] }], ports: [80], l7: true }],
      },
      { kind: 'Gateway', name: 'in', servers: [{ port: 443, protocol: 'TLS', tls: 'PASSTHROUGH', hosts: ['*'] }] },
      { kind: 'PeerAuthentication', name: 'strict', mtls: 'STRICT', portMtls: [{ port: 80, mode: 'DISABLE' }] },
      { kind: 'VirtualService', name: 'v', hosts: ['h'], gateways: ['mesh'], exportTo: ['.'], cut: true },
    ];
    const configured = { ...shop, meshConfig: { objects, left: 2 } };
    const turned = {
      ...objects[0],
      kind: 'AuthorizationPolicy',
      name: 'allow',
      selector: { app: 'b', 'example.com/app': 'a' },
    };
    expect(decodeNamespace(encodeNamespace(configured)?.body ?? '')).toEqual(configured);
    expect(encodeNamespace({ ...shop, meshConfig: { objects: [turned, ...objects.slice(1)], left: 2 } })).toEqual(
      encodeNamespace(configured),
    );
  });

  it('of agents that do not know of it stay the same, byte for byte', () => {
    expect(encodeNamespace(shop)?.body).not.toContain('meshConfig');
    expect(decodeNamespace(encodeNamespace(shop)?.body ?? '')).not.toHaveProperty('meshConfig');
  });

  it('are read when a newer agent says of a kind, a mode or a field that nobody knows here', () => {
    const newer = { kind: 'Newer', name: 'x', mtls: 'TURNED', later: [1] };
    const body = JSON.stringify({ name: 'shop', readable: true, meshConfig: { objects: [newer] } });
    expect(decodeNamespace(body)?.meshConfig).toEqual({ objects: [{ kind: 'Newer', name: 'x', mtls: 'TURNED' }] });
  });

  it('carry facts, also when nothing is known', () => {
    const served = { configKinds: ['Sidecar'], servedKinds: ['networking.istio.io/v1/Sidecar'] };
    const mesh = { kind: 'istio' as const, dnsCapture: false, ...served, exportTo: { services: ['.'] } };
    const facts = { mesh, gateways: [] };
    expect(decodeFacts(encodeFacts(facts)?.body ?? '')).toEqual(facts);
    expect(decodeFacts(encodeFacts({ mesh: {}, gateways: [] })?.body ?? '')).toEqual({ mesh: {}, gateways: [] });
  });
});
