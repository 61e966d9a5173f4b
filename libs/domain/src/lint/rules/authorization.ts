import { declaredProtocol } from '../../compile/port-protocol.js';
import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import type { AuthorizationRule } from '../../mesh-config/types.js';
import { coversCaller, isAboutMember } from '../authorization-cover.js';
import { finding } from '../finding.js';
import { named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { HostedMember, LintSite, PlacedObject, RemoteCaller } from '../lint-site.js';
import { byNamespace, selectsMember } from '../member-workloads.js';

/** A workload with an ALLOW policy refuses whatever none of its ALLOW policies lets in. */
export const lintAllowPolicies: LintRule = (site) => {
  const allowing = site.of('AuthorizationPolicy').filter(({ object }) => object.action === 'ALLOW');
  if (allowing.length === 0 || site.callingClusters.length === 0) return [];
  const places = byNamespace(allowing);
  const refusing = callersRefusedBy(site);
  const refused = new Map<PlacedObject, Refused>();
  for (const member of site.members.values()) {
    const near = [...(places.get(member.namespace) ?? []), ...(places.get(site.rootNamespace) ?? [])];
    const policies = near.filter(({ object }) => selectsMember(site, member, object.selector));
    const [first] = policies;
    if (first !== undefined) note(refused, first, { host: member.host, callers: refusing(policies, member) });
  }
  return [...refused].map(([placed, { hosts, callers }]) => {
    const message = `lets nobody of ${named([...callers].sort())} call ${named(hosts)}: what no ALLOW policy names is refused`;
    return finding('ISM0815', { site, placed }, { path: 'spec.rules', message });
  });
};

/** ALLOW policies add up: one of a user lets in whom the access policies would have refused. */
export const lintOpenedHosts: LintRule = (site) =>
  site.of('AuthorizationPolicy').flatMap((placed): Issue[] => {
    if (placed.object.action !== 'ALLOW') return [];
    const closed = [...site.members.values()].filter(
      (member) => appliesTo(site, placed, member) && site.accessAt(member).closedBy.length > 0,
    );
    const rules = placed.object.rules ?? [];
    const index = rules.findIndex((rule) => closed.some((member) => isAboutMember(rule, member)));
    if (index < 0) return [];
    const opened = closed.filter((member) => rules.some((rule) => isAboutMember(rule, member)));
    const closing = [...new Set(opened.flatMap((member) => site.accessAt(member).closedBy))].sort();
    const message = `lets callers into ${named(opened.map(({ host }) => host))} beside AccessPolicy ${named(closing)}`;
    return [finding('ISM0818', { site, placed }, { path: formatPath(['spec', 'rules', index]), message })];
  });

interface Refused {
  hosts: string[];
  callers: Set<string>;
}

function note(
  refused: Map<PlacedObject, Refused>,
  placed: PlacedObject,
  { host, callers }: { host: string; callers: readonly RemoteCaller[] },
): void {
  if (callers.length === 0) return;
  const known = refused.get(placed) ?? { hosts: [], callers: new Set() };
  known.hosts.push(host);
  for (const { cluster, namespace } of callers) known.callers.add(`${namespace} in ${cluster}`);
  refused.set(placed, known);
}

function appliesTo(site: LintSite, { namespace, object }: PlacedObject, member: HostedMember): boolean {
  const isInReach = namespace === member.namespace || namespace === site.rootNamespace;
  return isInReach && selectsMember(site, member, object.selector);
}

type Refusing = (policies: readonly PlacedObject[], member: HostedMember) => readonly RemoteCaller[];

/** Members under the same policies with the same ports refuse the same callers: they are judged once. */
function callersRefusedBy(site: LintSite): Refusing {
  const known = new Map<string, readonly RemoteCaller[]>();
  return (policies, member) => {
    const names = policies.map(({ namespace, object }) => `${namespace}/${object.name}`);
    const access = site.accessAt(member);
    const key = JSON.stringify([names, member.service.ports.map(({ targetPort }) => targetPort), access.closedBy]);
    const callers =
      known.get(key) ??
      site
        .remoteCallers()
        .filter(({ accounts }) => accounts.length > 0)
        .filter((caller) => !access.mayAdmit(caller))
        .filter((caller) => !policies.some(({ object }) => coversCaller(object, { caller, member, site })));
    known.set(key, callers);
    return callers;
  };
}

/** Protocols that declare not to be HTTP. */
const OPAQUE: ReadonlySet<string | undefined> = new Set(['TCP', 'TLS', 'HTTPS', 'MONGO', 'MYSQL', 'REDIS']);

/** What only HTTP has is never found on a TCP port: an ALLOW rule lets nothing in there, a DENY rule takes the rest of it for all. */
export const lintL7OnTcp: LintRule = (site) =>
  site.of('AuthorizationPolicy').flatMap((placed) =>
    (placed.object.rules ?? []).flatMap((rule, index): Issue[] => {
      if (rule.l7 !== true) return [];
      const hosts = [...site.members.values()].filter(
        (member) => appliesTo(site, placed, member) && hasOpaquePort(member, rule),
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
