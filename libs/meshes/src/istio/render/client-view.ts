import { byCodeUnit, type HostPort, type MemberEntry } from '@isthmus/domain';
import { closedNamespaces } from './closed-namespaces.js';
import { failoverOrder, type FailoverOrder } from './failover-order.js';
import type { HostScene, RemoteMember } from './host-members.js';
import { callersHere } from './public/publications.js';
import { portsAmong } from './service-ports.js';

/** Members of other clusters that serve the same ports, and so share a service entry. */
export interface RemoteGroup {
  ports: HostPort[];
  members: RemoteMember[];
}

/** What clients in this cluster see of a host. */
export interface ClientView {
  hostScene: HostScene;
  /** Where its objects live: beside the pods, because a selector sees its own namespace only; without pods, with the agent. */
  namespace: string;
  /** Namespaces of consumers, and of ingress gateways that publish the host. */
  exportTo: string[];
  /** The ports on offer, by number. */
  ports: HostPort[];
  callable?: MemberEntry;
  groups: RemoteGroup[];
  /** How clients choose among local members and other clusters. */
  order: FailoverOrder;
  /** SPIFFE identities that may answer, of all members; empty: Istio takes those of the local pods. */
  subjectAltNames: string[];
}

function offeredPorts({ host, callable, remotes }: HostScene): HostPort[] {
  const from = callable === undefined ? remotes.map(({ member }) => member) : [callable];
  return portsAmong(
    host,
    from.flatMap(({ ports }) => ports.map(({ number }) => number)),
  );
}

/**
 * istiod joins service entries of one host in one namespace, but takes the ports of the oldest kind (with or without
 * selector). So both kinds must offer the same ports: a port that no remote member serves goes to the first group,
 * whose gateways refuse it.
 */
function groupByPorts(remotes: readonly RemoteMember[], ports: readonly HostPort[]): RemoteGroup[] {
  const groups = new Map<string, RemoteGroup>();
  for (const remote of remotes) {
    const numbers = new Set(remote.member.ports.map(({ number }) => number));
    const served = ports.filter(({ number }) => numbers.has(number));
    if (served.length === 0) continue;
    const key = served.map(({ number }) => String(number).padStart(5, '0')).join(' ');
    const group = groups.get(key) ?? { ports: served, members: [] };
    group.members.push(remote);
    groups.set(key, group);
  }
  const sorted = [...groups]
    .sort(([a], [b]) => b.split(' ').length - a.split(' ').length || byCodeUnit(a, b))
    .map(([, group]) => group);
  const [first, ...rest] = sorted;
  if (first === undefined) return [];
  const covered = new Set(sorted.flatMap((group) => group.ports));
  const complete = ports.filter((port) => first.ports.includes(port) || !covered.has(port));
  return [{ ...first, ports: complete }, ...rest];
}

function identities({ scene, callable, remotes }: HostScene): string[] {
  const spiffe = (trustDomain: string, member: MemberEntry) =>
    (member.serviceAccounts ?? []).map((account) => `spiffe://${trustDomain}/ns/${member.namespace}/sa/${account}`);
  const all = [
    ...(callable === undefined ? [] : spiffe(scene.self.trustDomain, callable)),
    ...remotes.flatMap(({ member, cluster }) => spiffe(cluster.trustDomain, member)),
  ];
  return [...new Set(all)].sort(byCodeUnit);
}

/** The client's view of a host here; undefined if nobody here may call, or nobody can be called. */
export function clientView(hostScene: HostScene): ClientView | undefined {
  const { scene, local, callable, remotes } = hostScene;
  const ports = offeredPorts(hostScene);
  const namespace = local?.namespace ?? scene.agentNamespace;
  const exportTo = callersHere(scene, hostScene.host.host);
  if (exportTo.length === 0 || ports.length === 0 || closedNamespaces(scene.self).has(namespace)) return undefined;
  return {
    hostScene,
    namespace,
    exportTo,
    ports,
    ...(callable === undefined ? {} : { callable }),
    groups: groupByPorts(remotes, ports),
    order: failoverOrder(hostScene),
    subjectAltNames: identities(hostScene),
  };
}
