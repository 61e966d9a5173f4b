import {
  byCodeUnit,
  isDnsLabel,
  issue,
  type ClusterEntry,
  type GnsView,
  type Issue,
  type PublicEntry,
} from '@isthmus/domain';
import { istioSupport } from '../../support.js';

/** A public service at ingress gateways of the rendering cluster. */
export interface Publication {
  entry: PublicEntry;
  namespace: string;
  selector: PublicEntry['gateways'][number]['selector'];
}

/** What a cluster publishes. Plain values: it is part of what decides whether hosts are rendered again. */
export interface Publications {
  here: Publication[];
  /** Namespaces of ingress gateways here that call each host; sorted. */
  callers: Readonly<Record<string, readonly string[]>>;
  issues: Issue[];
}

/** Undefined: it can be published there. */
function shortfall({ entry: { project, name }, namespace }: Publication, self: ClusterEntry): Issue | undefined {
  const verdict = istioSupport(
    { kind: 'publicService', namespace },
    {
      ...{ mesh: 'istio', mode: self.mode ?? 'sidecar', gateway: (self.gateways ?? []).length > 0 },
      gatewayNamespaces: (self.gateways ?? []).map((one) => one.namespace),
      trustDomain: self.trustDomain,
      remoteTrustDomains: [],
    },
  );
  if (verdict.state === 'supported') return undefined;
  const cluster = self.name;
  const message = `PublicService ${project}/${name} is not published in ${cluster}, because namespace ${namespace} of the ingress gateway holds an east-west gateway: ${verdict.reason ?? ''}. ${verdict.alternative ?? ''}`;
  return issue('ISM0934', {
    resource: { kind: 'PublicService', project, name },
    cluster,
    path: 'spec.gateways',
    message,
  });
}

/** Namespaces of this cluster whose workloads and gateways call the host; sorted. */
export function callersHere(
  { consumers, publications }: { consumers: readonly string[]; publications: Pick<Publications, 'callers'> },
  host: string,
): string[] {
  const gateways = Object.hasOwn(publications.callers, host) ? (publications.callers[host] ?? []) : [];
  return [...new Set([...consumers, ...gateways])].sort(byCodeUnit);
}

/** Looks over all public services once. */
export function publicationsOf({ publics = [] }: Pick<GnsView, 'publics'>, self: ClusterEntry): Publications {
  const wanted = publics.flatMap((entry) =>
    entry.gateways
      .filter(({ clusters, namespace }) => clusters.includes(self.name) && isDnsLabel(namespace))
      .map(({ namespace, selector }): Publication => ({ entry, namespace, selector })),
  );
  const judged = wanted.map((publication) => ({ publication, fault: shortfall(publication, self) }));
  const here = judged.flatMap(({ publication, fault }) => (fault === undefined ? publication : []));
  const callers = new Map<string, Set<string>>();
  for (const { entry, namespace } of here)
    for (const { host } of entry.routes) callers.set(host, (callers.get(host) ?? new Set()).add(namespace));
  return {
    here,
    callers: Object.fromEntries([...callers].map(([host, names]) => [host, [...names].sort(byCodeUnit)])),
    issues: judged.flatMap(({ fault }) => fault ?? []),
  };
}
