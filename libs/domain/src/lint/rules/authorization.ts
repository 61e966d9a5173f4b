import { declaredProtocol } from '../../compile/port-protocol.js';
import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import type { AuthorizationRule } from '../../mesh-config/types.js';
import { coversCaller } from '../authorization-cover.js';
import { finding } from '../finding.js';
import { named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { HostedMember, LintSite, PlacedObject, RemoteCaller } from '../lint-site.js';
import { selectsMember } from '../member-workloads.js';

/** A workload with an ALLOW policy refuses whatever none of its ALLOW policies lets in. */
export const lintAllowPolicies: LintRule = (site) => {
  const allowing = site.of('AuthorizationPolicy').filter(({ object }) => object.action === 'ALLOW');
  if (allowing.length === 0 || site.callingClusters.length === 0) return [];
  const refused = new Map<PlacedObject, { hosts: string[]; callers: Set<string> }>();
  for (const member of site.members.values()) {
    const policies = allowing.filter((placed) => appliesTo(site, placed, member));
    const [first] = policies;
    const callers = first === undefined ? [] : refusedCallers(site, policies, member);
    if (first === undefined || callers.length === 0) continue;
    const known = refused.get(first) ?? { hosts: [], callers: new Set() };
    known.hosts.push(member.host);
    for (const { cluster, namespace } of callers) known.callers.add(`${namespace} in ${cluster}`);
    refused.set(first, known);
  }
  return [...refused].map(([placed, { hosts, callers }]) => {
    const message = `lets nobody of ${named([...callers].sort())} call ${named(hosts)}: what no ALLOW policy names is refused`;
    return finding('ISM0815', { site, placed }, { path: 'spec.rules', message });
  });
};

function appliesTo(site: LintSite, { namespace, object }: PlacedObject, member: HostedMember): boolean {
  const isInReach = namespace === member.namespace || namespace === site.rootNamespace;
  return isInReach && selectsMember(site, member, object.selector);
}

function refusedCallers(site: LintSite, policies: readonly PlacedObject[], member: HostedMember): RemoteCaller[] {
  return site
    .remoteCallers()
    .filter(({ accounts }) => accounts.length > 0)
    .filter((caller) => !policies.some(({ object }) => coversCaller(object, { caller, member, site })));
}

/** Protocols that declare not to be HTTP. */
const OPAQUE: ReadonlySet<string | undefined> = new Set(['TCP', 'TLS', 'HTTPS', 'MONGO', 'MYSQL', 'REDIS']);

/** What only HTTP has is never found on a TCP port: an ALLOW rule lets nothing in there, a DENY rule takes the rest of it for all. */
export const lintL7OnTcp: LintRule = (site) =>
  site.of('AuthorizationPolicy').flatMap((placed) =>
    (placed.object.rules ?? []).flatMap((rule, index): Issue[] => {
      if (rule.l7 !== true) return [];
      const hosts = [...site.members.values()].filter(
        (member) => hasOpaquePort(member, rule) && appliesTo(site, placed, member),
      );
      if (hosts.length === 0) return [];
      const message = `looks at requests of ${named(hosts.map(({ host }) => host))}, which has ports without HTTP`;
      return [finding('ISM0816', { site, placed }, { path: formatPath(['spec', 'rules', index]), message })];
    }),
  );

function hasOpaquePort({ service }: HostedMember, { ports }: AuthorizationRule): boolean {
  return service.ports.some(
    (port) =>
      OPAQUE.has(declaredProtocol(port)) &&
      (ports === undefined || (typeof port.targetPort === 'number' && ports.includes(port.targetPort))),
  );
}
