import { groupBy } from '../../core/group-by.js';
import {
  clustersOf,
  membersOf,
  MOST_SERVICES,
  sortedUnique,
  type Grouping,
  type PathModel,
  type PlacedService,
  type ServiceGroupModel,
  type TopologyRequest,
  type TopologyWorld,
} from './topology-model.js';

/** Most groups that stand for services; the smallest of more are told together. */
const MOST_GROUPS = 200;
const REST = 'rest';

/** Services that every filter leaves. */
export function matching(services: readonly PlacedService[], request: Omit<TopologyRequest, 'groupBy' | 'expand'>) {
  const { text = '', cluster, namespace, serviceGroup } = request;
  const wanted = text.toLowerCase();
  return services.filter(
    (service) =>
      service.host.host.host.includes(wanted) &&
      membersOf(service).some(
        (member) =>
          (cluster === undefined || member.cluster === cluster) &&
          (namespace === undefined || member.namespace === namespace),
      ) &&
      (serviceGroup === undefined || service.groups.includes(serviceGroup)),
  );
}

const KEYS: Readonly<Record<Grouping, (service: PlacedService) => string[]>> = {
  CLUSTER: clustersOf,
  NAMESPACE: (service) => sortedUnique(membersOf(service).map(({ namespace }) => namespace)),
  VERSION: (service) => {
    const versions = sortedUnique(membersOf(service).flatMap((member) => member.versions ?? []));
    return versions.length === 0 ? [''] : versions;
  },
};

/** What is told one by one, and what stands for the others: nothing, unless there are too many. */
export interface Shape {
  shown: PlacedService[];
  groups: ServiceGroupModel[];
}

/**
 * At most 200 services one by one. Of more, those of expanded groups come first, and the others are told by groups: each counts in every
 * group that it belongs to.
 */
export function shapeOf(services: readonly PlacedService[], { groupBy: grouping, expand }: TopologyRequest): Shape {
  if (services.length <= MOST_SERVICES) return { shown: [...services], groups: [] };
  const all = grouped(services, grouping);
  const opened = new Set(all.filter(({ id }) => expand.includes(id)).flatMap((group) => group.services));
  const shown = services.filter((service) => opened.has(service)).slice(0, MOST_SERVICES);
  const isShown = new Set(shown);
  const groups = all.map((group) => ({ ...group, services: group.services.filter((one) => !isShown.has(one)) }));
  return { shown, groups: groups.filter((group) => group.services.length > 0) };
}

function grouped(services: readonly PlacedService[], grouping: Grouping): ServiceGroupModel[] {
  const pairs = services.flatMap((service) => KEYS[grouping](service).map((key) => ({ key, service })));
  const byKey = [...groupBy(pairs, ({ key }) => key)].map(([key, list]): ServiceGroupModel => ({
    id: `group/${key}`,
    name: key === '' ? undefined : key,
    isRest: false,
    services: list.map(({ service }) => service),
  }));
  const isFew = byKey.length <= MOST_GROUPS;
  const bySize = byKey.sort((a, b) => b.services.length - a.services.length || (a.id < b.id ? -1 : 1));
  const kept = isFew ? bySize : bySize.slice(0, MOST_GROUPS - 1);
  const rest = isFew ? [] : [...new Set(bySize.slice(MOST_GROUPS - 1).flatMap((group) => group.services))];
  const sorted = kept.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return rest.length === 0 ? sorted : [...sorted, { id: REST, name: undefined, isRest: true, services: rest }];
}

/** Ways into each cluster that serves some of the services, from every other that calls. */
export function pathsOf(services: readonly PlacedService[], world: TopologyWorld): PathModel[] {
  const serving = new Map<string, number>();
  for (const service of services)
    for (const cluster of sortedUnique(served(service).map((member) => member.cluster)))
      serving.set(cluster, (serving.get(cluster) ?? 0) + 1);
  const callers = sortedUnique([...world.consumers, ...services.flatMap(clustersOf)]);
  return [...serving]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([to, count]) => ({
      to,
      from: callers.filter((cluster) => cluster !== to),
      gateways: world.clusters.get(to)?.entry.gateways?.length ?? 0,
      services: count,
    }))
    .filter(({ from }) => from.length > 0);
}

/** Members that clients may use. */
export const served = (service: PlacedService) => membersOf(service).filter(({ state }) => state === 'served');
