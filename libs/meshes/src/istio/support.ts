import {
  SUPPORT_EFFECTS,
  type IntentFeature,
  type SupportFacts,
  type SupportReason,
  type SupportVerdict,
} from '../support.js';

/** Istio releases from which failover by label also orders endpoints behind DNS names. */
const LABEL_FAILOVER_BY_NAME = [1, 30] as const;

type Shortfall = { state: 'partial' | 'unsupported'; reason: SupportReason; fields: string[]; alternative: string };

function isOlder(version: string | undefined, [major, minor]: readonly [number, number]): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return false;
  const found = [Number(match[1]), Number(match[2])] as const;
  return found[0] < major || (found[0] === major && found[1] < minor);
}

function anyFeature({ mode, gateway }: SupportFacts): Shortfall | undefined {
  if (mode === 'ambient') {
    return {
      state: 'unsupported',
      reason: 'NEEDS_TOPOLOGY',
      fields: ['spec.mesh.mode'],
      alternative: 'Run the workloads with sidecars.',
    };
  }
  if (!gateway) {
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

const isName = (address: string) => !/^[\d.]+$/.test(address) && !address.includes(':');

function failover(feature: Extract<IntentFeature, { kind: 'failover' }>, facts: SupportFacts): Shortfall | undefined {
  if (!feature.remoteGateways.some(isName) || !isOlder(facts.version, LABEL_FAILOVER_BY_NAME)) return undefined;
  const alternative =
    'Run Istio 1.30 or newer, or give the gateways IP addresses: before, endpoints behind names are not ordered.';
  return { state: 'partial', reason: 'NEEDS_VERSION', fields: ['tiers'], alternative };
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

function shortfall(feature: IntentFeature, facts: SupportFacts): Shortfall | undefined {
  const general = anyFeature(facts);
  if (general !== undefined) return general;
  switch (feature.kind) {
    case 'service':
      return service(feature, facts);
    case 'failover':
      return failover(feature, facts);
    case 'encryption':
      return encryption(feature, facts);
  }
}

/** What Istio can do of a feature in one cluster; what is unknown is not held against it, except trust, which fails closed. */
export function istioSupport(feature: IntentFeature, facts: SupportFacts): SupportVerdict {
  const effect = SUPPORT_EFFECTS[feature.kind];
  const found = shortfall(feature, facts);
  return found === undefined ? { state: 'supported', effect, fields: [] } : { ...found, effect };
}
