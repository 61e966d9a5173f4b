import type { Feature } from '../../intent/features/features.js';
import type { Policy, ScopedPolicyKind } from '../../resources/types.js';
import { egressFeatures } from './egress.js';
import { telemetryFeatures } from './telemetry.js';
import { failoverFeatures } from './failover.js';
import { accessFeatures } from './access.js';
import { authenticationFeatures } from './authentication.js';
import { trafficFeatures } from './traffic.js';

type PolicyOf<K extends ScopedPolicyKind> = Extract<Policy, { kind: K }>;

/** Policies whose targets have a scope, and whose blocks are merged. */
export type ScopedPolicy = PolicyOf<ScopedPolicyKind>;

/** What each kind of scoped policy asks for: pure, of the spec alone. */
const FEATURES_OF: { readonly [K in ScopedPolicyKind]: (spec: PolicyOf<K>['spec']) => Feature[] } = {
  EgressPolicy: egressFeatures,
  TelemetryPolicy: telemetryFeatures,
  TrafficPolicy: trafficFeatures,
  FailoverPolicy: failoverFeatures,
  AccessPolicy: accessFeatures,
  AuthenticationPolicy: authenticationFeatures,
};

/** True for policies whose blocks are merged by scope. */
export function isScopedPolicy(policy: Policy): policy is ScopedPolicy {
  return Object.hasOwn(FEATURES_OF, policy.kind);
}

function lower<K extends ScopedPolicyKind>(kind: K, spec: PolicyOf<K>['spec']): Feature[] {
  return FEATURES_OF[kind](spec);
}

/** The features that a policy asks for, without its targets. */
export function featuresOf({ kind, spec }: ScopedPolicy): Feature[] {
  return lower(kind, spec);
}
