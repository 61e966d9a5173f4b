import { publicClusters } from '../compile/policies/public.js';
import { projectOf } from '../compile/policies/targets.js';
import { isWithin } from '../lint/gateway-places.js';
import { publicListeners, type PublicListener } from '../resources/policies/public-faults.js';
import type { PublicService } from '../resources/types.js';
import { ofKind, scopedName, type GnsReach, type World } from './world.js';

/** A public service at the ingress gateways of one cluster. */
export interface PublicPlace {
  service: PublicService;
  /** `<project>/<name>` of the service. */
  title: string;
  reach: GnsReach;
  /** Place of the gateway in the list of the spec. */
  index: number;
  cluster: string;
  namespace: string;
  selector: Readonly<Record<string, string>>;
  listeners: readonly PublicListener[];
}

/** The global namespace of a public service; undefined if there is none. */
export function reachOfPublic({ reaches }: Pick<World, 'reaches'>, service: PublicService): GnsReach | undefined {
  const wanted = `${projectOf(service)}/${service.spec.targets[0]?.globalNamespace ?? ''}`;
  return reaches.find(({ gns }) => scopedName(gns) === wanted);
}

/** Every public service in every cluster whose gateways are to serve it, by project and name of the service. */
export function publicPlaces(world: World): PublicPlace[] {
  const fleet = { clusters: [...world.clusters.values()], clusterGroups: [...world.groups] };
  const services = ofKind(world.resources, 'PublicService').map((service) => ({ service, title: scopedName(service) }));
  services.sort((a, b) => (a.title < b.title ? -1 : 1));
  return services.flatMap(({ service, title }) => {
    const reach = reachOfPublic(world, service);
    if (reach === undefined) return [];
    const listeners = publicListeners(service.spec);
    return service.spec.gateways.flatMap((gateway, index) =>
      publicClusters(gateway, reach.gns, fleet).map((cluster) => ({
        ...{ service, title, reach, index, cluster, listeners },
        namespace: gateway.namespace,
        selector: gateway.selector,
      })),
    );
  });
}

/** Labels of every known workload of a cluster. */
export function podLabels({ inventories }: World, cluster: string): Readonly<Record<string, string>>[] {
  return (inventories.get(cluster)?.namespaces ?? []).flatMap(({ workloads }) => workloads.map(({ labels }) => labels));
}

const sortedText = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

type Labels = Readonly<Record<string, string>>;

/** True if two selectors of one cluster mean the same pods: they are equal, or a known workload has the labels of both. */
export function meetAtPods(world: World, cluster: string, [a, b]: readonly [Labels, Labels | undefined]): boolean {
  if (b !== undefined && sortedText(a) === sortedText(b)) return true;
  return podLabels(world, cluster).some((labels) => isWithin(a, labels) && isWithin(b, labels));
}
