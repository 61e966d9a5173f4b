import { byCodeUnit, type ClusterEntry, type GnsView, type MemberEntry } from '@isthmus/domain';

/** How the servers of one host in this cluster name themselves in metrics. */
export interface ObservedService {
  host: string;
  namespace: string;
  /** Istio's canonical service: by label where the selector of the service holds one, else taken to be the service's name. */
  canonicalService: string;
  /** Names under which servers report requests: the Kubernetes service, and the host itself. */
  destinations: string[];
}

/** Labels that name the canonical service, the first that is there wins. */
const CANONICAL_LABELS = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'] as const;

function canonicalService({ selector, service }: MemberEntry): string {
  const labels = new Map(selector.map(({ name, value }) => [name, value]));
  const label = CANONICAL_LABELS.find((name) => labels.has(name));
  return (label === undefined ? undefined : labels.get(label)) ?? service;
}

function observedService(member: MemberEntry, { clusterDomain }: ClusterEntry): ObservedService {
  const { host, namespace, service } = member;
  return {
    host,
    namespace,
    canonicalService: canonicalService(member),
    destinations: [`${service}.${namespace}.svc.${clusterDomain}`, host],
  };
}

/** The services of a global namespace whose servers run in this cluster, sorted by host; empty if the cluster is not known. */
export function observedServices(view: GnsView, cluster: string): ObservedService[] {
  const self = view.clusters.find(({ name }) => name === cluster);
  if (self === undefined) return [];
  return view.hosts
    .flatMap(({ members }) => members.filter((member) => member.cluster === cluster))
    .map((member) => observedService(member, self))
    .sort((a, b) => byCodeUnit(`${a.host} ${a.namespace}`, `${b.host} ${b.namespace}`));
}
