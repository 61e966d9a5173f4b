import { FAILOVER_PRIORITY } from './locality.js';

/** The `localityLbSetting` of a destination rule: local members first, then clusters of the same region, then the rest. */
function localityLbSetting(): object {
  return { enabled: true, failoverPriority: FAILOVER_PRIORITY };
}

/** The `loadBalancer` of a destination rule. */
export function loadBalancer(): object {
  return { simple: 'LEAST_REQUEST', localityLbSetting: localityLbSetting() };
}
