import type { PolicyFeature, SupportFacts } from '../../support.js';
import { kindName } from '../render/owned-object.js';
import { needsRequests } from './requests.js';
import { needsKind } from './served-kinds.js';
import type { Shortfall } from './shortfall.js';

/** EnvoyFilters change proxies past the API of the mesh: two people allow them, the owner of the record and who installs the agent. */
function needsEnvoyFilter(field: string, facts: SupportFacts): Shortfall | undefined {
  const { rawExtensions = [], denied = [] } = facts;
  const refused = (alternative: string): Shortfall => ({
    state: 'unsupported',
    reason: 'RAW_EXTENSION',
    fields: [field],
    alternative,
  });
  if (!rawExtensions.includes('ENVOY_FILTER'))
    return refused(
      'Istio limits rates by EnvoyFilter only: allow it with spec.mesh.rawExtensions [ENVOY_FILTER] of the cluster.',
    );
  if (denied.includes(kindName('EnvoyFilter')))
    return refused('The agent may not write EnvoyFilters: install it with rbac.envoyFilters true.');
  return needsKind('EnvoyFilter', field)(undefined, facts);
}

/** Limits count requests, and are raw extensions on Istio. */
export function rateLimitSupport(
  { kind, protocols }: PolicyFeature<'localRateLimit' | 'globalRateLimit'>,
  facts: SupportFacts,
): Shortfall | undefined {
  const requests = needsRequests(protocols, [kind]);
  return requests?.state === 'unsupported' ? requests : (needsEnvoyFilter(kind, facts) ?? requests);
}

/** True if EnvoyFilters may be rendered. */
export function mayMakeEnvoyFilters(facts: SupportFacts): boolean {
  return needsEnvoyFilter('', facts) === undefined;
}
