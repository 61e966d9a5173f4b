import {
  byCodeUnit,
  HostPolicies,
  isDnsLabel,
  isDnsName,
  isLabelKey,
  isLabelValue,
  issue,
  serviceManifest,
  type HostEntry,
  type HostView,
  type Issue,
  type IssueCode,
  type MachineEntry,
  type MemberEntry,
} from '@isthmus/domain';
import { closedNamespaces } from './closed-namespaces.js';
import { withCordons } from './cordons.js';
import { isIpAddress, isLocality, isPort } from './catalog-values.js';
import { gnsRef } from './issue-refs.js';
import { isLeftBehind } from './left-domains.js';
import { callersHere } from './public/publications.js';
import type { ReachableCluster } from './reach.js';
import type { Scene } from './scene.js';

/** A member in another cluster that clients here may call. */
export interface RemoteMember {
  member: MemberEntry;
  cluster: ReachableCluster;
}

/** One host with the members that count in the rendering cluster. */
export interface HostScene {
  scene: Scene;
  host: HostEntry;
  /** The member of this cluster, whatever its state: the server side stays until it is gone. */
  local?: MemberEntry;
  /** The member of this cluster, if clients here may call it. */
  callable?: MemberEntry;
  /** Served members in clusters that can be reached, by cluster name. */
  remotes: RemoteMember[];
  /** Clusters of them that are called only if all others fail. */
  cordoned: ReadonlySet<string>;
  /** What policies say of the host, merged. */
  policies: HostPolicies;
  issues: Issue[];
}

/** A host that has a member in the rendering cluster. */
export type OwnedHost = HostScene & Required<Pick<HostScene, 'local'>>;

/** An issue of one host. */
export function hostIssue(
  scene: Scene,
  host: string,
  say: { code: IssueCode; message: string; member?: MemberEntry },
): Issue {
  const { member } = say;
  const place = member === undefined ? '' : `/member/${member.cluster}/${member.namespace}/${member.service}`;
  return issue(say.code, {
    resource: gnsRef(scene.gns),
    cluster: scene.self.name,
    path: `host/${host}${place}`,
    message: say.message,
    ...(member === undefined ? {} : { manifest: serviceManifest(member) }),
  });
}

function hostFault(view: HostView, domain: string): string | undefined {
  const { host, vip, ports } = view.host;
  if (!isDnsName(host)) return 'its host is not a DNS name';
  if (!host.endsWith(`.${domain}`) && !isLeftBehind(view, domain)) return `its host is not under the domain ${domain}`;
  if (!isIpAddress(vip)) return 'its virtual address is not an IP address';
  if (ports.length === 0) return 'it has no ports';
  if (!ports.every(({ number, name }) => isPort(number) && isDnsLabel(name)))
    return 'a port has no usable number or name';
  const numbers = new Set(ports.map(({ number }) => number));
  return numbers.size === ports.length ? undefined : 'a port number stands twice';
}

function memberFault(member: MemberEntry): string | undefined {
  if (!isDnsLabel(member.namespace) || !isDnsLabel(member.service)) return 'its namespace or name is not a DNS label';
  if (member.selector.length === 0) return 'its service selects no workload';
  if (!member.selector.every(({ name, value }) => isLabelKey(name) && isLabelValue(value)))
    return 'its selector is not one of labels';
  if (!(member.serviceAccounts ?? []).every(isDnsName)) return 'a service account is not a DNS name';
  if (!member.ports.every(({ number, targetPort }) => isPort(number) && isPort(targetPort)))
    return 'a port is out of range';
  return (member.machines ?? []).every(isUsableMachine) ? undefined : 'a machine of it cannot be an endpoint';
}

function isUsableMachine({
  site,
  name,
  address,
  serviceAccount,
  labels,
  locality,
  network,
  ports = [],
}: MachineEntry): boolean {
  return (
    [site, name].every(isDnsLabel) &&
    isIpAddress(address) &&
    isDnsName(serviceAccount) &&
    labels.every((label) => isLabelKey(label.name) && isLabelValue(label.value)) &&
    (locality === undefined || isLocality(locality)) &&
    (network === undefined || isLabelValue(network)) &&
    ports.every(({ targetPort }) => isPort(targetPort))
  );
}

const memberKey = ({ cluster, namespace, service }: MemberEntry) => `${cluster}/${namespace}/${service}`;

/** Usable members, one per cluster (the first by namespace and name), sorted; and issues about members of this cluster. */
function usableMembers(scene: Scene, { host, members }: HostView): { members: MemberEntry[]; issues: Issue[] } {
  const chosen = new Map<string, MemberEntry>();
  const issues: Issue[] = [];
  const tell = (code: IssueCode, member: MemberEntry, message: string) => {
    if (member.cluster === scene.self.name) issues.push(hostIssue(scene, host.host, { code, member, message }));
  };
  for (const member of [...members].sort((a, b) => byCodeUnit(memberKey(a), memberKey(b)))) {
    const fault = memberFault(member);
    const first = chosen.get(member.cluster);
    const closed = member.cluster === scene.self.name ? scene.self : scene.reachable.get(member.cluster);
    if (closed !== undefined && closedNamespaces(closed).has(member.namespace)) {
      tell(
        'ISM0315',
        member,
        `The member is left out, because namespace ${member.namespace} is the root namespace or holds an east-west gateway.`,
      );
    } else if (fault !== undefined) tell('ISM0310', member, `The member is left out, because ${fault}.`);
    else if (first === undefined) chosen.set(member.cluster, member);
    else
      tell('ISM0311', member, `The host already has the member ${first.namespace}/${first.service} in this cluster.`);
  }
  return { members: [...chosen.values()], issues };
}

const hasIdentity = ({ serviceAccounts = [] }: MemberEntry) => serviceAccounts.length > 0;

function reachableRemotes(scene: Scene, members: readonly MemberEntry[]): RemoteMember[] {
  return members.flatMap((member) => {
    const cluster = member.state === 'served' ? scene.reachable.get(member.cluster) : undefined;
    return cluster === undefined || member.ports.length === 0 ? [] : [{ member, cluster }];
  });
}

/**
 * A callee without known service account cannot be told from an impostor. Remote ones are then left out; if it is the
 * local one, clients stay with it alone, and Istio checks the identities of its pods itself.
 */
function identified(
  scene: Scene,
  found: { host: string; callable?: MemberEntry; remotes: RemoteMember[] },
): { remotes: RemoteMember[]; issues: Issue[] } {
  const { host, callable, remotes } = found;
  if (callable !== undefined && !hasIdentity(callable) && remotes.length > 0) {
    const message =
      'No service account is known behind the local member, so members in other clusters are not used here.';
    return { remotes: [], issues: [hostIssue(scene, host, { code: 'ISM0312', member: callable, message })] };
  }
  const unknown = remotes.filter(({ member }) => !hasIdentity(member));
  return {
    remotes: remotes.filter(({ member }) => hasIdentity(member)),
    issues: unknown.map(({ member }) =>
      hostIssue(scene, host, {
        code: 'ISM0312',
        member,
        message: 'No service account is known behind the member, so it is not used here.',
      }),
    ),
  };
}

/** Decides which members of a host count here; undefined with an issue if the host itself cannot be rendered. */
export function sceneOfHost(scene: Scene, view: HostView): HostScene | Issue {
  const { host } = view;
  const fault = hostFault(view, scene.gns.domain);
  if (fault !== undefined)
    return hostIssue(scene, host.host, { code: 'ISM0310', message: `The host is left out, because ${fault}.` });
  const { members, issues } = usableMembers(scene, view);
  const local = members.find(({ cluster }) => cluster === scene.self.name);
  const callable = local?.state === 'draining' || local?.ports.length === 0 ? undefined : local;
  const found = identified(scene, { host: host.host, callable, remotes: reachableRemotes(scene, members) });
  const policies = new HostPolicies(scene, view);
  const { told, ...who } = withCordons({ callable, remotes: found.remotes }, policies.features('cordon'));
  const cordonIssues =
    callersHere(scene, host.host).length === 0 ? [] : told.map((say) => hostIssue(scene, host.host, say));
  return {
    scene,
    host,
    ...(local === undefined ? {} : { local }),
    ...who,
    policies,
    issues: [...issues, ...found.issues, ...cordonIssues],
  };
}
