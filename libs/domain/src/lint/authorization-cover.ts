import type { AuthorizationRule, AuthorizationSource, MeshConfigObject } from '../mesh-config/types.js';
import { DEFAULT_CLUSTER_DOMAIN } from '../resources/defaults.js';
import type { HostedMember, LintSite, RemoteCaller } from './lint-site.js';
import { isMemberPort } from './member-workloads.js';

/** Who calls whom. */
export interface Call {
  caller: RemoteCaller;
  member: HostedMember;
  site: LintSite;
}

/**
 * True if an ALLOW policy lets some workload of the calling namespace in, as far as it is known: what it says of addresses, claims
 * or exceptions may let them in, and so may what is not told of it.
 */
export function coversCaller({ rules = [], cut }: MeshConfigObject, call: Call): boolean {
  return cut === true || rules.some((rule) => isAboutMember(rule, call.member) && fromCovers(rule, call));
}

/** True if a rule may be about a port of the member. */
export function isAboutMember({ ports }: AuthorizationRule, member: HostedMember): boolean {
  return ports === undefined || ports.some((port) => isMemberPort(member, port));
}

function fromCovers({ from }: AuthorizationRule, call: Call): boolean {
  return from === undefined || from.some((source) => sourceCovers(source, call));
}

function sourceCovers({ principals, namespaces }: AuthorizationSource, { caller, site }: Call): boolean {
  const isNamespace = namespaces === undefined || namespaces.some((pattern) => matches(pattern, caller.namespace));
  if (!isNamespace || principals === undefined) return isNamespace;
  return identities(caller, site).some((identity) => principals.some((pattern) => matches(pattern, identity)));
}

/** Principals of the caller; `cluster.local` in a policy also stands for the mesh's own trust domain and those that it accepts. */
function identities({ trustDomain, namespace, accounts }: RemoteCaller, { cluster, mesh }: LintSite): string[] {
  const own = [cluster.spec.trustDomain ?? DEFAULT_CLUSTER_DOMAIN, ...(mesh.acceptedTrustDomains ?? [])];
  const domains = own.includes(trustDomain) ? [trustDomain, DEFAULT_CLUSTER_DOMAIN] : [trustDomain];
  return accounts.flatMap((account) => domains.map((domain) => `${domain}/ns/${namespace}/sa/${account}`));
}

/** Istio's match of texts: exact, `prefix*`, `*suffix`, or `*` for whoever has an identity. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? text.endsWith(pattern.slice(1)) : text === pattern;
}
