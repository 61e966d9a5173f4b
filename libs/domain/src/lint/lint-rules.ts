import type { MeshConfigKind } from '../mesh-config/types.js';
import type { LintRule } from './lint-rule.js';
import { lintAllowPolicies, lintL7OnTcp, lintOpenedHosts } from './rules/authorization.js';
import { lintDestinationRules } from './rules/destination-rules.js';
import { lintGateways } from './rules/gateways.js';
import { lintKubernetesHosts } from './rules/kubernetes-hosts.js';
import { lintPeerAuthentications } from './rules/peer-authentications.js';
import { lintServiceEntries } from './rules/service-entries.js';
import { lintSidecars } from './rules/sidecars.js';
import { lintVirtualServices } from './rules/virtual-services.js';

/** The rules that judge each kind: a kind without one does not compile. */
export const LINT_RULES: Readonly<Record<MeshConfigKind, readonly LintRule[]>> = {
  VirtualService: [lintVirtualServices],
  DestinationRule: [lintDestinationRules, lintKubernetesHosts],
  ServiceEntry: [lintServiceEntries],
  Sidecar: [lintSidecars],
  Gateway: [lintGateways],
  PeerAuthentication: [lintPeerAuthentications],
  AuthorizationPolicy: [lintAllowPolicies, lintOpenedHosts, lintL7OnTcp],
};
