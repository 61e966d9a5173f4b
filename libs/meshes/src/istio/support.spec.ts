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

describe('what Istio lacks', () => {
  const missing = (feature: IntentFeature, more: Partial<SupportFacts> = {}): string => {
    const { state, reason, fields } = supportOf(feature, { ...facts, ...more });
    return [state, reason, ...fields].join(' ');
  };
  const without = (kind: string): Partial<SupportFacts> => ({ unserved: [`security.istio.io/v1/${kind}`] });
  const limit = (...protocols: PortProtocol[]): IntentFeature => ({
    ...{ kind: 'localRateLimit', protocols, requests: 1, intervalMs: 1000, burst: 1 },
  });

  it('is nothing of a feature that it has', () => {
    expect(missing(service)).toBe('supported ');
  });

  it('is named by the fields of services and encryption that are dropped', () => {
    expect(missing(service, { mode: 'ambient' })).toBe('unsupported NEEDS_TOPOLOGY spec.mesh.mode');
    expect(missing(encryption('STRICT'), { gateway: false })).toBe('partial NEEDS_TOPOLOGY spec.gateways');
    expect(missing(service, { dnsCapture: false })).toBe('partial NEEDS_OPTION host');
    expect(missing({ ...service, kind: 'service', protocols: [], headless: true })).toBe(
      'partial WEAKER_SEMANTICS headless',
    );
    expect(missing(encryption('DISABLE'))).toBe('unsupported NEEDS_TOPOLOGY mode');
    expect(missing(encryption('STRICT'), { remoteTrustDomains: ['cluster.local', 'other.example'] })).toBe(
      'unsupported NEEDS_OPTION trustDomain',
    );
  });

  it('is no gateway where nothing between clusters is asked for', () => {
    expect(missing(failover('HTTP'), { gateway: false })).toBe('supported ');
  });

  it('is named by the fields of policies that are weaker', () => {
    const shares: IntentFeature = { kind: 'failover', protocols: ['HTTP'], mode: 'ACTIVE_ACTIVE' };
    expect(missing(shares, { locality: false })).toBe('partial NEEDS_OPTION failover.clusterWeights');
    expect(missing(failover('TCP'))).toBe('partial WEAKER_SEMANTICS protocols');
    expect(missing({ kind: 'timeout', protocols: ['TCP'], connectMs: 1000 })).toBe('supported ');
    expect(missing({ kind: 'timeout', protocols: ['TCP', 'HTTP'], requestMs: 1000 })).toBe(
      'partial WEAKER_SEMANTICS timeout.request',
    );
    const hashed = (hash: object): IntentFeature =>
      ({ kind: 'loadBalancing', protocols: ['TCP'], hash }) as IntentFeature;
    expect(missing(hashed({ sourceIP: true }))).toBe('supported ');
    expect(missing(hashed({ header: 'x-user' }))).toBe('unsupported WEAKER_SEMANTICS loadBalancing.hash');
    expect(missing({ kind: 'loadBalancing', protocols: ['TCP'] })).toBe('supported ');
    expect(missing({ kind: 'publicService', namespace: 'edge' }, { gatewayNamespaces: ['edge'] })).toBe(
      'unsupported NEEDS_TOPOLOGY gateways.namespace',
    );
    expect(missing({ kind: 'publicService', namespace: 'edge' })).toBe('supported ');
  });

  it('is the kind that a policy of access or of tokens needs, whichever of both it is', () => {
    const tokens: IntentFeature = { kind: 'requestAuthentication', protocols: ['HTTP'], issuers: [] };
    for (const kind of ['RequestAuthentication', 'AuthorizationPolicy'])
      expect(missing(tokens, without(kind))).toBe('unsupported NEEDS_VERSION requestAuthentication');
    expect(missing({ kind: 'authorization', protocols: ['HTTP'] }, without('AuthorizationPolicy'))).toBe(
      'unsupported NEEDS_VERSION authorization',
    );
    expect(missing({ kind: 'authorization', protocols: ['HTTP'] }, without('RequestAuthentication'))).toBe(
      'supported ',
    );
  });

  it('is permission for limits of rates, but requests before that', () => {
    const allowed: Partial<SupportFacts> = { rawExtensions: ['ENVOY_FILTER'] };
    expect(missing(limit('HTTP'))).toBe('unsupported RAW_EXTENSION localRateLimit');
    expect(missing(limit('HTTP'), allowed)).toBe('supported ');
    expect(missing(limit('TCP'))).toBe('unsupported WEAKER_SEMANTICS localRateLimit');
    expect(missing(limit('TCP', 'HTTP'))).toBe('unsupported RAW_EXTENSION localRateLimit');
    expect(missing(limit('TCP', 'HTTP'), allowed)).toBe('partial WEAKER_SEMANTICS localRateLimit');
    const denied = { ...allowed, denied: ['networking.istio.io/v1alpha3/EnvoyFilter'] };
    expect(missing(limit('HTTP'), denied)).toBe('unsupported RAW_EXTENSION localRateLimit');
  });
});
