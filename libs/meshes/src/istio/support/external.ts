import type { IntentFeature, SupportFacts } from '../../support.js';
import type { Shortfall } from './shortfall.js';

type External = Extract<IntentFeature, { kind: 'externalService' }>;

/** Sidecars take a Secret only for workloads of its own namespace that a rule selects: none can be named for all callers. A gateway takes those of its own namespace. */
export function externalSupport({ credential, gateway }: External, _facts: SupportFacts): Shortfall | undefined {
  if (credential === undefined || gateway === true) return undefined;
  const alternative =
    'Send it through an egress gateway (via), let the workload encrypt (protocol TLS or HTTPS), or use certificates that the system trusts.';
  return { state: 'unsupported', reason: 'NEEDS_TOPOLOGY', fields: ['tls.credential'], alternative };
}
