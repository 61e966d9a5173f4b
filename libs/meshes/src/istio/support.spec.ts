import type { PortProtocol } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import type { IntentFeature, SupportFacts } from '../support.js';
import { supportOf } from '../registry.js';

const facts: SupportFacts = {
  mesh: 'istio',
  version: '1.30.3',
  gateway: true,
  trustDomain: 'cluster.local',
  remoteTrustDomains: ['cluster.local'],
};
const service: IntentFeature = { kind: 'service', protocols: ['HTTP'] };
const failover = (...protocols: PortProtocol[]): IntentFeature => ({ kind: 'failover', protocols });
const encryption = (mode: 'DISABLE' | 'PERMISSIVE' | 'STRICT', remoteConsumers = true): IntentFeature => ({
  kind: 'encryption',
  mode,
  remoteConsumers,
});
const verdict = (feature: IntentFeature, more: Partial<SupportFacts> = {}) => {
  const { state, reason, effect } = supportOf(feature, { ...facts, ...more });
  return [state, reason, effect];
};

describe('what Istio supports', () => {
  it('is nothing in ambient mode', () => {
    expect(verdict(service, { mode: 'ambient' })).toEqual(['unsupported', 'NEEDS_TOPOLOGY', 'DEGRADED']);
    expect(verdict(encryption('STRICT'), { mode: 'ambient' })).toEqual([
      'unsupported',
      'NEEDS_TOPOLOGY',
      'FAIL_CLOSED',
    ]);
  });

  it('is less without gateway, and says which field', () => {
    expect(supportOf(service, { ...facts, gateway: false })).toMatchObject({
      state: 'partial',
      fields: ['spec.gateways'],
    });
  });

  it('is less without DNS capture, but not where that is unknown', () => {
    expect(verdict(service, { dnsCapture: false })).toEqual(['partial', 'NEEDS_OPTION', 'DEGRADED']);
    expect(verdict(service)).toEqual(['supported', undefined, 'DEGRADED']);
    expect(verdict(service, { dnsCapture: true })).toEqual(['supported', undefined, 'DEGRADED']);
  });

  it('is less for headless services', () => {
    expect(verdict({ ...service, kind: 'service', protocols: [], headless: true })).toEqual([
      'partial',
      'WEAKER_SEMANTICS',
      'DEGRADED',
    ]);
  });

  it('is no threshold of healthy endpoints but that of Envoy', () => {
    const minHealthy = (value: number) => verdict({ kind: 'failover', protocols: ['HTTP'], minHealthy: value });
    expect(minHealthy(7_000)).toEqual(['partial', 'NOT_IN_MESH', 'DEGRADED']);
    expect(minHealthy(7_200)).toEqual(['partial', 'NOT_IN_MESH', 'DEGRADED']);
    expect(minHealthy(7_100)).toEqual(['supported', undefined, 'DEGRADED']);
  });

  it('is less for shares of clusters where the own locality is known to be missing', () => {
    const shares: IntentFeature = { kind: 'failover', protocols: ['HTTP'], mode: 'ACTIVE_ACTIVE' };
    expect(verdict(shares, { locality: false })).toEqual(['partial', 'NEEDS_OPTION', 'DEGRADED']);
    expect(verdict(shares)).toEqual(['supported', undefined, 'DEGRADED']);
    expect(verdict(failover('HTTP'), { locality: false })).toEqual(['supported', undefined, 'DEGRADED']);
  });

  it('is less for failover of ports whose requests are not visible', () => {
    expect(verdict(failover('HTTP', 'TCP'))).toEqual(['partial', 'WEAKER_SEMANTICS', 'DEGRADED']);
    expect(verdict(failover('TLS'))).toEqual(['partial', 'WEAKER_SEMANTICS', 'DEGRADED']);
    expect(verdict(failover('HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'))).toEqual(['supported', undefined, 'DEGRADED']);
  });

  it('is no plaintext between clusters', () => {
    expect(verdict(encryption('DISABLE'))).toEqual(['unsupported', 'NEEDS_TOPOLOGY', 'FAIL_CLOSED']);
    expect(verdict(encryption('DISABLE', false))).toEqual(['supported', undefined, 'FAIL_CLOSED']);
    expect(verdict(encryption('STRICT'))).toEqual(['supported', undefined, 'FAIL_CLOSED']);
  });

  it('is no foreign trust domain unless it is known to be accepted', () => {
    const foreign = { remoteTrustDomains: ['other.example'] };
    expect(verdict(encryption('STRICT'), foreign)).toEqual(['unsupported', 'NEEDS_OPTION', 'FAIL_CLOSED']);
    expect(verdict(encryption('STRICT', false), foreign)).toEqual(['supported', undefined, 'FAIL_CLOSED']);
    expect(verdict(encryption('STRICT'), { ...foreign, acceptedTrustDomains: ['other.example'] })).toEqual([
      'supported',
      undefined,
      'FAIL_CLOSED',
    ]);
  });

  it('is nothing of a mesh that cannot be rendered', () => {
    expect(verdict(service, { mesh: 'linkerd' })).toEqual(['unsupported', 'NOT_IN_MESH', 'DEGRADED']);
    expect(verdict(encryption('STRICT'), { mesh: 'consul' })).toEqual(['unsupported', 'NOT_IN_MESH', 'FAIL_CLOSED']);
  });
});
