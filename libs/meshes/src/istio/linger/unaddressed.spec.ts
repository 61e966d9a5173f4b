import { LABELS, MANAGED_BY, type KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { renderedHash, withContentHash } from '../../content-hash.js';
import { beforeItResolves, standsUnresolved } from '../../named-parts.js';
import type { RenderedObject } from '../../renderer.js';

const HTTP = { number: 80, name: 'http', protocol: 'HTTP' };
const TCP = { number: 7000, name: 'tcp', protocol: 'TCP' };

const entry = (spec: object, more: Partial<RenderedObject> & { kind?: string } = {}): RenderedObject => {
  const { kind = 'ServiceEntry', ...parts } = more;
  const metadata = { name: 'cart', namespace: 'shop', labels: { [LABELS.managedBy]: MANAGED_BY } };
  const full = { hosts: ['cart.global'], location: 'MESH_INTERNAL', addresses: ['240.64.0.1'], ports: [HTTP], ...spec };
  const object = withContentHash({ apiVersion: 'networking.istio.io/v1', kind, metadata, spec: full });
  return { side: 'client', host: 'cart.global', order: 30, object, ...parts };
};
const early = (wanted: RenderedObject): KubeObject | undefined => beforeItResolves(wanted)?.object;

describe('an entry before its address', () => {
  it('is none of owners, of no host, of another kind, or of what is outside the mesh', () => {
    expect(early(entry({}, { side: 'owner' }))).toBeUndefined();
    const { host: _, ...anonymous } = entry({});
    expect(early(anonymous)).toBeUndefined();
    expect(early(entry({}, { kind: 'VirtualService' }))).toBeUndefined();
    expect(early(entry({ location: 'MESH_EXTERNAL' }))).toBeUndefined();
    expect(early(entry({ addresses: [] }))).toBeUndefined();
    expect(early(entry({ addresses: undefined }))).toBeUndefined();
  });

  it('is none without a port of which requests name the host: it would take all traffic to its number', () => {
    for (const protocol of ['TCP', 'TLS', 'HTTPS', 'MONGO', 'MYSQL', ''])
      expect(early(entry({ ports: [{ ...TCP, protocol }] }))).toBeUndefined();
    for (const protocol of ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'])
      expect(early(entry({ ports: [{ ...HTTP, protocol }] }))?.spec).toMatchObject({ ports: [{ protocol }] });
  });

  it('has neither an address nor one by istiod, and is the same otherwise, with a hash of its own', () => {
    const wanted = entry({ exportTo: ['shop'], workloadSelector: { labels: { app: 'cart' } } });
    const object = early(wanted);
    const { addresses: _, ...spec } = wanted.object.spec as Record<string, unknown>;
    expect(object?.spec).toEqual(spec);
    expect(object?.metadata.labels).toEqual({
      [LABELS.managedBy]: MANAGED_BY,
      'networking.istio.io/enable-autoallocate-ip': 'false',
    });
    expect(object && renderedHash(object)).not.toBe(renderedHash(wanted.object));
    expect([object && standsUnresolved(object), standsUnresolved(wanted.object)]).toEqual([true, false]);
  });

  it('has no other ports, neither at its endpoints', () => {
    const endpoints = [{ address: '10.0.0.1', ports: { http: 15_443, tcp: 15_443 } }, { address: '10.0.0.2' }];
    expect(early(entry({ ports: [HTTP, TCP], endpoints }))?.spec).toMatchObject({
      ports: [HTTP],
      endpoints: [{ address: '10.0.0.1', ports: { http: 15_443 } }, { address: '10.0.0.2' }],
    });
  });

  it('is not what somebody took the address of', () => {
    const { object } = entry({ addresses: undefined });
    expect(standsUnresolved(object)).toBe(false);
    expect(standsUnresolved({ ...object, kind: 'Gateway' })).toBe(false);
  });
});
