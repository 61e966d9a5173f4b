import type { PolicyFeature, SupportFacts } from '../../support.js';
import { opaqueProtocols } from './requests.js';
import type { Shortfall } from './shortfall.js';

/** Envoy takes a tier for whole while 1 / 1.4 of its endpoints are healthy, and Istio has no field for it. */
const FIXED_MIN_HEALTHY = 7_100;

/** Shares are given to localities, so those of the own pods must be known; a threshold cannot be chosen. */
export function failoverSupport(
  { protocols, mode, minHealthy = FIXED_MIN_HEALTHY }: PolicyFeature<'failover'>,
  { locality }: SupportFacts,
): Shortfall | undefined {
  if (minHealthy !== FIXED_MIN_HEALTHY) {
    const alternative = 'Traffic spills over in proportion once less than 71 % of the endpoints of a tier are healthy.';
    return { state: 'partial', reason: 'NOT_IN_MESH', fields: ['failover.minHealthyPercent'], alternative };
  }
  if (mode === 'ACTIVE_ACTIVE' && locality === false) {
    const alternative =
      'Set spec.locality of the cluster: until then every endpoint counts alike, a local pod as much as a gateway.';
    return { state: 'partial', reason: 'NEEDS_OPTION', fields: ['failover.clusterWeights'], alternative };
  }
  if (opaqueProtocols(protocols).length === 0) return undefined;
  const alternative =
    'Give workloads a readiness probe: without requests to repeat, only failed connections and readiness lead away from a pod.';
  return { state: 'partial', reason: 'WEAKER_SEMANTICS', fields: ['protocols'], alternative };
}
