import type { FeatureKind } from '@isthmus/domain';
import {
  SUPPORT_EFFECTS,
  type IntentFeature,
  type PolicyFeature,
  type SupportFacts,
  type SupportVerdict,
} from '../support.js';
import {
  balancingSupport,
  corsSupport,
  faultsSupport,
  outlierSupport,
  poolSupport,
  retrySupport,
  routesSupport,
  timeoutSupport,
} from './support/requests.js';
import { externalSupport } from './support/external.js';
import { rateLimitSupport } from './support/raw-extensions.js';
import { publicSupport } from './support/public.js';
import { needsKind } from './support/served-kinds.js';
import { failoverSupport } from './support/failover.js';
import type { Shortfall } from './support/shortfall.js';

function anyFeature(
  { mode, gateway }: SupportFacts,
  { isOfServices }: { isOfServices: boolean },
): Shortfall | undefined {
  if (mode === 'ambient') {
    return {
      state: 'unsupported',
      reason: 'NEEDS_TOPOLOGY',
      fields: ['spec.mesh.mode'],
      alternative: 'Run the workloads with sidecars.',
    };
  }
  if (!gateway && isOfServices) {
    const alternative = 'Install an east-west gateway; without one, other clusters do not reach members here.';
    return { state: 'partial', reason: 'NEEDS_TOPOLOGY', fields: ['spec.gateways'], alternative };
  }
  return undefined;
}

function service(feature: Extract<IntentFeature, { kind: 'service' }>, facts: SupportFacts): Shortfall | undefined {
  if (facts.dnsCapture === false) {
    const alternative = 'Set proxyMetadata ISTIO_META_DNS_CAPTURE to "true", or answer the domain by other means.';
    return { state: 'partial', reason: 'NEEDS_OPTION', fields: ['host'], alternative };
  }
  if (feature.headless === true) {
    const alternative = 'Call the host as a whole; names of single pods stay inside their cluster.';
    return { state: 'partial', reason: 'WEAKER_SEMANTICS', fields: ['headless'], alternative };
  }
  return undefined;
}

function encryption(
  feature: Extract<IntentFeature, { kind: 'encryption' }>,
  facts: SupportFacts,
): Shortfall | undefined {
  if (feature.mode === 'DISABLE' && feature.remoteConsumers) {
    const alternative = 'Use PERMISSIVE: an east-west gateway passes mutual TLS only.';
    return { state: 'unsupported', reason: 'NEEDS_TOPOLOGY', fields: ['mode'], alternative };
  }
  const accepted = new Set([facts.trustDomain, ...(facts.acceptedTrustDomains ?? [])]);
  if (feature.remoteConsumers && facts.remoteTrustDomains.some((domain) => !accepted.has(domain))) {
    const alternative = 'Use one trust domain, or add the others to meshConfig.caCertificates[].trustDomains.';
    return { state: 'unsupported', reason: 'NEEDS_OPTION', fields: ['trustDomain'], alternative };
  }
  return undefined;
}

/** Who judges each feature of policies: total, so that a new one cannot be forgotten. */
const POLICY_SUPPORT: {
  readonly [K in FeatureKind]: (feature: PolicyFeature<K>, facts: SupportFacts) => Shortfall | undefined;
} = {
  timeout: timeoutSupport,
  retry: retrySupport,
  connectionPool: poolSupport,
  outlierDetection: outlierSupport,
  loadBalancing: balancingSupport,
  faults: faultsSupport,
  cors: corsSupport,
  egress: needsKind('Sidecar', 'egress'),
  accessLogs: needsKind('Telemetry', 'accessLogs'),
  tracing: needsKind('Telemetry', 'tracing'),
  metrics: needsKind('Telemetry', 'metrics'),
  failover: failoverSupport,
  cordon: () => undefined,
  routes: routesSupport,
  localRateLimit: rateLimitSupport,
  globalRateLimit: rateLimitSupport,
  // What Istio does only in part is closed where it is rendered, and told there.
  authorization: needsKind('AuthorizationPolicy', 'authorization'),
  requestAuthentication: (feature, facts) =>
    needsKind('RequestAuthentication', 'requestAuthentication')(feature, facts) ??
    needsKind('AuthorizationPolicy', 'requestAuthentication')(feature, facts),
};

function shortfall(feature: IntentFeature, facts: SupportFacts): Shortfall | undefined {
  const isOfServices = feature.kind === 'service' || feature.kind === 'encryption';
  const general = anyFeature(facts, { isOfServices });
  if (general !== undefined) return general;
  switch (feature.kind) {
    case 'service':
      return service(feature, facts);
    case 'encryption':
      return encryption(feature, facts);
    case 'externalService':
      return externalSupport(feature, facts);
    case 'machine':
      return needsKind('WorkloadEntry', 'workloads')(feature, facts);
    case 'publicService':
      return publicSupport(feature, facts);
    default:
      return POLICY_SUPPORT[feature.kind](feature as never, facts);
  }
}

/** What Istio can do of a feature in one cluster; what is unknown is not held against it, except trust, which fails closed. */
export function istioSupport(feature: IntentFeature, facts: SupportFacts): SupportVerdict {
  const effect = SUPPORT_EFFECTS[feature.kind];
  const found = shortfall(feature, facts);
  return found === undefined ? { state: 'supported', effect, fields: [] } : { ...found, effect };
}
